import { expect, it } from 'vitest';
import { meteredLedger } from '../../../lib/adapters/aws/metered-ledger.ts';
import { link } from '../../../lib/core/ledger/chain.ts';
import type { EntryBody } from '../../../lib/core/ledger/entry.ts';
import { createMemoryLedger } from '../../support/memory-ledger.ts';
import { recordingMetrics } from '../../support/recording-metrics.ts';
import { sampleActor } from '../../support/sample-entries.ts';

const at = '2026-03-02T14:02:00.000Z';
const changeId = '01KJP3M7R00000000000000000';
const signal = new AbortController().signal;

it.each<[string, EntryBody, object[]]>([
  ['applied', { kind: 'applied', changeId, changeInfoId: null }, [{ ChangesApplied: 1 }]],
  ['failed', { kind: 'failed', changeId, reason: 'Route 53 said no.', mayLandLate: false }, [{ ChangesFailed: 1 }]],
  [
    'conflict',
    { kind: 'conflict', changeId, reason: 'Something else stands there.', found: [] },
    [{ ChangesInConflict: 1 }],
  ],
  ['expired', { kind: 'expired', changeId }, [{ ChangesExpired: 1 }]],
  ['rejected', { kind: 'rejected', changeId, requestId: 'r', by: sampleActor, reason: 'no' }, [{ ChangesRejected: 1 }]],
  ['cancelled', { kind: 'cancelled', changeId, requestId: 'r', by: sampleActor }, [{ ChangesCancelled: 1 }]],
  ['applying, which ends nothing,', { kind: 'applying', changeId, attempt: 1, deadline: at }, []],
])('counts %s', async (_, body, expected) => {
  const metrics = recordingMetrics();
  const ledger = meteredLedger(createMemoryLedger(), metrics);
  await ledger.append(link(undefined, 'a.corp.internal', at, body), signal);
  expect(metrics.recorded).toEqual(expected);
});

it('counts a place that was taken, and not what did not become an entry', async () => {
  const metrics = recordingMetrics();
  const ledger = meteredLedger(createMemoryLedger(), metrics);
  const first = link(undefined, 'a.corp.internal', at, { kind: 'expired', changeId });
  const second = link(undefined, 'a.corp.internal', at, { kind: 'applied', changeId, changeInfoId: null });
  expect(await ledger.append(first, signal)).toBe('appended');
  expect(await ledger.append(second, signal)).toBe('taken');
  expect(metrics.recorded).toEqual([{ ChangesExpired: 1 }, { LedgerConflicts: 1 }]);
  expect(await ledger.read('a.corp.internal', signal)).toEqual([first]);
});
