import { expect, it } from 'vitest';
import { pendingLateBatch } from '../../../lib/app/change/pending-late-batch.ts';
import type { Entry } from '../../../lib/core/ledger/entry.ts';
import { fold, mayStillLand } from '../../../lib/core/ledger/fold.ts';
import { earlierVersion } from '../../support/earlier-version.ts';

const host = 'may-land-late.mail.corp.internal';
const entries = earlierVersion('upgrade')
  .lines('ledger.jsonl')
  .map((line): Entry => JSON.parse(line));
const stream = fold(entries.filter((entry) => entry.stream === host));
const untilMs = mayStillLand(stream, Date.parse(earlierVersion('upgrade').setting().now))?.untilMs ?? 0;

it.each([
  [90_000, 'in 2 minutes,'],
  [60_000, 'in 1 minute,'],
  [1, 'in 1 minute,'],
])('says %i ms before the end how long to wait', (leftMs, part) => {
  expect(pendingLateBatch(stream, host, untilMs - leftMs)?.right).toContain(part);
});

it('holds nothing back afterwards', () => {
  expect(pendingLateBatch(stream, host, untilMs)).toBeUndefined();
});
