const unitsMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** `90m`, `12h`, `7d` or `2w` in milliseconds; undefined if it is anything else. */
export const spanMs = (text: string): number | undefined => {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/.exec(text) ?? [];
  const each = unit === undefined ? undefined : unitsMs[unit];
  return each === undefined ? undefined : Number(count) * each;
};
