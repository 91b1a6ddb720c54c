import { expect, it } from 'vitest';
import { LedgerUnavailable } from '../../../lib/app/ports/ledger.ts';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();

/** A worker whose ledger takes no entry of a kind for now. */
const without = (worker: ReturnType<typeof workerUnderTest>, kind: string): Partial<Ports> => ({
  ledger: {
    ...worker.ledger,
    append: async (entry, ...rest) => {
      if (entry.body.kind === kind) throw new LedgerUnavailable('not now');
      return worker.ledger.append(entry, ...rest);
    },
  },
});

const stateOf = async (worker: ReturnType<typeof workerUnderTest>): Promise<string | undefined> =>
  [...fold(await worker.ledger.read(host, signal)).changes.values()].at(-1)?.state;

it.each([
  ['an addition', `add ${host} 10.0.4.12`, []],
  ['a removal of its own request', `failover ${host}`, [`add ${host} 10.0.4.12 --standby 10.0.5.12`]],
])('finishes a change that was recorded before the queue gave its command up: %s', async (_, line, before) => {
  const worker = workerUnderTest();
  for (const earlier of before) await worker.say(earlier);
  const message = worker.message(line);
  await worker.work(message, 1, without(worker, 'applying'));
  await worker.work({ kind: 'given-up', message });
  expect(await worker.kinds('_refused')).toEqual([]);
  expect(['applied', 'requested']).toContain(await stateOf(worker));
});

it('finishes a change whose release was recorded before the queue gave the release up', async () => {
  const worker = workerUnderTest();
  await worker.say(`add ${host} 10.0.4.12`);
  await worker.say(`update ${host} 10.0.4.13`);
  const [waiting] = fold(await worker.ledger.read(host, signal)).pending;
  const message = worker.message(`approve ${waiting?.changeId} --plan ${waiting?.plan.digest}`);
  await worker.work(message, 1, without(worker, 'applying'));
  expect(await stateOf(worker)).toBe('approved');
  await worker.work({ kind: 'given-up', message });
  expect(await stateOf(worker)).toBe('applied');
  expect(await worker.kinds('_refused')).toEqual([]);
});

it('refuses what was never recorded, and says so', async () => {
  const worker = workerUnderTest();
  await worker.work({ kind: 'given-up', message: worker.message(`add ${host} 10.0.4.12`) });
  expect(worker.lastReply()).toContain('Nothing was changed');
});
