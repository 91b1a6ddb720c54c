import { expect, it } from 'vitest';
import { overBatchLimits } from '../../../lib/core/dns/change-batch-limits.ts';
import type { RecordChange } from '../../../lib/core/dns/record-set.ts';

const change = (...values: readonly string[]): RecordChange => ({
  action: 'CREATE',
  recordSet: { name: 'a.corp.internal', type: 'TXT', ttlSeconds: 60, values },
});

it.each<[string, readonly RecordChange[], readonly string[]]>([
  ['one value', [change('10.0.4.12')], []],
  ['nothing', [], ['is empty']],
  ['1,000 values', Array.from({ length: 1_000 }, () => change('a')), []],
  ['1,001 values', [change(...Array.from({ length: 1_001 }, () => 'a'))], ['1001 record values']],
  ['32,000 characters', [change('a'.repeat(32_000))], []],
  ['32,001 characters', [change('a'.repeat(16_000)), change('a'.repeat(16_001))], ['32001 characters']],
])('says of %s what is over a limit', (_, changes, parts) => {
  expect(overBatchLimits(changes)).toEqual(parts.map((part) => expect.stringContaining(part)));
});
