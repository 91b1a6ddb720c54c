import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { SubmitResult, ZoneStore } from '../../../lib/app/ports/zone-store.ts';
import { handOverUnfinished } from '../../../lib/app/watch/unfinished-business.ts';
import { type ChangeState, fold } from '../../../lib/core/ledger/fold.ts';
import { zoneId } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();
const minuteMs = 60_000;
const unreachable = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } } as const;
const record = { name: host, type: 'A', ttlSeconds: 300, values: ['10.0.9.9'] } as const;

/** A worker whose batches get no answer; what it has sent can land later, when whoever else was at the name has gone. */
const open = (answer: SubmitResult = unreachable) => {
  const worker = workerUnderTest();
  const sent: Parameters<ZoneStore['submit']>[] = [];
  const { submit } = worker.ports.zones;
  const over = (onSubmit: () => Promise<unknown>): Partial<Ports> => ({
    zones: {
      ...worker.ports.zones,
      submit: async (...batch) => {
        sent.push(batch);
        await onSubmit();
        return answer;
      },
    },
  });
  const outsider = (action: 'CREATE' | 'DELETE') => submit(zoneId, [{ action, recordSet: record }], 'outsider', signal);
  const last = async (): Promise<ChangeState | undefined> =>
    [...fold(await worker.ledger.read(host, signal)).changes.values()].at(-1);
  const watch = async (): Promise<number> => {
    const handedOver = await handOverUnfinished(
      { ...worker.ports, deadLetters: { receive: async () => [], remove: async () => undefined } },
      signal,
    );
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
    return handedOver;
  };
  const announced = (): readonly string[] =>
    worker.messenger.posts
      .filter(({ channelId }) => channelId === 'C0AUDIT')
      .map(({ message }) => JSON.stringify(message));
  return {
    worker,
    sent,
    over,
    outsider,
    last,
    watch,
    announced,
    land: () => submit(...(sent[0] ?? [zoneId, [], '', signal])),
  };
};

describe('a conflict whose batch was never answered', () => {
  it('is looked at until it has landed; then the ledger and the channel say so', async () => {
    const { worker, over, outsider, last, watch, announced, land } = open();
    await worker.work(
      worker.message(`add ${host} 10.0.4.12`),
      1,
      over(() => outsider('CREATE')),
    );
    expect(await last()).toMatchObject({ state: 'conflict', mayLandLate: true });
    expect((await last())?.reason).toContain('may still take effect');
    await watch();
    await outsider('DELETE');
    await land();
    await worker.clock.advance(4 * minuteMs);
    await watch();
    expect(await last()).toMatchObject({ state: 'applied', landedLate: true });
    expect(announced()).toHaveLength(2);
    expect(announced()[1]).toContain('took effect late');
    await worker.clock.advance(10 * minuteMs);
    expect(await watch()).toBe(0);
  });

  it('comes first when the name is asked for again', async () => {
    const { worker, over, outsider, last, land } = open();
    await worker.work(
      worker.message(`add ${host} 10.0.4.12`),
      1,
      over(() => outsider('CREATE')),
    );
    await outsider('DELETE');
    await land();
    await worker.say(`add ${host} 10.0.4.12`);
    expect(fold(await worker.ledger.read(host, signal)).changes.size).toBe(1);
    expect(await last()).toMatchObject({ state: 'applied', landedLate: true });
  });

  it('keeps the name from being removed for 15 minutes, for the batch could bring it back', async () => {
    const { worker, over, outsider } = open();
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`update ${host} 10.0.4.13`);
    const waiting = fold(await worker.ledger.read(host, signal)).pending[0];
    await worker.work(
      worker.message(`approve ${waiting?.changeId} --plan ${waiting?.plan.digest}`),
      1,
      over(() =>
        worker.ports.zones.submit(
          zoneId,
          [{ action: 'CREATE', recordSet: { ...record, type: 'AAAA', values: ['fd00::9'] } }],
          'outsider',
          signal,
        ),
      ),
    );
    await outsider('DELETE');
    await worker.say(`remove ${host}`);
    expect(worker.lastReply()).toContain('may still take effect');
    await worker.clock.advance(16 * minuteMs);
    await worker.say(`remove ${host}`);
    expect(worker.lastReply()).not.toContain('may still take effect');
  });

  it('is not looked for where Route 53 refused the only batch that was sent', async () => {
    const { worker, over, outsider, last, watch } = open({ kind: 'invalid', messages: ['it already exists'] });
    await worker.work(
      worker.message(`add ${host} 10.0.4.12`),
      1,
      over(() => outsider('CREATE')),
    );
    expect(await last()).toMatchObject({ state: 'conflict', mayLandLate: false });
    await watch();
    await worker.clock.advance(4 * minuteMs);
    expect(await watch()).toBe(0);
  });
});

describe('a failure whose batch was never answered', () => {
  it('is looked at for 15 minutes at least, and no longer than an hour', async () => {
    const { worker, over, last, watch } = open();
    await worker.work(
      worker.message(`add ${host} 10.0.4.12`),
      1,
      over(async () => undefined),
    );
    expect(await last()).toMatchObject({ state: 'failed', mayLandLate: true });
    let lastLookMs = 0;
    for (let minute = 0; minute < 90; minute += 1) {
      if ((await watch()) > 0) lastLookMs = minute * minuteMs;
      await worker.clock.advance(minuteMs);
    }
    expect(lastLookMs).toBeGreaterThanOrEqual(15 * minuteMs);
    expect(lastLookMs).toBeLessThanOrEqual(60 * minuteMs);
  });
});

describe('a batch that may still take effect', () => {
  /** A worker whose next sendings meet what is given, one each; then they are taken. */
  const meeting = (worker: ReturnType<typeof workerUnderTest>, ...answers: readonly SubmitResult[]): Partial<Ports> => {
    const left = [...answers];
    const { zones } = worker.ports;
    return { zones: { ...zones, submit: async (...batch) => left.shift() ?? zones.submit(...batch) } };
  };
  const changesOf = async (worker: ReturnType<typeof workerUnderTest>) => [
    ...fold(await worker.ledger.read(host, signal)).changes.values(),
  ];

  it('keeps a removal from being applied that was asked for before, and a later one is free', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.say(`remove ${host}`);
    const removal = fold(await worker.ledger.read(host, signal)).pending[0];
    await worker.say(`update ${host} 10.0.4.13`);
    const update = (await changesOf(worker)).at(-1);
    await worker.work(
      worker.message(`approve ${update?.changeId} --plan ${update?.plan.digest}`),
      1,
      meeting(worker, unreachable, unreachable, unreachable),
    );
    expect((await changesOf(worker)).at(-1)).toMatchObject({ state: 'failed', mayLandLate: true });
    const before = await worker.records(host);
    await worker.say(`approve ${removal?.changeId} --plan ${removal?.plan.digest}`);
    expect(await worker.records(host)).toEqual(before);
    const held = (await changesOf(worker)).find(({ changeId }) => changeId === removal?.changeId);
    expect(held).toMatchObject({
      state: 'failed',
      mayLandLate: false,
      reason: expect.stringContaining('may still take effect'),
    });
    await worker.clock.advance(16 * minuteMs);
    await worker.say(`remove ${host}`);
    const again = fold(await worker.ledger.read(host, signal)).pending[0];
    await worker.say(`approve ${again?.changeId} --plan ${again?.plan.digest}`);
    expect(await worker.records(host)).toEqual([]);
  });

  it('keeps an addition from being undone whose first sending was never answered', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(`add ${host} 10.0.4.12`), 1, meeting(worker, unreachable));
    const added = (await changesOf(worker)).at(-1);
    expect(added).toMatchObject({ state: 'applied', attempts: 2 });
    for (const line of [`undo ${added?.changeId}`, `remove ${host}`]) {
      await worker.say(line);
      expect(worker.lastReply()).toContain('may still take effect');
      expect((await worker.kinds(host)).at(-1)).toBe('refused');
      expect(await worker.records(host)).toHaveLength(2);
    }
    await worker.clock.advance(16 * minuteMs);
    await worker.say(`undo ${added?.changeId}`);
    expect(await worker.records(host)).toEqual([]);
  });
});
