import type { ImportAnswer, LeftOut } from './answer.ts';

/** What `import --json` prints. */
export type ImportJson = Omit<ImportAnswer, 'unread'>;

export const importJson = ({ format, rows, mistakes, leftOut, unread }: ImportAnswer): ImportJson => ({
  format,
  rows,
  mistakes,
  leftOut: [...unread, ...leftOut].sort((one: LeftOut, other: LeftOut) => one.line - other.line),
});
