import * as z from 'zod';
import type { Clock } from '../../core/base/clock.ts';
import { givenFileJson } from './given-files.ts';
import { elementsOf, type FileOf, type RawValue, type RawValues, viewState } from './input-state.ts';
import type { ActionSource, Outcome } from './page-api/page-protocol.ts';
import { appMentionEvent, commandForm, escapeMentions, homeOpenedEvent, interactionBase } from './payloads.ts';
import { type FrontAnswer, sendSigned } from './signed-request.ts';
import { conversationOf, maySee } from './store/conversation.ts';
import { type BlockJson, type Channel, slackbot, type User, type View } from './store/workspace.ts';
import { parseJson } from './web-api/http.ts';
import { type MethodContext, messageJson } from './web-api/method.ts';
import { viewJson } from './web-api/methods-views.ts';
import { applyPayload } from './web-api/response-url.ts';

/** Where the app takes requests. */
export type DeliveryUrls = {
  readonly commandUrl: string;
  readonly interactivityUrl: string;
  readonly eventsUrl: string;
};

const done: Outcome = { ok: true };
const no = (error: string): Outcome => ({ ok: false, error });

/** Slack knows more answers to a submission; this app keeps a form open with errors, or closes it. */
const submissionAnswer = z.object({
  response_action: z.literal('errors'),
  errors: z.record(z.string(), z.string()),
});

/** What people do in the workspace, carried to the app as Slack carries it: signed, with three seconds to answer. */
export const createInteractions = (
  context: MethodContext & {
    readonly clock: Clock;
    readonly signingSecret: string;
    readonly deliver: () => DeliveryUrls;
    readonly ackMilliseconds: number;
    readonly responseUrl: (key: string) => string;
  },
) => {
  const { store, tickets, workspace } = context;
  const fileOf: FileOf = (id) => givenFileJson(id, context);
  const send = (url: string, contentType: string, body: string): Promise<FrontAnswer> =>
    sendSigned(
      { url, contentType, body },
      { signingSecret: context.signingSecret, clock: context.clock, timeoutMs: context.ackMilliseconds },
    );
  const sendPayload = (payload: unknown): Promise<FrontAnswer> =>
    send(
      context.deliver().interactivityUrl,
      'application/x-www-form-urlencoded',
      new URLSearchParams({ payload: JSON.stringify(payload) }).toString(),
    );
  const whisper = (channel: Channel, user: User, text: string): void =>
    void store.add({ channel: channel.id, author: slackbot, text, blocks: [], visibleTo: user.id });

  const runCommand = async (user: User, channel: Channel, text: string): Promise<Outcome> => {
    const [name = '', ...rest] = text.trim().split(/(?<=^\S+)\s+/);
    if (name !== workspace.command) {
      whisper(
        channel,
        user,
        `\`${name}\` is not a valid command. The command of this workspace is \`${workspace.command}\`.`,
      );
      return done;
    }
    const target = { channel: channel.id, userId: user.id };
    const answer = await send(
      context.deliver().commandUrl,
      'application/x-www-form-urlencoded',
      commandForm(context, {
        user,
        channel,
        text: escapeMentions(rest.join(' '), context),
        responseUrl: context.responseUrl(tickets.issueResponseUrl(target)),
        triggerId: tickets.issueTrigger(user.id),
      }),
    );
    if (!answer.ok) {
      whisper(channel, user, `\`${name}\` failed with the error "dispatch_failed": ${answer.reason}.`);
      return done;
    }
    if (answer.body.trim() === '') return done;
    const json = parseJson(answer.body);
    const payload =
      typeof json === 'object' && json !== null ? Object.fromEntries(Object.entries(json)) : { text: answer.body };
    const shown = applyPayload({ ...payload, replace_original: false }, target, context);
    if (!shown.ok)
      whisper(channel, user, `\`${name}\` answered with a message that Slack does not take: ${shown.error}.`);
    return done;
  };

  const sourceOf = (user: User, source: ActionSource) => {
    if ('viewId' in source) {
      const found = store.findView(({ id }) => id === source.viewId);
      return found?.userId === user.id ? { view: found.view, blocks: found.view.blocks } : undefined;
    }
    const message = store.find(source.channel, source.ts);
    return message !== undefined && maySee(message, user.id) ? { message, blocks: message.blocks } : undefined;
  };

  const press = async (
    user: User,
    source: ActionSource,
    given: {
      readonly blockId: string;
      readonly actionId: string;
      readonly value: RawValue;
      readonly values: RawValues;
    },
  ): Promise<Outcome> => {
    const from = sourceOf(user, source);
    const block = from?.blocks.find(({ block_id: id }) => id === given.blockId);
    const element =
      block === undefined ? undefined : elementsOf(block).find(({ action_id: id }) => id === given.actionId);
    if (from === undefined || element?.type !== 'button') return no('This message has changed since: look again.');
    const { confirm: _, ...shown } = element;
    const action = {
      ...shown,
      block_id: given.blockId,
      action_ts: (context.clock.now() / 1000).toFixed(6),
    };
    const answer = await sendPayload({
      type: 'block_actions',
      ...interactionBase(context, user),
      trigger_id: tickets.issueTrigger(user.id),
      state: { values: viewState(from.blocks, given.values, fileOf).values },
      actions: [action],
      ...whence(user, from, given.values),
    });
    return answer.ok ? done : no(`That did not work: ${answer.reason}.`);
  };

  const whence = (user: User, from: NonNullable<ReturnType<typeof sourceOf>>, values: RawValues) => {
    if (from.view !== undefined) {
      return {
        container: { type: 'view', view_id: from.view.id },
        view: viewJson(from.view, workspace, viewState(from.view.blocks, values, fileOf).values),
      };
    }
    const { message } = from;
    const channel = conversationOf(workspace, message.channel);
    const isEphemeral = message.visibleTo !== undefined;
    return {
      container: { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral: isEphemeral },
      channel: { id: message.channel, name: channel?.name ?? '' },
      ...(isEphemeral ? {} : { message: messageJson(message, workspace) }),
      response_url: context.responseUrl(
        tickets.issueResponseUrl({ channel: message.channel, userId: user.id, messageTs: message.ts }),
      ),
    };
  };

  const closeView = (user: User, view: View): void =>
    store.setViews(user.id, view.clear_on_close ? [] : store.views(user.id).filter(({ id }) => id !== view.id));

  const submit = async (user: User, viewId: string, values: RawValues): Promise<Outcome> => {
    const view = store.views(user.id).find(({ id }) => id === viewId);
    if (view === undefined) return no('This form is no longer open.');
    const state = viewState(view.blocks, values, fileOf);
    if (Object.keys(state.errors).length > 0) return { ok: false, errors: state.errors };
    const answer = await sendPayload({
      type: 'view_submission',
      ...interactionBase(context, user),
      trigger_id: tickets.issueTrigger(user.id),
      view: viewJson(view, workspace, state.values),
      response_urls: [],
    });
    if (!answer.ok) return no(`We had some trouble connecting: ${answer.reason}. Try again?`);
    if (answer.body.trim() === '') {
      closeView(user, view);
      return done;
    }
    const parsed = submissionAnswer.safeParse(parseJson(answer.body));
    if (!parsed.success) return no('The app answered with something that Slack does not take.');
    const { errors } = parsed.data;
    const unknown = unknownBlocks(errors, view.blocks);
    return {
      ok: false,
      errors,
      ...(unknown.length === 0
        ? {}
        : { error: `The app names fields that this form does not have: ${unknown.join(', ')}` }),
    };
  };

  const close = async (user: User, viewId: string): Promise<Outcome> => {
    const view = store.views(user.id).find(({ id }) => id === viewId);
    if (view === undefined) return done;
    closeView(user, view);
    if (!view.notify_on_close) return done;
    const answer = await sendPayload({
      type: 'view_closed',
      ...interactionBase(context, user),
      view: viewJson(view, workspace),
      is_cleared: false,
    });
    return answer.ok ? done : no(`The app did not get it: ${answer.reason}.`);
  };

  const openHome = async (user: User): Promise<Outcome> => {
    const answer = await send(context.deliver().eventsUrl, 'application/json', homeOpenedEvent(context, user));
    return answer.ok ? done : no(`The app's home may be out of date: ${answer.reason}.`);
  };

  /** A line without a slash is a message to the others, or to the bot where it is mentioned. */
  const say = async (user: User, channel: Channel, text: string, threadTs?: string): Promise<Outcome> => {
    const { bot } = workspace;
    const mention = `<@${bot.userId}>`;
    const said = text.replaceAll(`@${bot.name}`, mention);
    const thread = threadTs === undefined ? {} : { threadTs };
    const message = store.add({ channel: channel.id, author: user.id, text: said, blocks: [], ...thread });
    if (!said.includes(mention) || !channel.botIsMember) return done;
    const event = appMentionEvent(context, user, { ...message, text: escapeMentions(said, context) });
    const answer = await send(context.deliver().eventsUrl, 'application/json', event);
    return answer.ok ? done : no(`The app did not get it: ${answer.reason}.`);
  };

  return { runCommand, press, submit, close, openHome, say };
};

export type Interactions = ReturnType<typeof createInteractions>;

const unknownBlocks = (errors: Readonly<Record<string, string>>, blocks: readonly BlockJson[]): readonly string[] =>
  Object.keys(errors).filter((id) => !blocks.some((block) => block.block_id === id && block.type === 'input'));
