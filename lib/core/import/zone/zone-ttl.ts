const secondsIn: Readonly<Record<string, number>> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** Largest TTL (RFC 2181 §8). */
const largest = 2_147_483_647;

/** Whether a word of a zone file can only be meant as a TTL. */
export const isTtlText = (text: string): boolean => /^-?\d[\dwdhms]*$/i.test(text);

/** Reads a TTL in seconds, or with units as BIND writes them: `1h30m`. */
export const readZoneTtl = (text: string): number | undefined => {
  if (text.length > 60 || !/^(?:\d+|(?:\d+[wdhms])+)$/i.test(text)) return undefined;
  const parts = [...text.toLowerCase().matchAll(/(\d+)([wdhms]?)/g)];
  const seconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (secondsIn[unit] ?? 1), 0);
  return seconds <= largest ? seconds : undefined;
};
