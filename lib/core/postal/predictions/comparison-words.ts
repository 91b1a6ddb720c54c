import { type Examined, good, unsure } from '../../base/examined.ts';
import { comparisonLimits } from '../../limits/limits.ts';
import { type IncomparableReason, incomparableReasons } from './compare-delivery.ts';
import type { ComparisonSummary, Difference } from './comparisons.ts';
import { predictedText } from './predicted.ts';

const reasons: Readonly<Record<IncomparableReason, string>> = {
  'not-tried': 'Postal tried no server',
  unreadable: 'Postal’s words do not tell how far it came',
  'internal-error': 'Postal itself failed',
  'other-hostname': 'the endpoint had another hostname in Postal',
  'no-prediction': 'there was no probe at that time',
  changed: 'the prediction changed around the attempt',
  unknown: 'the probe did not show what Postal would do',
  'entered-otherwise': 'Postal has another port or SSL mode than is registered',
  'put-off': 'the server put Postal off for now',
  later: 'Postal got in, and the message was refused',
};

const minute = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Both sides of a difference, in two sentences; contains untrusted text. */
export const differenceText = (difference: Difference): string => {
  const { predicted, predictedFromMs, status, said, isEncrypted, count, lastMs, release } = difference;
  const how = status === 'Sent' ? `${status}, ${isEncrypted ? 'encrypted' : 'in plaintext'}` : status;
  const last = count === 1 ? 'at' : `for ${count} deliveries, the last at`;
  return `Predicted by every probe from ${minute(predictedFromMs)} on: ${predictedText(predicted)}. Postal ${release} recorded ${how} ${last} ${minute(lastMs)}${
    said === '' ? '.' : `: ${said}`
  }`;
};

/** The reasons, the most frequent first. */
const reasonsText = ({ not }: ComparisonSummary): string => {
  const found = incomparableReasons
    .map((reason) => ({ reason, count: not[reason] ?? 0 }))
    .filter(({ count }) => count > 0)
    .toSorted((one, other) => other.count - one.count);
  const total = found.reduce((sum, { count }) => sum + count, 0);
  const [main] = found;
  if (main === undefined) return '0 not comparable';
  return `${total} not comparable (${found.length === 1 ? '' : `${main.count} because `}${reasons[main.reason]})`;
};

const dayMs = 86_400_000;

/** The counts in a line. It is not good as long as there is a difference of the last 24 h. */
export const examineComparisons = (summary: ComparisonSummary | undefined, nowMs: number): readonly Examined[] => {
  if (summary === undefined) return [];
  const { agreed, differs, sinceDay, differences } = summary;
  const what = 'predictions against deliveries';
  const counts = `${agreed} agreed, ${differs} ${differs === 1 ? 'differs' : 'differ'}, ${reasonsText(summary)}, since ${sinceDay}`;
  const [latest] = differences;
  if (latest === undefined || nowMs - latest.lastMs > dayMs) return [good(what, counts)];
  return [
    unsure(
      what,
      `${counts}. ${latest.hostname}: ${differenceText(latest)}`,
      `/postal-endpoint show ${latest.hostname} has both sides. A server that was down between two probes differs, too. Otherwise check that config/postal-profile.json describes this Postal.`,
    ),
  ];
};

/** The differences of one endpoint, the newest first, as many as a message shows. */
export const differencesShown = (summary: ComparisonSummary | undefined, hostname: string): readonly Difference[] =>
  (summary?.differences ?? []).filter((each) => each.hostname === hostname).slice(0, comparisonLimits.shown);
