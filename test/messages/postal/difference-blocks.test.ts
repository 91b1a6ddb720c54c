import { expect, it } from 'vitest';
import { examineComparisons } from '../../../lib/core/postal/predictions/comparison-words.ts';
import type { ComparisonSummary, Difference } from '../../../lib/core/postal/predictions/comparisons.ts';
import { differenceBlocks } from '../../../lib/messages/postal/difference-blocks.ts';

const nowMs = Date.parse('2026-03-02T15:00:00Z');
const difference: Difference = {
  hostname: 'gitlab.mail.corp.internal',
  predicted: 'encrypted',
  predictedFromMs: Date.parse('2026-03-02T09:00:00Z'),
  status: 'SoftFail',
  said: 'Tried gitlab. <!channel> <https://evil.example|click> & more\n*bold*',
  isEncrypted: false,
  count: 12,
  lastMs: Date.parse('2026-03-02T14:05:00Z'),
  release: '3.3.7',
};
/** The block as JSON, with its times as they are without Slack. */
const said = (one: Difference): string =>
  JSON.stringify(differenceBlocks([one])).replaceAll(/<!date\^\d+\^[^|]*\|([^>]*)>/g, '$1');

const summary: ComparisonSummary = {
  agreed: 1203,
  differs: 12,
  not: { later: 40, 'not-tried': 5 },
  sinceDay: '2026-02-24',
  differences: [difference],
};

it('shows both sides with their times and the release, and nothing of a server’s words acts in Slack', () => {
  expect(said(difference)).toContain(
    '⚠️ *Prediction and delivery differ.* Predicted by every probe from 2026-03-02 09:00 UTC on: Postal gets in, encrypted. Postal 3.3.7 recorded SoftFail for 12 deliveries, the last at 2026-03-02 14:05 UTC: Tried gitlab. &lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; more *bold*',
  );
});

it.each([
  [{ status: 'Sent', count: 1, said: '' }, 'recorded Sent, in plaintext at 2026-03-02 14:05 UTC.'],
  [{ status: 'Sent', isEncrypted: true, count: 2, said: '' }, 'recorded Sent, encrypted for 2 deliveries, the last at'],
])('says how a message was delivered that should not have been: %j', (more, expected) => {
  expect(said({ ...difference, ...more })).toContain(expected);
});

it('puts the counts into a line, with the most frequent reason', () => {
  expect(examineComparisons(summary, nowMs)).toMatchObject([
    {
      health: 'unsure',
      what: 'predictions against deliveries',
      detail: expect.stringMatching(
        /^1203 agreed, 12 differ, 45 not comparable \(40 because Postal got in, and the message was refused\), since 2026-02-24\. gitlab\.mail\.corp\.internal: Predicted by every probe/,
      ),
      remedy: expect.stringContaining('/postal-endpoint show gitlab.mail.corp.internal'),
    },
  ]);
});

const fine = { ...summary, differences: [] };
it.each([
  [
    'without a difference',
    { ...fine, differs: 0, not: {} },
    '1203 agreed, 0 differ, 0 not comparable, since 2026-02-24',
  ],
  [
    'a day after the last difference',
    summary,
    '1203 agreed, 12 differ, 45 not comparable (40 because Postal got in, and the message was refused), since 2026-02-24',
  ],
  [
    'with one reason',
    { ...fine, differs: 1, not: { changed: 2 } },
    '1203 agreed, 1 differs, 2 not comparable (the prediction changed around the attempt), since 2026-02-24',
  ],
])('is a good line %s', (_, given, detail) => {
  expect(examineComparisons(given, nowMs + 24 * 3_600_000)).toMatchObject([{ health: 'good', detail }]);
});

it('says nothing where nothing was compared', () => {
  expect(examineComparisons(undefined, nowMs)).toEqual([]);
});
