import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { normalCsv } from '../../../lib/core/import/normal-csv.ts';
import { readImport } from '../../../lib/core/import/read-import.ts';

const words = [
  'hostname',
  'host',
  'ip',
  'targets',
  'port',
  'ttl',
  'name',
  'note',
  'ssl mode',
  'rack',
  'gitlab',
  'gitlab.corp.internal',
  'a.b.',
  '10.0.4.12',
  '10.0.4.256',
  'fd00::1',
  '[fd00::1]',
  '::ffff:10.0.4.12',
  '25',
  '25.0',
  '70000',
  '-1',
  '9'.repeat(400),
  'TLS',
  'NULL',
  '=1+1',
  '@',
  '*',
  '_tcp',
  '$ORIGIN',
  '$TTL',
  '$INCLUDE',
  '$GENERATE',
  '1-3',
  '1-3/0',
  'h$',
  'h$' + '{0,3,n}',
  'IN',
  'CH',
  'A',
  'AAAA',
  'CNAME',
  'SOA',
  'TXT',
  'MX',
  'AWS',
  'ALIAS',
  '\\#',
  '\\',
  '\\097',
  '\\300',
  'a..b',
  'почта',
  'a'.repeat(70),
  '{"hostname":"a","targets":[]}',
  '{"host":{}}',
  '[1]',
  '{',
  '主机名',
  '“',
  '”',
  "'",
  '\u00a0',
  '\u200b',
  '\ud800',
  '\0',
  '\x07',
  'sep=;',
  'a'.repeat(3000),
];
const separators = [
  ',',
  ';',
  '\t',
  ' ',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '"',
  '""',
  '(',
  ')',
  '; comment',
  '\n\n',
  ',,',
  '\n ',
];

const piece = fc.oneof(
  fc.constantFrom(...words),
  fc.constantFrom(...separators),
  fc.constantFrom(...separators),
  fc.string({ maxLength: 6 }),
);
const begins = fc.constantFrom(
  '',
  '',
  'hostname,targets,port\n',
  'host;ip\r\n',
  'ip\thost\n',
  '$ORIGIN corp.internal.\n',
  'a 60 A 10.0.0.1\n',
  '{"host":"a","ip":"10.0.0.1"}\n',
  '\ufeff',
);
const text = fc.tuple(begins, fc.array(piece, { maxLength: 40 })).map(([begin, pieces]) => begin + pieces.join(''));
const file = fc.oneof(
  { weight: 6, arbitrary: text.map((each) => Buffer.from(each)) },
  { weight: 1, arbitrary: text.map((each) => Buffer.from(`\ufeff${each}`, 'utf16le')) },
  { weight: 1, arbitrary: text.map((each) => Buffer.from(each, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);

const corp = parseHostname('corp.internal');
const zone = 'hostname' in corp ? corp.hostname : undefined;
const printable = /^[^\p{C}\p{Zl}\p{Zp}]{1,1000}$/u;

it('reads 10,000 files of rubbish without throwing, each mistake with its line in one printable line', {
  timeout: 240_000,
}, () => {
  const formats = { csv: 0, zone: 0, jsonl: 0, none: 0 };
  let rows = 0;
  let mistakes = 0;
  fc.assert(
    fc.property(file, (octets) => {
      const answer = readImport(octets, zone);
      if ('unreadable' in answer) {
        formats.none += 1;
        expect(answer.unreadable).toMatch(printable);
        return;
      }
      formats[answer.format] += 1;
      rows += answer.rows.length;
      mistakes += answer.mistakes.length;
      const lines =
        Buffer.from(octets)
          .toString('latin1')
          .split(/\r\n|\n|\r/).length * 2;
      for (const list of [answer.rows, answer.mistakes, answer.leftOut]) {
        const at = list.map(({ line }) => line);
        expect(at).toEqual([...at].sort((one, other) => one - other));
        for (const line of at) expect(line >= 1 && line <= lines && Number.isInteger(line)).toBe(true);
      }
      for (const { message, column } of answer.mistakes) {
        expect(message).toMatch(printable);
        expect(column === null || column >= 1).toBe(true);
        if (answer.format === 'csv') expect(column).not.toBeNull();
      }
      for (const { what } of answer.leftOut) expect(what).toMatch(printable);
      for (const { hostname } of answer.rows) expect(parseHostname(hostname)).toEqual({ hostname });
      expect(new Set(answer.rows.map(({ hostname }) => hostname)).size).toBe(answer.rows.length);

      const again = readImport(Buffer.from(normalCsv(answer.rows)));
      const unplaced = ({ line: _, ...row }: (typeof answer.rows)[number]) => row;
      expect('rows' in again && [again.rows.map(unplaced), again.mistakes, again.leftOut]).toEqual([
        answer.rows.map(unplaced),
        [],
        [],
      ]);
    }),
    { numRuns: 10_000 },
  );
  for (const count of [...Object.values(formats), rows, mistakes])
    expect(count, JSON.stringify(formats)).toBeGreaterThan(300);
});
