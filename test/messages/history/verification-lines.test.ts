import { expect, it } from 'vitest';
import type { StreamVerdict } from '../../../lib/core/ledger/verification.ts';
import { verificationLines } from '../../../lib/messages/history/verification-lines.ts';

const at = '2026-11-22T20:33:00.000Z';

it('leaves out names that were only refused or asked about, and keeps those with a change', () => {
  const streams: readonly StreamVerdict[] = [
    { stream: 'refused.corp.internal', entries: 2, hasChanges: false, notYetAnnounced: { count: 2, since: at } },
    { stream: 'waiting.corp.internal', entries: 3, hasChanges: true, notYetAnnounced: { count: 3, since: at } },
    { stream: 'done.corp.internal', entries: 3, hasChanges: true, verifiedUpTo: { sequence: 3, at } },
  ];
  const audit = { stream: '_audit', entries: 1, hasChanges: false };
  const { facts } = verificationLines(
    {
      verdict: 'verified',
      streams,
      audit,
      faults: [],
      messages: 1,
      beforeTheWindow: 0,
      inOtherChannels: 0,
      repeats: 0,
      underWay: [],
    },
    { when: (iso) => iso, text: (text) => text },
  );
  expect(facts.join('\n')).not.toContain('refused.corp.internal');
  expect(facts[0]).toContain('2 hostnames');
  expect(facts.join('\n')).toContain('waiting.corp.internal');
  expect(facts.join('\n')).toContain('done.corp.internal');
});
