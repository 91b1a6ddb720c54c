import { distance } from 'fastest-levenshtein';

/** The candidate that a misspelt word most likely meant: at most one edit for every two letters (so that two swapped letters still count), at most three. */
export const nearest = <Candidate extends string>(
  word: string,
  candidates: readonly Candidate[],
): Candidate | undefined => {
  const written = word.toLowerCase();
  let best: Candidate | undefined;
  let bestDistance = Math.min(3, Math.max(1, Math.floor(written.length / 2))) + 1;
  for (const candidate of candidates) {
    const isBeginning = written.length >= 3 && candidate.startsWith(written);
    const edits = isBeginning ? 1 : distance(written, candidate);
    if (edits < bestDistance) {
      best = candidate;
      bestDistance = edits;
    }
  }
  return best;
};
