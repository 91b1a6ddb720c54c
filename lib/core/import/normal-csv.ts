import type { ImportRow } from './answer.ts';
import { guardedCell } from './cell.ts';

const header = 'hostname,targets,standby,port,ssl_mode,ttl,name,owner,note';

const cell = (text: string): string => {
  const guarded = guardedCell(text);
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
};

const text = (value: string | number | null): string => (value === null ? '' : cell(String(value)));

/** Rows as CSV (RFC 4180) that spreadsheets show as it is, and that reads back as the same rows. */
export const normalCsv = (rows: readonly ImportRow[]): string =>
  [
    header,
    ...rows.map(({ hostname, targets, standby, port, sslMode, ttl, name, owner, note }) =>
      [hostname, targets.join(' '), standby.join(' '), port, sslMode, ttl, name, owner, note].map(text).join(','),
    ),
    '',
  ].join('\n');
