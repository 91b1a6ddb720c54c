/** Most items that one sentence lists. */
const most = 4;

/** `a`, `a and b`, `a, b and c`, `a, b, c, d and 28 more`. */
export const listed = (items: readonly string[]): string => {
  const shown = items.length <= most ? items : [...items.slice(0, most), `${items.length - most} more`];
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
};

/** The singular or plural form, by the number of subjects. */
export const agreed = (subjects: readonly unknown[], one: string, many: string): string =>
  subjects.length === 1 ? one : many;

/** `10 s`, `0.4 s`. */
export const seconds = (milliseconds: number): string => `${Math.round(milliseconds / 100) / 10} s`;

/** The server's text on one line, cut to 80 characters. */
export const saying = (text: string): string => {
  const line = [...text.replace(/\s+/g, ' ').trim()];
  return line.length <= 80 ? line.join('') : `${line.slice(0, 80).join('')}…`;
};
