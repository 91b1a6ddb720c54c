import { randomUUID } from 'node:crypto';
import { signatureOf } from '../../lib/local/slack/signed-request.ts';
import { localPeople } from '../../lib/local/workspace-seed.ts';
import { beyondOnePage } from './one-page.ts';
import { monotonicMs, openWithin } from './open-requests.ts';
import type { Setting } from './setting.ts';
import type { Shown } from './start-emulators.ts';

const [channel] = localPeople.channels;
const [maria] = localPeople.users;
const withinMs = 60_000;

/** One command: from the request to the first answer that its person sees, and for how much of that a request to an emulator was open. Milliseconds. */
export type Sample = {
  readonly tookMs: number;
  readonly emulatorMs: number;
  /** Requests to the emulators until the answer. */
  readonly requests: readonly string[];
};

/** What is measured, as somebody types it, and what its answer has to contain; `home` opens the App Home. */
export type Asked = { readonly text: string; readonly answers: RegExp };

const commandForm = (text: string, responseUrl: string): string =>
  new URLSearchParams({
    team_id: localPeople.team.id,
    team_domain: localPeople.team.domain,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: maria.id,
    user_name: maria.name,
    command: localPeople.command,
    text,
    api_app_id: localPeople.bot.appId,
    response_url: responseUrl,
    trigger_id: `${Date.now()}.0`,
  }).toString();

const homeEvent = (): string =>
  JSON.stringify({
    type: 'event_callback',
    team_id: localPeople.team.id,
    api_app_id: localPeople.bot.appId,
    event_id: `Ev${randomUUID().replaceAll('-', '').toUpperCase()}`,
    event: { type: 'app_home_opened', user: maria.id, channel: 'D0MARIA', tab: 'home' },
    authorizations: [{ team_id: localPeople.team.id, user_id: localPeople.bot.userId, is_bot: true }],
  });

const send = async ({ requestUrl, signingSecret }: Setting, contentType: string, body: string): Promise<void> => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const response = await fetch(requestUrl, {
    method: 'POST',
    headers: {
      'content-type': contentType,
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(signingSecret, timestamp, body),
    },
    body,
    signal: AbortSignal.timeout(withinMs),
  });
  if (response.status !== 200) throw new Error(`the front answered ${response.status}: ${await response.text()}`);
  await response.text();
};

/** Sends one command, waits for its answer, and then until the worker has nothing more to do. */
export const measure = async (setting: Setting, { text, answers }: Asked): Promise<Sample> => {
  const { emulators } = setting;
  const isHome = text === 'home';
  const body = isHome ? homeEvent() : commandForm(text, await emulators.issueResponseUrl(channel.id, maria.id));
  await emulators.openRequests();
  const answered = Promise.withResolvers<Shown>();
  const stop = emulators.onShown((shown) => {
    if (shown.userId === maria.id) answered.resolve(shown);
  });
  const timer = setTimeout(
    () => answered.reject(new Error(`${text} was not answered within ${withinMs} ms`)),
    withinMs,
  );
  try {
    const fromMs = monotonicMs();
    await send(setting, isHome ? 'application/json' : 'application/x-www-form-urlencoded', body);
    const shown = await answered.promise;
    if (!answers.test(shown.text)) throw new Error(`${text} was answered: ${shown.text.slice(0, 500)}`);
    const tooMuch = beyondOnePage(shown.blocks);
    if (tooMuch !== undefined) throw new Error(`the answer to ${text} is not paged: ${tooMuch}`);
    await setting.idle();
    const open = (await emulators.openRequests()).filter(({ interval: [begin] }) => begin < shown.atMs);
    const intervals = open.map(({ interval }) => interval);
    return {
      tookMs: shown.atMs - fromMs,
      emulatorMs: openWithin(intervals, [fromMs, shown.atMs]),
      requests: open.map(({ what }) => what),
    };
  } finally {
    clearTimeout(timer);
    stop();
  }
};
