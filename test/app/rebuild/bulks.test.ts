import { expect, it } from 'vitest';
import { projectionsOf } from '../../../lib/app/rebuild/from-ledger.ts';
import { differencesOf } from '../../../lib/app/rebuild/projection.ts';
import { knownStreams, readAudit } from '../../../lib/app/verify/evidence.ts';
import type { Entry } from '../../../lib/core/ledger/entry.ts';
import { refusedStream } from '../../../lib/core/ledger/entry.ts';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const signal = new AbortController().signal;
type Worker = ReturnType<typeof bulkUnderTest>;

/** Where the state table differs from what the ledger says it should be. */
const differences = async ({ ports, ledger, clock }: Worker, forget: readonly string[] = []) => {
  const audit = await readAudit(ledger, signal);
  const auditEntries: readonly Entry[] = 'entries' in audit ? audit.entries : [];
  const names = await knownStreams(ledger, audit, clock.now() - 86_400_000, clock.now(), signal);
  const streams = await Promise.all(
    names.filter((name) => name !== refusedStream).map((name) => ledger.read(name, signal)),
  );
  const found = [];
  for (const projection of projectionsOf(streams, auditEntries, clock.now())) {
    const standing = await ports.state.list(projection.collection, signal);
    found.push(...differencesOf(projection, forget.includes(projection.collection) ? [] : standing));
  }
  return found;
};

it('finds the state table of a finished bulk as the ledger has it, without a message for each name', async () => {
  const worker = bulkUnderTest();
  await worker.ask(importing(addingMany(4)));
  await worker.press('Apply 4');
  expect(await differences(worker)).toEqual([]);
  const made = await differences(worker, ['directory', 'announcements-made']);
  expect(made.map((each) => (each.kind === 'missing' ? [each.item.collection, each.item.key] : each.kind))).toEqual([
    ...addingMany(4).map((_, index) => ['directory', `n${index}.corp.internal`]),
    ['announcements-made', worker.bulkId],
  ]);
});

it('brings back that a bulk waits for a person, and none of its names', async () => {
  const worker = bulkUnderTest();
  await worker.ask(importing(addingMany(3)));
  expect(await differences(worker)).toEqual([]);
  const lost = await differences(worker, ['plans-waiting']);
  expect(lost.map((each) => (each.kind === 'missing' ? [each.item.collection, each.item.key] : each.kind))).toEqual([
    ['plans-waiting', worker.bulkId],
  ]);
});

it('brings back that a bulk waits for its announcement', async () => {
  const worker = bulkUnderTest();
  await worker.ask(importing(addingMany(2)));
  await worker.work(worker.message(worker.button('Cancel')));
  worker.queued.splice(0);
  expect(await differences(worker)).toEqual([]);
  const lost = await differences(worker, ['announcements-waiting']);
  expect(lost.map((each) => (each.kind === 'missing' ? [each.item.collection, each.item.key] : each.kind))).toEqual([
    ['announcements-waiting', worker.bulkId],
  ]);
});
