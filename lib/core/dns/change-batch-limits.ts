import { route53BatchLimits } from '../limits/limits.ts';
import type { RecordChange } from './record-set.ts';

/** What of a batch is over Route 53's limits, in sentences with the numbers; empty when it may be sent. */
export const overBatchLimits = (changes: readonly RecordChange[]): readonly string[] => {
  const values = changes.flatMap((change) => change.recordSet.values);
  const characters = values.reduce((sum, value) => sum + value.length, 0);
  const findings: string[] = [];
  if (changes.length === 0) findings.push('The change batch is empty; it must hold at least one change.');
  if (values.length > route53BatchLimits.values) {
    findings.push(
      `The change batch holds ${values.length} record values; Route 53 takes at most ${route53BatchLimits.values} in one batch.`,
    );
  }
  if (characters > route53BatchLimits.characters) {
    findings.push(
      `The values of the change batch have ${characters} characters; Route 53 takes at most ${route53BatchLimits.characters} in one batch.`,
    );
  }
  return findings;
};
