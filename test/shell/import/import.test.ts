import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, test } from 'vitest';
import { runShell } from '../../../lib/shell/run-shell.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

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
    expect(text).toContain('line 3, column 2: 10.0.4 is not an IPv4 address: it has 3 of 4 parts.');
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
    expect((await runShell(['import', folder.path])).text).toContain('it is a folder, not a file');
  });
});

describe('import --from-audit', () => {
  const audit = (): string =>
    fileWith(readFileSync(new URL('../../fixtures/postal-audit.json', import.meta.url), 'utf8'));

  it('says what to add, what to adopt, what to decide, and what to enter in Postal, and writes what can be imported', async () => {
    const { text, exitCode } = await runShell([
      'import',
      '--from-audit',
      audit(),
      '--zone',
      'mail.corp.internal',
      '--out',
      out,
    ]);
    expect(exitCode).toBe(1);
    expect(text).toContain('1 to add, 0 to adopt, 2 to decide by hand');
    expect(text).toContain('old-relay.mail.corp.internal → 10.20.0.9');
    expect(text).toContain(
      'acme/production → Routing → SMTP Endpoints → Old relay → Hostname: old-relay.mail.corp.internal  (now 10.20.0.9)',
    );
    const again = await runShell(['import', out, '--json']);
    expect(JSON.parse(again.text)).toMatchObject({
      rows: [
        {
          hostname: 'old-relay.mail.corp.internal',
          targets: ['10.20.0.9'],
          port: 25,
          sslMode: 'None',
          name: 'Old relay',
        },
      ],
      mistakes: [],
    });
  });

  it('prints the command that adopts a name, and a file of names to adopt where there is nothing to add', async () => {
    const endpoints = [
      {
        id: 1,
        server: 'a/b',
        name: 'My Desk',
        hostname: 'desk.corp.internal',
        port: 2525,
        sslMode: 'TLS',
        findings: [{ code: 'unregistered' }],
      },
    ];
    const file = fileWith(JSON.stringify({ endpoints, registeredNotInPostal: [] }));
    const { text, exitCode } = await runShell([
      'import',
      '--from-audit',
      file,
      '--zone',
      'corp.internal',
      '--out',
      out,
    ]);
    expect(exitCode).toBe(0);
    expect(text).toContain('/postal-endpoint adopt desk.corp.internal --port 2525 --ssl-mode TLS --name "My Desk"');
    expect(JSON.parse((await runShell(['import', out, '--json'])).text)).toMatchObject({
      rows: [{ targets: [] }],
      mistakes: [],
    });
  });

  it('prints JSON, and takes zones and names from a policy', async () => {
    const { text } = await runShell(['import', '--from-audit', audit(), '--policy', 'config/policy.json', '--json']);
    expect(JSON.parse(text)).toMatchObject({ format: 'audit', inPostal: [{ id: 2, field: 'Hostname' }], mistakes: [] });
  });

  test.each<[readonly string[], RegExp]>([
    [['--zone', 'corp.internal'], /not what postal-endpoint audit --json prints/],
    [[], /from-audit: give --policy policy.json too, or --zone/],
    [['x.csv', '--zone', 'corp.internal'], /"x.csv": unexpected argument beside --from-audit/],
  ])('with %j of another file ends with 3', async (args, expected) => {
    const { text, exitCode } = await runShell(['import', '--from-audit', fileWith('host,ip\n'), '--out', out, ...args]);
    expect(exitCode).toBe(3);
    expect(text).toMatch(expected);
    expect(existsSync(out)).toBe(false);
  });
});
