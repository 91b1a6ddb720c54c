import { expect, it } from 'vitest';
import { lastChanges } from '../../../lib/app/history/last-changes.ts';
import { countedRequests } from '../../support/counted-requests.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const never = new AbortController().signal;
const everything = () => true;

const lived = async (names: number) => {
  const worker = workerUnderTest();
  for (let index = 0; index < names; index += 1) {
    await worker.clock.advance(1_000);
    await worker.say(`add h${index}.mail.corp.internal 10.0.4.12`);
  }
  const { ports, requests } = countedRequests({ ...worker.ports, clock: worker.clock });
  return { ports, requests };
};

const hostnamesOf = ({ changes }: Awaited<ReturnType<typeof lastChanges>>): readonly string[] =>
  changes.flatMap((each) => ('change' in each ? [each.change.plan.hostname] : []));

it('reads from the newest entry back, until there are enough', async () => {
  const { ports, requests } = await lived(40);
  const last = await lastChanges(ports, 3, everything, never);
  expect(hostnamesOf(last)).toEqual([39, 38, 37].map((index) => `h${index}.mail.corp.internal`));
  expect(last.cutAt).toBeUndefined();
  expect(requests.filter((each) => each.startsWith('byDay'))).toHaveLength(1);
});

it('goes on to the day before, and over the week no further', async () => {
  const { ports, requests } = await lived(2);
  const last = await lastChanges(ports, 3, everything, never);
  expect(hostnamesOf(last)).toHaveLength(2);
  expect(requests.filter((each) => /^byDay \S+$/.test(each))).toHaveLength(7);
});

it('does not look past thousands of entries that are no change of their own, and says where it stopped', async () => {
  const { ports } = await lived(1);
  const [oldest] = (await ports.ledger.read('h0.mail.corp.internal', never)).slice(0, 1);
  if (oldest?.body.kind !== 'requested') throw new Error('no request');
  const part = { ...oldest, body: { ...oldest.body, partOf: '01JBULK' } };
  let pages = 0;
  const ledger = {
    ...ports.ledger,
    byDay: async () => {
      pages += 1;
      return { entries: Array.from({ length: 100 }, () => part), next: String(pages) };
    },
  };
  expect(await lastChanges({ ...ports, ledger }, 3, everything, never)).toEqual({ changes: [], cutAt: part.at });
  expect(pages).toBe(21);
});
