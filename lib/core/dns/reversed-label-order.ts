const reversed = (name: string): string => `${name.split('.').reverse().join('.')}.`;

/**
 * Compares canonical names as ListResourceRecordSets and ListHostedZonesByName sort them: by ASCII over the escaped name with its
 * labels reversed and a trailing dot, so that `-` (0x2D) sorts before the dot (0x2E).
 */
export const compareReversedLabels = (left: string, right: string): number => {
  const [a, b] = [reversed(left), reversed(right)];
  if (a === b) return 0;
  return a < b ? -1 : 1;
};
