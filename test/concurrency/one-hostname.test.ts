import { describe, expect, it } from 'vitest';
import { runMessage } from '../../lib/app/worker/run.ts';
import { markerName } from '../../lib/core/dns/marker.ts';
import { sameRecordSets } from '../../lib/core/dns/record-set.ts';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import type { Cloud } from '../support/cloud/cloud.ts';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';
import { commandMessage } from '../support/cloud/office.ts';
import { openSocketClouds } from '../support/cloud/socket-cloud.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();

const lineOf = (round: number, worker: number): string => `add ${host} 10.${round + 1}.4.${worker + 1}`;

/** So many workers at the same time, each with a command of its own for the same name; rounds of them, one after the other. */
const compete = async (cloud: Cloud, workers: number, rounds: number): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    const before = fold(await cloud.ports.ledger.read(host, signal));
    const messages = Array.from({ length: workers }, (_, worker) =>
      commandMessage(cloud, 'oncall', lineOf(round, worker), { requestId: `request-${round}-${worker}` }),
    );
    const deadline = { atMs: cloud.clock.now() + 88_000, signal };
    const outcomes = await Promise.all(messages.map((message) => runMessage(cloud.ports, message, 1, deadline)));
    expect(outcomes.every(({ kind }) => kind === 'done')).toBe(true);
    const entries = await cloud.ports.ledger.read(host, signal);
    const after = fold(entries);
    expect(verifyChain(entries, host).ok).toBe(true);
    expect(after.applied.length).toBe(before.applied.length + 1);
    expect(entries.filter(({ body }) => body.kind === 'refused')).toHaveLength((workers - 1) * (round + 1));
    expect(sameRecordSets(await cloud.zone(), after.lastApplied?.plan.after ?? [])).toBe(true);
    expect((await cloud.zone()).some(({ name }) => name === markerName(host))).toBe(after.definition !== undefined);
    // The next round has something else to do with the same name.
    await cloud.clock.advance(60_000);
    const undo = commandMessage(cloud, 'oncall', `undo ${after.lastApplied?.changeId}`, { requestId: `undo-${round}` });
    expect((await runMessage(cloud.ports, undo, 1, { atMs: cloud.clock.now() + 88_000, signal })).kind).toBe('done');
    expect(await cloud.zone()).toEqual([]);
  }
};

describe('many workers on one hostname', () => {
  it('let one win a round, 50 of them in memory', () => compete(createMemoryCloud(), 50, 3));

  it('let one win a round, 50 of them over sockets', { timeout: 240_000 }, async () => {
    await using clouds = await openSocketClouds();
    await using cloud = await clouds.open();
    await compete(cloud, 50, 1);
  });
});
