import { signatureOf } from '../../lib/local/slack/signed-request.ts';
import { directChannel } from '../../lib/local/slack/store/conversation.ts';
import type { StoredMessage } from '../../lib/local/slack/store/workspace.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { localPeople } from '../../lib/local/workspace-seed.ts';

/** One signed request, ready to be sent, and to be sent again to the letter. */
export type SignedRequest = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

export type Ack = { readonly status: number; readonly text: string; readonly milliseconds: number };

/** Someone in the local workspace who types commands, over HTTP and signed as Slack signs them. */
export const workspaceClient = (
  workspace: LocalWorkspace,
  userId: string,
  channel: (typeof localPeople.channels)[number]['id'] = localPeople.channels[0].id,
) => {
  const user = localPeople.users.find(({ id }) => id === userId);
  if (user === undefined) throw new RangeError(`the local workspace has no user ${userId}`);

  const sign = (text: string): SignedRequest => {
    const body = new URLSearchParams({
      team_id: localPeople.team.id,
      team_domain: localPeople.team.domain,
      channel_id: channel,
      channel_name: localPeople.channels.find(({ id }) => id === channel)?.name ?? '',
      user_id: user.id,
      user_name: user.name,
      command: localPeople.command,
      text,
      api_app_id: localPeople.bot.appId,
      response_url: workspace.slack.issueResponseUrl(channel, user.id),
      trigger_id: `${Date.now()}.0`,
    }).toString();
    const timestamp = String(Math.floor(Date.now() / 1000));
    return {
      body,
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signatureOf(workspace.signingSecret, timestamp, body),
      },
    };
  };

  const send = async ({ body, headers }: SignedRequest): Promise<Ack> => {
    const began = performance.now();
    const response = await fetch(workspace.requestUrl, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(10_000),
    });
    return { status: response.status, text: await response.text(), milliseconds: performance.now() - began };
  };

  return { sign, send, say: (text: string): Promise<Ack> => send(sign(text)) };
};

/** The first message in the local Slack that fits, as soon as it is there; rejects after `milliseconds`. */
export const untilMessage = (
  workspace: LocalWorkspace,
  what: string,
  fits: (message: StoredMessage) => boolean,
  milliseconds = 45_000,
): Promise<StoredMessage> =>
  new Promise((resolve, reject) => {
    const { store } = workspace.slack;
    const conversations = [...localPeople.channels, ...localPeople.users.map(directChannel)];
    const standing = conversations.flatMap(({ id }) => store.messages(id)).find(fits);
    if (standing !== undefined) return resolve(standing);
    const timer = setTimeout(() => {
      unsubscribe();
      reject(new Error(`${what} did not come within ${milliseconds} ms`));
    }, milliseconds);
    const unsubscribe = store.subscribe((event) => {
      if (event.kind !== 'message' || !fits(event.message)) return;
      clearTimeout(timer);
      unsubscribe();
      resolve(event.message);
    });
  });
