import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { readyBefore } from '../../../lib/app/chart/endpoint-chart.ts';
import { recordSamples } from '../../../lib/app/state/sample-store.ts';
import type { Sample } from '../../../lib/core/watch/health/samples.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = new AbortController().signal;
const minuteMs = 60_000;

/** A worker with one registered endpoint that was looked at for six hours, down for a quarter of an hour. */
const watched = async () => {
  const worker = workerUnderTest();
  await worker.say(`add ${host} 10.0.4.12`);
  const samples = Array.from({ length: 72 }, (_, index): Sample & { hostname: string } => {
    const look = { hostname: host, atMs: worker.clock.now() - (72 - index) * 5 * minuteMs };
    return index >= 50 && index < 53 ? { ...look, state: 'down' } : { ...look, state: 'up', latencyMs: 38 };
  });
  await recordSamples(worker.ports.state, samples, signal);
  return worker;
};

type Worker = Awaited<ReturnType<typeof watched>>;

const images = (worker: Worker) =>
  worker.messenger.replies.map(({ message }) =>
    message.blocks.flatMap((block) => (block.type === 'image' ? [block] : [])),
  );
const show = (worker: Worker) => worker.say(`show ${host}`);
const sentence =
  'Last day: up 95.8 % of 72 checks, down 12:12–12:27 UTC, not measured until 08:02 UTC; median 38 ms, p95 38 ms.';

describe('show', () => {
  it('carries the chart, with a sentence for whoever does not see it', async () => {
    const worker = await watched();
    await show(worker);
    const [words, picture] = images(worker).slice(-2);
    expect(words).toEqual([]);
    expect(picture).toMatchObject([{ slack_file: { id: 'F1' }, alt_text: expect.stringContaining(sentence) }]);
    expect(worker.files.uploads).toMatchObject([
      { name: `${host}.png`, title: host, altText: expect.stringContaining(sentence) },
    ]);
    expect(Buffer.from(worker.files.uploads[0]?.bytes ?? []).toString()).toContain(`>${host}</text>`);
    const said = JSON.stringify(worker.messenger.replies.at(-2)?.message);
    expect(said).toContain(`\\n${sentence}`);
    expect(said).toMatch(/`·{17}▄{5}✗▄`/);
  });

  it('asked again, shows the same picture without uploading it again, until there are new looks', async () => {
    const worker = await watched();
    await show(worker);
    await show(worker);
    expect(worker.files.uploads).toHaveLength(1);
    expect(images(worker).at(-1)).toMatchObject([{ slack_file: { id: 'F1' } }]);
    await recordSamples(
      worker.ports.state,
      [{ hostname: host, atMs: worker.clock.now(), state: 'up', latencyMs: 5 }],
      signal,
    );
    await show(worker);
    expect(images(worker).at(-1)).toMatchObject([{ slack_file: { id: 'F2' } }]);
  });

  it.each([
    [{ kind: 'refused', code: 'missing_scope' }, 'the app lacks the scope files:write'],
    [{ kind: 'refused', code: 'file_uploads_disabled' }, 'Slack refused the file (file_uploads_disabled)'],
    [{ kind: 'rate-limited', retryAfterSeconds: 30 }, 'Slack takes no more files just now'],
    [{ kind: 'unreachable', message: 'reset' }, 'Slack did not take the file in time'],
  ] as const)('says it in words alone where the upload met %j', async (failure, why) => {
    const worker = await watched();
    worker.files.trouble.push(failure);
    await show(worker);
    expect(images(worker).at(-1)).toEqual([]);
    expect(worker.lastReply()).toContain(sentence);
    expect(worker.lastReply()).toContain('\\nLast week: up 95.8 % of 72 checks, down once, 15 min,');
    expect(worker.lastReply()).toContain(`No picture this time: ${why}.`);
  });

  it('says it in words alone where it cannot be drawn', async () => {
    const worker = await watched();
    const charts = { png: () => Promise.reject(new Error('no font')) };
    expect(await worker.work(worker.message(`show ${host}`), 1, { charts })).toEqual({ kind: 'done' });
    expect(worker.lastReply()).toContain('No picture this time: something went wrong on my side.');
    expect(worker.logged.join('\n')).toContain('no font');
  });

  const refusal = { kind: 'refused', code: 'invalid_blocks' } as const;
  /** Meets the next messages that hold a picture, one each. */
  const refusingPictures = (worker: Worker, refusals: number) => {
    const { reply } = worker.messenger;
    const tries: number[] = [];
    const messenger = {
      ...worker.messenger,
      reply: async (...call: Parameters<typeof reply>): ReturnType<typeof reply> => {
        if (!call[1].blocks.some(({ type }) => type === 'image')) return reply(...call);
        tries.push(worker.clock.now());
        return tries.length <= refusals ? { ok: false, failure: refusal } : reply(...call);
      },
    };
    return { tries, show: () => worker.work(worker.message(`show ${host}`), 1, { messenger }) };
  };

  it.each([0, 1, 2, 3])(
    'has the words stand at once, and the picture as soon as Slack shows it, though it refuses it %i times',
    async (refusals) => {
      const worker = await watched();
      const before = worker.messenger.replies.length;
      const askedAtMs = worker.clock.now();
      const refusing = refusingPictures(worker, refusals);
      expect(await refusing.show()).toEqual({ kind: 'done' });
      const [words, picture, ...more] = worker.messenger.replies.slice(before);
      expect(more).toEqual([]);
      expect(JSON.stringify(words?.message.blocks)).toContain(sentence);
      expect(picture?.message.blocks).toMatchObject([{ type: 'image', slack_file: { id: 'F1' } }]);
      expect(refusing.tries[0]).toBeGreaterThanOrEqual(askedAtMs + 1_000);
      expect(refusing.tries).toHaveLength(refusals + 1);
    },
  );

  it('says that Slack did not show it when it never does, once', async () => {
    const worker = await watched();
    const before = worker.messenger.replies.length;
    await refusingPictures(worker, Number.POSITIVE_INFINITY).show();
    const said = worker.messenger.replies.slice(before).map(({ message }) => JSON.stringify(message));
    expect(said).toHaveLength(2);
    expect(said[0]).toContain(sentence);
    expect(said[1]).toContain('no picture this time: Slack did not show it');
  });

  it('says it in words alone where Slack no longer shows a picture that it has shown', async () => {
    const worker = await watched();
    await show(worker);
    await worker.clock.advance(2_000);
    await refusingPictures(worker, 1).show();
    expect(images(worker).at(-1)).toEqual([]);
    expect(worker.lastReply()).toContain('No picture this time: Slack did not show it.');
    expect(worker.lastReply()).toContain(sentence);
  });

  it('answers in words after two seconds, and sends a picture that takes longer after them', async () => {
    const worker = await watched();
    const before = worker.messenger.replies.length;
    const charts = {
      png: async (svg: string): Promise<Uint8Array> => {
        while (worker.messenger.replies.length === before) await setImmediate();
        return Buffer.from(svg);
      },
    };
    await worker.work({ ...worker.message(`show ${host}`), replaceOriginal: true }, 1, { charts });
    const [words, picture, ...more] = worker.messenger.replies.slice(before);
    expect(more).toEqual([]);
    expect(words).toMatchObject({ replaceOriginal: true });
    expect(JSON.stringify(words?.message.blocks)).toContain(sentence);
    expect(picture).toMatchObject({
      replaceOriginal: false,
      message: { blocks: [{ type: 'image', slack_file: { id: 'F1' } }] },
    });
  });

  it('tells before the first look when the chart begins', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`show ${host}`);
    expect(worker.lastReply()).toContain(
      'No chart yet: the bot checks about every 5 min, and the chart starts with the first check.',
    );
    expect(worker.files.uploads).toEqual([]);
  });

  it('draws nothing of a name that is not registered', async () => {
    const worker = workerUnderTest();
    await recordSamples(worker.ports.state, [{ hostname: host, atMs: worker.clock.now(), state: 'down' }], signal);
    await worker.say(`show ${host}`);
    expect(worker.files.uploads).toEqual([]);
  });
});

describe('waiting for a picture', () => {
  it('goes on without it when time is up already', async () => {
    expect(await readyBefore(new Promise(() => undefined), AbortSignal.abort())).toEqual({ kind: 'coming' });
  });
});
