const matches = (pattern: readonly string[], labels: readonly string[]): boolean => {
  const [first, ...rest] = pattern;
  if (first === undefined) return labels.length === 0;
  if (first !== '*') return labels[0] === first && matches(rest, labels.slice(1));
  // Each label that is still to come needs at least one of the hostname's.
  return labels.some((_, index) => index + 1 + rest.length <= labels.length && matches(rest, labels.slice(index + 1)));
};

/** Whether a normalised hostname fits a pattern, label by label; `*` stands for one label or more: `*.corp.internal` fits `a.b.corp.internal`. */
export const matchesHostname = (pattern: string, hostname: string): boolean =>
  matches(pattern.split('.'), hostname.split('.'));

/** Whether every name that `narrow` fits is one that `wide` fits: no label is `*`, so that whatever takes `*` for a label takes any. */
export const coversPattern = (wide: string, narrow: string): boolean => matchesHostname(wide, narrow);

const overlaps = (one: readonly string[], other: readonly string[]): boolean => {
  const [first, ...rest] = one;
  const [otherFirst, ...otherRest] = other;
  if (first === undefined || otherFirst === undefined) return first === otherFirst;
  if (first !== '*' && otherFirst !== '*') return first === otherFirst && overlaps(rest, otherRest);
  // One label is taken from both; a `*` may end with it, or go on.
  return (
    overlaps(rest, otherRest) ||
    (first === '*' && overlaps(one, otherRest)) ||
    (otherFirst === '*' && overlaps(rest, other))
  );
};

/** Whether there is a name that both patterns fit. */
export const patternsOverlap = (one: string, other: string): boolean => overlaps(one.split('.'), other.split('.'));

/** The fixed labels at the end of a pattern, which end every name that it matches; undefined for `*` alone and for patterns that end in `*`. */
export const fixedEnd = (pattern: string): string | undefined => {
  const labels = pattern.split('.');
  const end = labels.slice(labels.lastIndexOf('*') + 1).join('.');
  return end === '' ? undefined : end;
};

/** What is wrong with a pattern, as a sentence, or undefined. */
export const patternMistake = (pattern: string): string | undefined => {
  const labels = pattern.split('.');
  if (!labels.every((label) => label === '*' || /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(label))) {
    return `${JSON.stringify(pattern)} is not a valid pattern: use lower-case labels joined by dots, where \`*\` replaces a whole label`;
  }
  // More would let a pattern take long to match, and say nothing that fewer cannot.
  return labels.filter((label) => label === '*').length > 3
    ? `${JSON.stringify(pattern)} has more than 3 \`*\``
    : undefined;
};
