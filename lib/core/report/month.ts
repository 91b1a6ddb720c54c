import { daysFrom, utcDay } from './daily-summary.ts';

const names = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Reads `2026-11`; undefined where it is not a month. Without a text: the month of yesterday, the newest day that is summed up. */
export const readMonth = (text: string | undefined, nowMs: number): string | undefined => {
  if (text === undefined) return daysFrom(utcDay(nowMs), -1).slice(0, 7);
  return /^20\d\d-(0[1-9]|1[0-2])$/.test(text) ? text : undefined;
};

/** `November 2026`. */
export const monthText = (month: string): string => `${names[Number(month.slice(5)) - 1] ?? ''} ${month.slice(0, 4)}`;

/** All days of a month, `2026-11-01` and on. */
export const daysOfMonth = (month: string): readonly string[] => {
  const count = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  return Array.from({ length: count }, (_, index) => daysFrom(`${month}-01`, index));
};
