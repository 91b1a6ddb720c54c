import { expect, it } from 'vitest';
import { bulkProgress } from '../../../lib/app/bulk/show-progress.ts';
import type { BulkState } from '../../../lib/core/bulk/fold-bulk.ts';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const { signal } = new AbortController();

/** A bulk of three, and how it looks with so many of its changes applied. */
const underWay = async () => {
  const worker = bulkUnderTest();
  await worker.ask(importing(addingMany(3)));
  const bulk = await worker.bulk();
  if (bulk === undefined) throw new Error('no bulk');
  const withApplied = (count: number): BulkState => ({
    ...bulk,
    state: 'released',
    outcomes: new Map(
      bulk.parts
        .slice(0, count)
        .map(({ changeId, plan }) => [
          changeId,
          { changeId, hostname: plan.hostname, state: 'applied', hash: 'a'.repeat(64) },
        ]),
    ),
  });
  return {
    ...worker,
    withApplied,
    progress: bulkProgress(worker.ports, { atMs: worker.clock.now() + 88_000, signal }),
    shown: () => worker.messenger.posts.map(({ message }) => /\d of \d/.exec(message.text)?.[0]),
  };
};

it('fills one message in, at most every three seconds', async () => {
  const { progress, withApplied, clock, shown, logged } = await underWay();
  await progress.show(withApplied(0));
  expect(shown()).toEqual(['0 of 3']);
  await clock.advance(2_999);
  await progress.show(withApplied(1));
  expect(shown()).toEqual(['0 of 3']);
  await clock.advance(1);
  await progress.show(withApplied(2));
  expect(shown()).toEqual(['2 of 3']);
  expect(logged.join()).not.toContain('could not be shown');
});

it('says in the log that Slack did not take a step, and shows the next', async () => {
  const { progress, withApplied, clock, shown, logged, ports } = await underWay();
  await progress.show(withApplied(0));
  const { edit } = ports.messenger;
  Object.assign(ports.messenger, {
    edit: async () => ({ ok: false, failure: { kind: 'rate-limited', retryAfterSeconds: 2 } }),
  });
  await clock.advance(3_000);
  await progress.show(withApplied(1));
  expect(logged.filter((line) => line.includes('could not be shown'))).toHaveLength(1);
  Object.assign(ports.messenger, { edit });
  await clock.advance(3_000);
  await progress.show(withApplied(2));
  expect(shown()).toEqual(['2 of 3']);
});
