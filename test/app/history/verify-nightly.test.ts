import { describe, expect, it } from 'vitest';
import { streamsAPart } from '../../../lib/app/history/verify-nightly.ts';
import { listIncidents } from '../../../lib/app/state/incident-store.ts';
import { readVerification, saveVerificationDone } from '../../../lib/app/state/verification-store.ts';
import { superviseVerification } from '../../../lib/app/watch/nightly-verification.ts';
import { announcedHistory, rechained } from '../../support/announced-history.ts';
import type { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const hourMs = 3_600_000;

type Worker = ReturnType<typeof workerUnderTest>;

/** A run of watch, and the worker after it until nothing is queued; resolves to the parts that were verified. */
const night = async (worker: Worker): Promise<readonly number[]> => {
  await superviseVerification(worker.ports, signal);
  const parts: number[] = [];
  for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) {
    if (next.kind === 'verify') parts.push(next.part);
    await worker.work(next);
  }
  return parts;
};

const incidents = (worker: Worker) => listIncidents(worker.ports.state, signal);

describe('the nightly verification', () => {
  it('verifies the whole history once a night, and says up to when', async () => {
    const worker = await announcedHistory(60);
    expect(await night(worker)).toEqual([1]);
    expect(await night(worker)).toEqual([]);
    const { done } = await readVerification(worker.ports.state, signal);
    expect(done).toMatchObject({ faults: 0 });
    expect(done?.streams).toBeGreaterThanOrEqual(15);
    await worker.say('status');
    expect(worker.lastReply()).toMatch(/history.*verified up to \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    await worker.work({ ...worker.message('status'), command: { verb: 'home' } });
    expect(JSON.stringify(worker.messenger.homes.get('U0MARIA'))).toContain('✓ The history: verified up to ');
    await worker.clock.advance(24 * hourMs);
    expect(await night(worker)).toEqual([1]);
    expect(await incidents(worker)).toEqual([]);
  });

  it('goes on part by part, does no part twice, and asks again for one that was lost', async () => {
    const worker = await announcedHistory(20);
    const entry = (await worker.ledger.read('h0.mail.corp.internal', signal))[0];
    if (entry === undefined) throw new Error('no entry');
    for (let index = 0; index < streamsAPart; index += 1) {
      const [copy] = rechained([{ ...entry, stream: `x${index}.mail.corp.internal`, hash: '' }]);
      if (copy !== undefined) await worker.ledger.append(copy, signal);
    }
    await superviseVerification(worker.ports, signal);
    const first = worker.queued.shift();
    if (first?.kind !== 'verify') throw new Error('nothing was asked for');
    await worker.work(first);
    const second = worker.queued.shift();
    expect(second).toMatchObject({ kind: 'verify', part: 2 });
    await worker.work(first);
    expect(worker.queued).toEqual([]);
    // The message of the second part is lost.
    await superviseVerification(worker.ports, signal);
    worker.queued.length = 0;
    await worker.clock.advance(hourMs);
    expect(await night(worker)).toEqual([2]);
    const { done } = await readVerification(worker.ports.state, signal);
    expect(done?.streams).toBeGreaterThan(streamsAPart);
    expect(done?.faults).toBe(0);
  });

  it('opens one incident for what was changed, and resolves it when it verifies again', async () => {
    const worker = await announcedHistory(30);
    const stream = 'h0.mail.corp.internal';
    const read = worker.ledger.read;
    const forged = rechained(
      (await read(stream, signal)).map((entry, index) =>
        index === 0 ? { ...entry, at: '2020-01-01T00:00:00.000Z' } : entry,
      ),
    );
    const ledger = {
      ...worker.ledger,
      read: async (name: string, within: AbortSignal) => (name === stream ? forged : read(name, within)),
    };
    await superviseVerification(worker.ports, signal);
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
      await worker.work(next, 1, { ledger });
    await superviseVerification(worker.ports, signal);
    await superviseVerification(worker.ports, signal);
    const [incident, ...others] = await incidents(worker);
    expect(others).toEqual([]);
    expect(incident).toMatchObject({ cause: { kind: 'history' }, revision: 1 });
    expect(incident?.findings[0]?.text).toContain(stream);
    await worker.say('status');
    expect(worker.lastReply()).toContain('was changed');
    await worker.clock.advance(24 * hourMs);
    await night(worker);
    await superviseVerification(worker.ports, signal);
    expect((await incidents(worker))[0]?.closedAtMs).toBeDefined();
  });

  it('opens an incident where it could not be done for a day and a half, with the reason', async () => {
    const worker = await announcedHistory(10);
    const startedAtMs = worker.clock.now();
    const counts = { startedAtMs, streams: 1, entries: 1, messages: 1, faults: 0, some: [] };
    await saveVerificationDone(
      worker.ports.state,
      { night: '2020-01-01', finishedAtMs: startedAtMs, ...counts },
      signal,
    );
    const refusing = {
      posts: async () => ({ ok: false, failure: { kind: 'refused', code: 'not_in_channel' } }) as const,
    };
    for (let hours = 0; hours < 37; hours += 1) {
      await superviseVerification(worker.ports, signal);
      for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
        await worker.work(next, 1, { witness: refusing });
      await worker.clock.advance(hourMs);
    }
    await superviseVerification(worker.ports, signal);
    const [incident] = await incidents(worker);
    expect(incident?.sentence).toContain('overdue');
    expect(incident?.sentence).toContain('I am not a member of the audit channel');
  });
});
