import * as z from 'zod';
import type { Deadline } from '../../core/base/deadline.ts';
import { digestOf } from '../../core/base/digest.ts';
import { chartStatistics, chartSvg, chartTimes } from '../../core/chart/chart.ts';
import { sparkline } from '../../core/chart/sparkline.ts';
import { daySentence, weekSentence } from '../../core/chart/words.ts';
import type { Sample } from '../../core/watch/health/samples.ts';
import type { ChartView, Picture } from '../../messages/block-kit/chart-blocks.ts';
import { type Message, type MessengerFailure, refusesContent } from '../../messages/message.ts';
import { answer } from '../notify/reply.ts';
import { done, type Outcome, type Ports, type Request } from '../ports/ports.ts';
import { readSamples } from '../state/sample-store.ts';

const pictures = 'pictures';
const rememberSeconds = 3_600;
/** Longer than this, and people come back to something else. */
const longestMs = 20_000;

/** Slack refuses a message with a file that was uploaded less than about a second before. */
const shownAfterMs = 2_000;

const rememberedSchema = z.object({ digest: z.string(), fileId: z.string(), uploadedAtMs: z.optional(z.number()) });

/** A picture, or why there is none. `isShown`: it was uploaded long enough ago for Slack to show it. */
type Finished = Exclude<Picture, { kind: 'coming' }> & { readonly isShown: boolean };

const failed = (why: string): Finished => ({ kind: 'failed', why, isShown: true });

const whyNot = (failure: MessengerFailure): string => {
  switch (failure.kind) {
    case 'refused':
      return failure.code === 'missing_scope'
        ? 'the app lacks the scope files:write'
        : `Slack refused the file (${failure.code})`;
    case 'rate-limited':
      return 'Slack takes no more files just now';
    case 'unreachable':
      return 'Slack did not take the file in time';
  }
};

/** The looks that the charts of a hostname show, those of the last week. */
export const chartSamples = (
  { state, clock }: Pick<Ports, 'state' | 'clock'>,
  hostname: string,
  signal: AbortSignal,
): Promise<readonly Sample[]> => {
  const { weekMs, untilMs } = chartTimes(clock.now());
  return readSamples(state, hostname, weekMs, untilMs, signal);
};

/** The words of a chart. `samples` are at least one. */
export const chartWords = (samples: readonly Sample[], nowMs: number): Omit<ChartView, 'picture'> => {
  const { day, week } = chartStatistics(samples, nowMs);
  return { sentences: [daySentence(day), weekSentence(week)], sparkline: sparkline(samples, day.fromMs, day.toMs) };
};

/** A picture to be uploaded; `key` is what it is about, so that the very same one is not uploaded again within the hour. */
export type ChartToUpload = {
  readonly key: string;
  readonly title: string;
  readonly svg: string;
  readonly altText: string;
};

/** Renders a picture and hands it to Slack, unless the very same one was lately. Never rejects: an answer does not depend on its picture. */
export const uploadedChart = async (
  ports: Ports,
  { key, title, svg, altText }: ChartToUpload,
  signal: AbortSignal,
): Promise<Finished> => {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  const nowMs = ports.clock.now();
  try {
    const digest = digestOf(svg);
    const remembered = rememberedSchema.safeParse((await ports.state.get(pictures, key, inTime))?.value);
    if (remembered.success && remembered.data.digest === digest) {
      const { fileId, uploadedAtMs = 0 } = remembered.data;
      return { kind: 'uploaded', fileId, isShown: nowMs - uploadedAtMs >= shownAfterMs };
    }
    const bytes = await ports.charts.png(svg);
    const uploaded = await ports.files.upload({ name: `${title}.png`, title, bytes, altText }, inTime);
    if (!uploaded.ok) {
      ports.log.warn('a chart could not be uploaded', { of: key, failure: uploaded.failure });
      return failed(whyNot(uploaded.failure));
    }
    const { fileId } = uploaded.value;
    const expiresAt = Math.floor(nowMs / 1000) + rememberSeconds;
    const value = { digest, fileId, uploadedAtMs: ports.clock.now() };
    await ports.state.put({ collection: pictures, key, value, expiresAt }, false, inTime);
    return { kind: 'uploaded', fileId, isShown: false };
  } catch (error) {
    ports.log.error('a chart could not be made', { of: key, error });
    return failed('something went wrong on my side');
  }
};

/** Draws the chart of a hostname and hands it to Slack. Never rejects. */
export const chartPicture = (
  ports: Ports,
  hostname: string,
  samples: readonly Sample[],
  signal: AbortSignal,
): Promise<Finished> => {
  const nowMs = ports.clock.now();
  const altText = chartWords(samples, nowMs).sentences.join(' ');
  const svg = chartSvg(hostname, samples, nowMs);
  return uploadedChart(ports, { key: hostname, title: hostname, svg, altText }, signal);
};

/** The picture if it is there, and Slack can show it, before `signal` aborts. */
export const readyBefore = (finished: Promise<Finished>, signal: AbortSignal): Promise<Picture> =>
  Promise.race([
    finished.then(({ isShown, ...picture }): Picture => (isShown ? picture : { kind: 'coming' })),
    new Promise<Picture>((resolve) => {
      const goOn = (): void => resolve({ kind: 'coming' });
      signal.addEventListener('abort', goOn, { once: true });
      if (signal.aborted) goOn();
    }),
  ]);

/** Waits before the tries to show a picture: Slack needs about a second, and gives no sign when it is done. */
const waitsMs = [1_000, 1_000, 2_000, 4_000] as const;

/**
 * Sends a picture after the words that the person already has: as soon as Slack shows it, and why there is none where it never does. Resolves in any case,
 * since the request has been answered.
 */
const answerWithPicture = async (
  ports: Ports,
  request: Request,
  messageOf: (picture: Exclude<Picture, { kind: 'coming' }>) => Message,
  finished: Promise<Finished>,
  deadline: Deadline,
): Promise<void> => {
  const { isShown: _, ...picture } = await finished;
  const { replyTo } = request;
  if (picture.kind === 'failed') return void (await answer(ports, request, messageOf(picture), deadline));
  for (const waitMs of waitsMs) {
    const isOver = await ports.clock.sleep(waitMs, deadline.signal).then(
      () => ports.clock.now() >= deadline.atMs,
      () => true,
    );
    if (isOver) break;
    const options = { replaceOriginal: false, inChannel: 'share' in request.command && request.command.share };
    const told = await ports.messenger.reply(replyTo, messageOf(picture), options, deadline.signal);
    if (told.ok) return;
    ports.log.warn('Slack did not show a picture', { requestId: request.requestId, failure: told.failure });
    if (!refusesContent(told.failure)) break;
  }
  await answer(ports, request, messageOf({ kind: 'failed', why: 'Slack did not show it' }), deadline);
};

/** An answer with a picture in it, and what is sent after it where the picture is late. */
export type PicturedAnswer = {
  readonly messageOf: (picture: Picture) => Message;
  readonly afterwards: (picture: Exclude<Picture, { kind: 'coming' }>) => Message;
};

/**
 * Answers with the words, and with the picture if it is ready before `patience` ends; else the picture follows in a message of its own. Whatever becomes of
 * it, the person has been answered.
 */
export const answerPictured = async (
  ports: Ports,
  request: Request,
  { messageOf, afterwards }: PicturedAnswer,
  drawing: Promise<Finished>,
  patience: AbortSignal,
  deadline: Deadline,
): Promise<Outcome> => {
  const picture = await readyBefore(drawing, patience);
  const plainer = picture.kind === 'uploaded' ? messageOf({ kind: 'failed', why: 'Slack did not show it' }) : undefined;
  const told = await answer(ports, request, messageOf(picture), deadline, plainer);
  if (picture.kind !== 'coming' || told.kind !== 'done') return told;
  await answerWithPicture(ports, { ...request, replaceOriginal: false }, afterwards, drawing, deadline);
  return done;
};
