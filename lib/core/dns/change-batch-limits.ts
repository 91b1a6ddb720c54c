import type { RecordChange } from './record-set.ts';

/** Most record values that one change batch may hold. */
export const batchValuesMaximum = 1_000;
/** Most characters that the values of one change batch may hold together. */
export const batchCharactersMaximum = 32_000;

/** What of a batch is over Route 53's limits, in sentences with the numbers; empty when it may be sent. */
export const overBatchLimits = (changes: readonly RecordChange[]): readonly string[] => {
  const values = changes.flatMap((change) => change.recordSet.values);
  const characters = values.reduce((sum, value) => sum + value.length, 0);
  const findings: string[] = [];
  if (changes.length === 0) findings.push('The change batch is empty; it must hold at least one change.');
  if (values.length > batchValuesMaximum) {
    findings.push(
      `The change batch holds ${values.length} record values; Route 53 takes at most ${batchValuesMaximum} in one batch.`,
    );
  }
  if (characters > batchCharactersMaximum) {
    findings.push(
      `The values of the change batch have ${characters} characters; Route 53 takes at most ${batchCharactersMaximum} in one batch.`,
    );
  }
  return findings;
};
