import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import { runShell } from '../../lib/shell/run-shell.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const folder = await temporaryFolder();
afterAll(() => folder[Symbol.asyncDispose]());

let count = 0;
let out = '';
beforeEach(() => {
  count += 1;
  mkdirSync(join(folder.path, String(count)));
  out = join(folder.path, String(count), 'normal.csv');
});

const fileWith = (content: string | Uint8Array): string => {
  const path = join(folder.path, String(count), 'given');
  writeFileSync(path, content);
  return path;
};

const good = 'host,ip,name\nGitLab,10.0.4.12,=1+1\n';

describe('import', () => {
  it('without a mistake ends with 0, and writes what it read', async () => {
    const { text, exitCode } = await runShell(['import', fileWith(good), '--zone', 'corp.internal', '--out', out]);
    expect(exitCode).toBe(0);
    expect(text).toBe(`CSV: 1 endpoint, 0 mistakes, 0 left out\n\n${out} has the 1 endpoint without mistakes.`);
    expect(readFileSync(out, 'utf8')).toBe(
      "hostname,targets,standby,port,ssl_mode,ttl,name,owner,note\ngitlab.corp.internal,10.0.4.12,,,,,'=1+1,,\n",
    );
  });

  it('with mistakes ends with 1, names each with line and column, and writes the rest', async () => {
    const file = fileWith(`${good}b.corp.internal,10.0.4,\nc.corp.internal,10.0.4.13,\n`);
    const { text, exitCode } = await runShell(['import', file, '--out', out]);
    expect(exitCode).toBe(1);
    expect(text).toContain('line 3, column 2: 10.0.4 is no IPv4 address: it has 3 of 4 parts.');
    expect(text).toContain('[target-is-ip-or-name]');
    expect(readFileSync(out, 'utf8').split('\n')).toHaveLength(4);
  });

  it('prints one JSON value and nothing else with --json, with and without --out', async () => {
    const file = fileWith('host,ip,rack\na.corp.internal,10.0.4.12,4\nb.corp.internal,,\n');
    for (const args of [[], ['--out', out]]) {
      const { text, exitCode, notes } = await runShell(['import', file, '--json', ...args]);
      expect(exitCode).toBe(1);
      expect(notes).toBeUndefined();
      expect(JSON.parse(text)).toEqual({
        format: 'csv',
        rows: [
          {
            hostname: 'a.corp.internal',
            targets: ['10.0.4.12'],
            standby: [],
            port: null,
            sslMode: null,
            ttl: null,
            name: null,
            owner: null,
            note: null,
            line: 2,
          },
        ],
        mistakes: [{ line: 3, column: 2, code: 'target-is-ip-or-name', message: expect.stringContaining('no target') }],
        leftOut: [{ line: 1, what: 'column 3, "rack"' }],
      });
    }
  });

  test.each<[string, string | Uint8Array | undefined, RegExp]>([
    ['an absent file', undefined, /no such file/],
    ['an empty file', '', /It is empty/],
    ['unknown columns', 'a,b\n1,2\n', /"a", "b"/],
    [
      'a history',
      '{"stream":"_audit","sequence":1,"at":"x","previousHash":"0","hash":"1","body":{}}\n',
      /export --registry/,
    ],
    ['a binary file', Buffer.alloc(5000), /binary/],
    ['30 MB', Buffer.alloc(30_000_000, 'hostname,ip\n'), /at most 10\.0 MB/],
  ])('of %s ends with 3, says why in a line, and writes nothing', async (_, content, expected) => {
    const file = content === undefined ? join(folder.path, 'absent') : fileWith(content);
    for (const args of [[], ['--json']]) {
      const { text, exitCode, notes } = await runShell(['import', file, '--out', out, ...args]);
      expect(exitCode).toBe(3);
      const message = args.length === 0 ? text : notes;
      expect(message).toMatch(expected);
      expect(text).toMatch(/^[^\n]+$/);
      expect(`${text}${notes}`).not.toMatch(/\n\s+at /);
      expect(existsSync(out)).toBe(false);
      if (args.length > 0) expect(JSON.parse(text)).toEqual({ error: expect.stringMatching(expected) });
    }
  });

  test.each<[readonly string[], RegExp]>([
    [[], /file: give one/],
    [['a', 'b'], /file: give one/],
    [['a', '--zone', 'a_b'], /zone: a_b contains "_"/],
  ])('%j is a mistake on the command line', async (args, expected) => {
    const { text, exitCode } = await runShell(['import', ...args]);
    expect(exitCode).toBe(3);
    expect(text).toMatch(expected);
  });

  it('never overwrites the file that it reads, and says where it cannot write', async () => {
    const file = fileWith(good);
    expect((await runShell(['import', file, '--out', file])).text).toContain('out: it is the file to import');
    expect(readFileSync(file, 'utf8')).toBe(good);
    const nowhere = join(folder.path, 'absent', 'normal.csv');
    expect(await runShell(['import', file, '--out', nowhere])).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining('cannot be written'),
    });
    expect((await runShell(['import', folder.path])).text).toMatch(/EISDIR/);
  });
});
