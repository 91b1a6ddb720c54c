import * as z from 'zod';
import { digestOf } from '../../core/base/digest.ts';
import { chartStatistics, chartSvg, chartTimes } from '../../core/chart/chart.ts';
import { sparkline } from '../../core/chart/sparkline.ts';
import { daySentence, weekSentence } from '../../core/chart/words.ts';
import type { Sample } from '../../core/watch/samples.ts';
import type { ChartView, Picture } from '../../messages/block-kit/chart-blocks.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import type { Ports } from '../ports/ports.ts';
import { readSamples } from '../state/sample-store.ts';

const pictures = 'pictures';
const rememberSeconds = 3_600;
/** Longer than this, and people come back to something else. */
const longestMs = 20_000;

const rememberedSchema = z.object({ digest: z.string(), fileId: z.string() });

type Finished = Exclude<Picture, { kind: 'coming' }>;

const failed = (why: string): Finished => ({ kind: 'failed', why });

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

/**
 * Draws the chart and hands it to Slack, unless the very same one was lately. Never rejects: an answer does not depend on its picture.
 */
export const chartPicture = async (
  ports: Ports,
  hostname: string,
  samples: readonly Sample[],
  signal: AbortSignal,
): Promise<Finished> => {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(longestMs)]);
  const nowMs = ports.clock.now();
  try {
    const svg = chartSvg(hostname, samples, nowMs);
    const digest = digestOf(svg);
    const remembered = rememberedSchema.safeParse((await ports.state.get(pictures, hostname, inTime))?.value);
    if (remembered.success && remembered.data.digest === digest)
      return { kind: 'uploaded', fileId: remembered.data.fileId };
    const bytes = await ports.charts.png(svg);
    const altText = chartWords(samples, nowMs).sentences.join(' ');
    const uploaded = await ports.files.upload({ name: `${hostname}.png`, title: hostname, bytes, altText }, inTime);
    if (!uploaded.ok) {
      ports.log.warn('a chart could not be uploaded', { hostname, failure: uploaded.failure });
      return failed(whyNot(uploaded.failure));
    }
    const { fileId } = uploaded.value;
    const expiresAt = Math.floor(nowMs / 1000) + rememberSeconds;
    await ports.state.put({ collection: pictures, key: hostname, value: { digest, fileId }, expiresAt }, false, inTime);
    return { kind: 'uploaded', fileId };
  } catch (error) {
    ports.log.error('a chart could not be made', { hostname, error });
    return failed('something went wrong on my side');
  }
};

/** The picture if it is there before `signal` aborts. */
export const readyBefore = (picture: Promise<Finished>, signal: AbortSignal): Promise<Picture> =>
  Promise.race([
    picture,
    new Promise<Picture>((resolve) => {
      const goOn = (): void => resolve({ kind: 'coming' });
      signal.addEventListener('abort', goOn, { once: true });
      if (signal.aborted) goOn();
    }),
  ]);
