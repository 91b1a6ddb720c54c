import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { PostalPanel } from '../../postal/panel-protocol.ts';
import type { Interactions } from '../interactions.ts';
import { conversationOf, directChannel, mayRead, maySee } from '../store/conversation.ts';
import type { StoreEvent } from '../store/store.ts';
import { isPicture } from '../store/stored-file.ts';
import type { User } from '../store/workspace.ts';
import { parseJson, readText, sendJson } from '../web-api/http.ts';
import type { MethodContext } from '../web-api/method.ts';
import { actOnMachine } from './machine-api.ts';
import type { Machine } from './machine-protocol.ts';
import {
  type ChannelPage,
  type FirstStep,
  messagesAPage,
  type Outcome,
  type PageEvent,
  type PageState,
} from './page-protocol.ts';

const heartbeatMs = 15_000;

const raw = z.string().nullable();
const rawValues = z.record(z.string(), z.record(z.string(), raw));
const user = z.string();
const requests = {
  say: z.object({
    user,
    channel: z.string(),
    text: z.string().min(1).max(12_000),
    threadTs: z.string().exactOptional(),
  }),
  action: z.object({
    user,
    source: z.union([z.object({ channel: z.string(), ts: z.string() }), z.object({ viewId: z.string() })]),
    blockId: z.string(),
    actionId: z.string(),
    value: raw,
    values: rawValues,
  }),
  submit: z.object({ user, viewId: z.string(), values: rawValues }),
  close: z.object({ user, viewId: z.string() }),
  home: z.object({ user }),
};

/** The JSON and the event stream behind the workspace page. */
export const createPageApi = (
  context: MethodContext & {
    readonly commandTable: unknown;
    readonly firstSteps: readonly FirstStep[];
    readonly machine: Machine | undefined;
    readonly postal: PostalPanel | undefined;
  },
  interactions: Interactions,
) => {
  const { store, workspace, machine, postal } = context;
  const streams = new Set<ServerResponse>();
  const userOf = (id: string | null | undefined): User | undefined =>
    workspace.users.find((candidate) => candidate.id === id);

  const channelPage = (channelId: string, userId: string, before = Number.POSITIVE_INFINITY): ChannelPage => {
    const all = store.messages(channelId).filter((message) => maySee(message, userId) && Number(message.ts) < before);
    return { messages: all.slice(-messagesAPage), hasEarlier: all.length > messagesAPage };
  };

  const stateFor = (me: User): PageState => ({
    team: workspace.team,
    bot: workspace.bot,
    command: workspace.command,
    me,
    users: workspace.users,
    userGroups: workspace.userGroups,
    channels: workspace.channels,
    direct: directChannel(me),
    firstSteps: context.firstSteps,
    pages: Object.fromEntries([...workspace.channels, directChannel(me)].map(({ id }) => [id, channelPage(id, me.id)])),
    views: store.views(me.id),
    home: store.home(me.id) ?? null,
    machine: machine?.state() ?? null,
    postal: postal?.state() ?? null,
  });

  const eventFor = (event: StoreEvent, me: User): PageEvent | undefined => {
    switch (event.kind) {
      case 'message':
        return maySee(event.message, me.id) ? { kind: 'message', message: event.message } : undefined;
      case 'deleted':
        return maySee(event.message, me.id)
          ? { kind: 'deleted', channel: event.message.channel, ts: event.message.ts }
          : undefined;
      case 'views':
        return event.userId === me.id ? { kind: 'views', views: store.views(me.id) } : undefined;
      case 'home':
        return event.userId === me.id ? { kind: 'home', home: store.home(me.id) ?? null } : undefined;
    }
  };

  const stream = (me: User, response: ServerResponse): void => {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    response.write('retry: 500\n\n');
    const send = (event: PageEvent | undefined): void => {
      if (event !== undefined) response.write(`data: ${JSON.stringify(event)}\n\n`);
    };
    const unsubscribe = store.subscribe((change) => send(eventFor(change, me)));
    const forget = [
      machine?.subscribe(() => send({ kind: 'machine', machine: machine.state() })),
      postal?.subscribe(() => send({ kind: 'postal', postal: postal.state() })),
    ];
    const heartbeat = setInterval(() => response.write(':\n\n'), heartbeatMs);
    streams.add(response);
    response.on('close', () => {
      unsubscribe();
      for (const unsubscribeFrom of forget) unsubscribeFrom?.();
      clearInterval(heartbeat);
      streams.delete(response);
    });
  };

  const act = async (name: string, body: unknown): Promise<Outcome | undefined> => {
    const whole = z.object({ user }).safeParse(body);
    const me = userOf(whole.data?.user);
    if (me === undefined) return { ok: false, error: 'no such user in this workspace' };
    switch (name) {
      case 'say': {
        const request = requests.say.safeParse(body);
        const channel = conversationOf(workspace, request.data?.channel);
        if (!request.success || channel === undefined || !mayRead(channel.id, me.id))
          return { ok: false, error: 'say takes a channel and a text of 1 to 12,000 characters' };
        const { text, threadTs } = request.data;
        return text.startsWith('/')
          ? interactions.runCommand(me, channel, text)
          : interactions.say(me, channel, text, threadTs);
      }
      case 'action': {
        const request = requests.action.safeParse(body);
        return request.success
          ? interactions.press(me, request.data.source, request.data)
          : { ok: false, error: z.prettifyError(request.error) };
      }
      case 'submit': {
        const request = requests.submit.safeParse(body);
        return request.success
          ? interactions.submit(me, request.data.viewId, request.data.values)
          : { ok: false, error: z.prettifyError(request.error) };
      }
      case 'close': {
        const request = requests.close.safeParse(body);
        return request.success
          ? interactions.close(me, request.data.viewId)
          : { ok: false, error: z.prettifyError(request.error) };
      }
      case 'home':
        return interactions.openHome(me);
      default:
        return postal?.act(name, body) ?? (machine === undefined ? undefined : actOnMachine(machine, name, body));
    }
  };

  /** A picture to look at, anything else to keep. */
  const sendFile = async (id: string, response: ServerResponse): Promise<void> => {
    const file = store.file(id);
    const bytes = file === undefined ? undefined : await context.files.read(id);
    if (file === undefined || bytes === undefined) return sendJson(response, 404, { ok: false, error: 'no such file' });
    response.writeHead(200, {
      'content-type': isPicture(file) ? file.mimeType : 'application/octet-stream',
      'content-disposition': `${isPicture(file) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.name)}`,
      'content-length': bytes.length,
      'content-security-policy': "default-src 'none'",
      'x-content-type-options': 'nosniff',
    });
    response.end(bytes);
  };

  const get = async (name: string, query: URLSearchParams, response: ServerResponse): Promise<void> => {
    const me = userOf(query.get('user')) ?? workspace.users[0];
    if (name === 'commands.json') sendJson(response, 200, context.commandTable ?? []);
    else if (me === undefined) sendJson(response, 404, { ok: false, error: 'this workspace has no users' });
    else if (name === 'state') sendJson(response, 200, stateFor(me));
    else if (name === 'events') stream(me, response);
    else if (name === 'file') await sendFile(query.get('id') ?? '', response);
    else if (name === 'messages') {
      const before = Number(query.get('before') ?? Number.POSITIVE_INFINITY);
      sendJson(response, 200, channelPage(query.get('channel') ?? '', me.id, before));
    } else sendJson(response, 404, { ok: false, error: 'no such thing' });
  };

  return {
    handle: async (
      name: string,
      query: URLSearchParams,
      request: IncomingMessage,
      response: ServerResponse,
    ): Promise<void> => {
      if (request.method === 'GET') return get(name, query, response);
      // A page of another origin cannot send this content type without asking first, and is never told yes.
      if (request.headers['content-type']?.startsWith('application/json') !== true)
        return sendJson(response, 415, { ok: false, error: 'send application/json' });
      const outcome = await act(name, parseJson(await readText(request)));
      return outcome === undefined
        ? sendJson(response, 404, { ok: false, error: 'no such thing' })
        : sendJson(response, 200, outcome);
    },
    close: (): void => {
      for (const response of streams) response.end();
    },
  };
};
