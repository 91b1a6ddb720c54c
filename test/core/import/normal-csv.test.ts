import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { ImportRow } from '../../../lib/core/import/answer.ts';
import { normalCsv } from '../../../lib/core/import/normal-csv.ts';
import { onlyRow, read } from '../../support/import-under-test.ts';
import { findProgram } from '../../support/run.ts';

const withName = (name: string): ImportRow => ({ ...onlyRow(read('host,ip\na.corp.internal,10.0.4.12\n')), name });

const nameAgain = (name: string): string | null => onlyRow(read(normalCsv([withName(name)]))).name;

it('has the nine columns, addresses separated by a space', () => {
  const { rows } = read(
    'host,ip,port,ttl,note\nb.corp.internal,"10.0.4.12,fd00::12",25,60,"a ""b"", c"\na.corp.internal,lb,,,\n',
  );
  expect(normalCsv(rows)).toBe(
    'hostname,targets,standby,port,ssl_mode,ttl,name,owner,note\n' +
      'b.corp.internal,10.0.4.12 fd00::12,,25,,60,,,"a ""b"", c"\n' +
      'a.corp.internal,lb,,,,,,,\n',
  );
});

describe('a text', () => {
  test.each(['=1+1', '+49 30', '-x', '@maria', "=cmd|' /C calc'!A0"])(
    '%j has an apostrophe before it, which import takes away',
    (name) => {
      expect(normalCsv([withName(name)])).toContain(`,'${name.includes(',') ? '' : name},`);
      expect(nameAgain(name)).toBe(name);
    },
  );

  test.each(["'x", "'x'", '“x”', '"x"', "''x''", '„x“', 'NULLs', 'a, b', 'a\\nb', '  '])(
    '%j is the same when it is read again',
    (name) => {
      const [first] = read(`{"host":"a.corp.internal","ip":"10.0.4.1","name":${JSON.stringify(name)}}\n`).rows;
      if (first === undefined) throw new Error('no row');
      expect(read(normalCsv([first])).rows).toEqual([{ ...first, line: 2 }]);
    },
  );

  it('of any kind is the same when it is read again', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'\'"“”„‘’«»=+-@, \t\nNULa😀'), maxLength: 12 }), (name) => {
        const [first] = read(`{"host":"a.corp.internal","ip":"10.0.4.1","name":${JSON.stringify(name)}}\n`).rows;
        if (first === undefined) throw new Error('no row');
        expect(read(normalCsv([first])).rows).toEqual([{ ...first, line: 2 }]);
      }),
      { numRuns: 3000 },
    );
  });
});

const python = findProgram('python3');

it.skipIf(python === undefined)("is read by Python's csv module cell by cell", () => {
  const { rows } = read(
    'host,ip,name,note\na.corp.internal,10.0.4.12,=1+1,"x ""y"", z;\'"\nb.corp.internal,"10.0.4.13 fd00::1",,“ü”\n',
  );
  const script = 'import csv, json, sys; print(json.dumps(list(csv.reader(sys.stdin))))';
  const cells: unknown = JSON.parse(
    execFileSync(python ?? '', ['-c', script], { input: normalCsv(rows), encoding: 'utf8', env: { PYTHONUTF8: '1' } }),
  );
  expect(cells).toEqual([
    ['hostname', 'targets', 'standby', 'port', 'ssl_mode', 'ttl', 'name', 'owner', 'note'],
    ['a.corp.internal', '10.0.4.12', '', '', '', '', "'=1+1", '', 'x "y", z;\''],
    ['b.corp.internal', '10.0.4.13 fd00::1', '', '', '', '', '', '', 'ü'],
  ]);
});
