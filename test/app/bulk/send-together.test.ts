import { describe, expect, it } from 'vitest';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const { signal } = new AbortController();
const statesOf = async ({ bulk }: Pick<ReturnType<typeof bulkUnderTest>, 'bulk'>): Promise<readonly string[]> =>
  [...((await bulk())?.outcomes.values() ?? [])].map(({ state }) => state);

/** A bulk of four names, whose batches Route 53 answers as the test says; what it says nothing of is taken. */
const answering = async (answers: (SubmitResult | 'lost')[]) => {
  const worker = bulkUnderTest();
  const { submit } = worker.ports.zones;
  const sizes: number[] = [];
  Object.assign(worker.ports.zones, {
    submit: async (...given: Parameters<typeof submit>): Promise<SubmitResult> => {
      sizes.push(given[1].length / 2);
      const answer = answers.shift();
      if (answer === undefined) return submit(...given);
      if (answer !== 'lost') return answer;
      await submit(...given);
      return { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };
    },
  });
  await worker.ask(importing(addingMany(4)));
  return { ...worker, sizes };
};

describe('a batch of many names', () => {
  it('is halved where Route 53 names nobody, until whoever it is stands alone', async () => {
    const unnamed: SubmitResult = { kind: 'invalid', messages: ['Something is wrong.'] };
    const worker = await answering([unnamed, unnamed, unnamed]);
    await worker.press('Apply 4');
    expect(worker.sizes).toEqual([4, 2, 1, 1, 2]);
    expect(await statesOf(worker)).toEqual(['failed', 'applied', 'applied', 'applied']);
  });

  it('is sent again while Route 53 is busy', async () => {
    const busy: SubmitResult = {
      kind: 'failed',
      failure: { kind: 'busy', code: 'PriorRequestNotComplete', message: 'still processing a prior request' },
    };
    const worker = await answering([busy, busy]);
    await worker.press('Apply 4');
    expect(worker.sizes).toEqual([4, 4, 4]);
    expect(await statesOf(worker)).toEqual(Array(4).fill('applied'));
    expect(await worker.kinds('n0.corp.internal')).toEqual(['requested', 'applying', 'applied']);
  });

  it('is looked for in the zone where its answer was lost, and not sent twice', async () => {
    const worker = await answering(['lost']);
    await worker.press('Apply 4');
    expect(worker.sizes).toEqual([4]);
    expect(await statesOf(worker)).toEqual(Array(4).fill('applied'));
  });

  it('is sent anew where it never arrived', async () => {
    const unreachable: SubmitResult = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };
    const worker = await answering([unreachable]);
    await worker.press('Apply 4');
    expect(worker.sizes).toEqual([4, 4]);
    expect(await worker.kinds('n0.corp.internal')).toEqual(['requested', 'applying', 'applying', 'applied']);
  });

  it('leaves out a protected record that the refusal names, and whatever its comment says', async () => {
    const worker = await answering([
      {
        kind: 'failed',
        failure: {
          kind: 'denied',
          message:
            "Tried to create resource record set [name='n2.corp.internal.', type='A'] but it is protected: ask n0.corp.internal.",
        },
      },
    ]);
    await worker.press('Apply 4');
    expect(worker.sizes).toEqual([4, 3]);
    expect(await statesOf(worker)).toEqual(['applied', 'applied', 'failed', 'applied']);
  });
});

describe('a change of a bulk', () => {
  it('is checked again before its batch: what is permitted no longer is not sent', async () => {
    const worker = await answering([]);
    Object.assign(worker.ports.policy, { cidrs: ['192.168.0.0/16'] });
    await worker.press('Apply 4');
    expect(worker.sizes).toEqual([]);
    expect(await statesOf(worker)).toEqual(Array(4).fill('failed'));
    const stream = fold(await worker.ledger.read('n1.corp.internal', signal));
    expect([...stream.changes.values()][0]?.reason).toMatch(/can no longer be changed this way.*Nothing was changed/);
  });

  it('is not announced alone, and not carried on alone', async () => {
    const worker = await answering([]);
    await worker.press('Apply 4');
    const changeId = (await worker.bulk())?.parts[0]?.changeId ?? '';
    const before = worker.messenger.posts.length;
    await worker.work({ kind: 'resume', hostname: 'n0.corp.internal', changeId });
    await worker.drain();
    expect(worker.messenger.posts).toHaveLength(before);
  });
});
