import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RegistryFormat, registryFormats } from '../../../lib/core/endpoint/registry-format.ts';
import type { RegistryRow } from '../../../lib/core/endpoint/registry-row.ts';
import { cellText } from '../../../lib/core/import/cell.ts';
import { registryText } from '../../../lib/core/import/registry-text.ts';
import { hostileRows } from '../../support/hostile-registry.ts';
import { read } from '../../support/import-under-test.ts';
import { findProgram } from '../../support/run.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const row = (hostname: string, targets: readonly string[], more: Partial<RegistryRow> = {}): RegistryRow => ({
  hostname,
  targets: [...targets],
  standby: [],
  port: 25,
  sslMode: 'Auto',
  ttl: 60,
  name: null,
  owner: null,
  note: null,
  ...more,
});

const sample = [
  row('gitlab.mail.corp.internal', ['10.0.4.12', 'fd00::12'], {
    name: '=HYPERLINK("x")',
    note: '@all, "now"',
    ttl: 300,
  }),
  row('tickets.corp.internal', ['lb.other.internal'], { standby: ['10.0.4.13'], port: 587, sslMode: 'TLS' }),
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const python = findProgram('python3');
const compiler = findProgram('named-compilezone');

/** The cells that Python's csv module reads. */
const pythonCells = (input: string): readonly (readonly string[])[] => {
  const script = 'import csv, json, sys; print(json.dumps(list(csv.reader(sys.stdin))))';
  // Line ends are the module's own to read.
  const env = { PYTHONUTF8: '1', PYTHONIOENCODING: 'utf-8:surrogatepass' };
  const output = execFileSync(
    python ?? '',
    ['-c', `import io, sys; sys.stdin = io.TextIOWrapper(sys.stdin.buffer, newline=""); ${script}`],
    {
      input,
      encoding: 'utf8',
      env,
    },
  );
  return JSON.parse(output);
};

it.skipIf(python === undefined)("Python's csv module reads the cells, and no cell begins like a formula", () => {
  expect(pythonCells(registryText('csv', sample))).toEqual([
    ['hostname', 'targets', 'standby', 'port', 'ssl_mode', 'ttl', 'name', 'owner', 'note'],
    [
      'gitlab.mail.corp.internal',
      '10.0.4.12 fd00::12',
      '',
      '25',
      'Auto',
      '300',
      `'=HYPERLINK("x")`,
      '',
      `'@all, "now"`,
    ],
    ['tickets.corp.internal', 'lb.other.internal', '10.0.4.13', '587', 'TLS', '60', '', '', ''],
  ]);
});

it.skipIf(python === undefined)(
  'Python reads every cell of hostile rows, from which our import makes the same texts',
  () => {
    const [given = []] = fc.sample(hostileRows(150, 300), { numRuns: 1, seed: 1_740 });
    // What no command takes, though an older ledger might hold it.
    const lines = {
      ...row('lines.corp.internal', ['10.0.0.1']),
      name: 'two\nlines',
      owner: 'a\r\nb',
      note: '=1\n"+2",\n',
    };
    const [, ...cells] = pythonCells(registryText('csv', [...given, lines]));
    expect(cells.filter((texts) => texts.some((text) => /^\s*[=+\-@]/.test(text)))).toEqual([]);
    expect(cells.map((texts) => texts.slice(0, 6))).toEqual(
      [...given, lines].map(({ hostname, targets, standby, port, sslMode, ttl }) => [
        hostname,
        targets.join(' '),
        standby.join(' '),
        String(port),
        sslMode,
        String(ttl),
      ]),
    );
    // A database's NULL is an empty cell, which import leaves as it is registered.
    expect(cells.slice(0, -1).map((texts) => texts.slice(6).map(cellText))).toEqual(
      given.map(({ name, owner, note }) => [name, owner, note].map((text) => (text === 'NULL' ? '' : (text ?? '')))),
    );
    expect(cells.at(-1)?.slice(6)).toEqual(['two\nlines', 'a\r\nb', `'=1\n"+2",\n`]);
  },
);

/** The records but SOA and NS that BIND loads, sorted: owner, TTL, class, type, value. */
const loaded = (text: string): readonly string[] => {
  const file = join(folder.path, 'zone');
  writeFileSync(file, text);
  const origin = /^\$ORIGIN (\S+)$/m.exec(text)?.[1] ?? '';
  // Without "-k fail" names with an underscore or worse would pass.
  const output = execFileSync(compiler ?? '', [
    '-q',
    '-k',
    'fail',
    '-n',
    'ignore',
    '-i',
    'none',
    '-o',
    '-',
    origin,
    file,
  ]);
  return output
    .toString()
    .split('\n')
    .map((line) => line.replace(/\s+/g, ' '))
    .filter((line) => line !== '' && !/ IN (SOA|NS) /.test(line))
    .sort();
};

describe.skipIf(compiler === undefined)('named-compilezone', () => {
  it('loads the addresses of hostile rows, and nothing of their texts', () => {
    const [given = []] = fc.sample(hostileRows(150, 300), { numRuns: 1, seed: 1_741 });
    expect(loaded(registryText('zone', given))).toEqual(
      given
        .flatMap(({ hostname, targets, ttl }) =>
          targets.map((target) => `${hostname}. ${ttl} IN ${target.includes(':') ? 'AAAA' : 'A'} ${target}`),
        )
        .sort(),
    );
  });

  it('loads the zone file', () => {
    expect(loaded(registryText('zone', sample))).toEqual([
      'gitlab.mail.corp.internal. 300 IN A 10.0.4.12',
      'gitlab.mail.corp.internal. 300 IN AAAA fd00::12',
      'tickets.corp.internal. 60 IN CNAME lb.other.internal.',
    ]);
  });

  it.each([
    ['a name and one below it', [row('corp.internal', ['lb.internal']), row('a.corp.internal', ['10.0.0.2'])]],
    ['one name', [row('a.corp.internal', ['10.0.0.1'])]],
  ])('loads %s', (_, rows) => {
    expect(loaded(registryText('zone', rows))).toHaveLength(rows.length);
  });
});

it.skipIf(compiler === undefined)('names in different top-level domains are one zone each', () => {
  const both = registryText('zone', [row('a.one.internal', ['10.0.0.1']), row('b.two.example', ['10.0.0.2'])]);
  const [, ...zones] = both.split('; Zone ');
  expect(zones.map((zone) => loaded(`; ${zone}`))).toEqual([
    ['a.one.internal. 60 IN A 10.0.0.1'],
    ['b.two.example. 60 IN A 10.0.0.2'],
  ]);
});

const text = fc.option(
  fc
    .string({ unit: fc.constantFrom(...'\'"=+-@,; aÄ😀'), minLength: 1, maxLength: 9 })
    .map((raw) => raw.trim())
    .filter((raw) => raw !== ''),
);
const rows = fc
  .uniqueArray(fc.tuple(fc.nat(50), fc.nat(255), fc.nat(3000), text, text, text), {
    selector: ([name]) => name,
    minLength: 1,
    maxLength: 6,
  })
  .map((drawn) =>
    drawn.map(([host, octet, ttl, name, owner, note]) =>
      row(`h${host}.corp.internal`, [`10.0.1.${octet}`, `fd00::1:${octet + 1}`], {
        ttl,
        name,
        owner,
        note,
        standby: ['10.9.9.9'],
      }),
    ),
  );

/** Of a row, what the format holds: DNS has no place for the rest. */
const heldIn = (format: RegistryFormat, { hostname, targets, ttl, ...rest }: RegistryRow): object =>
  format === 'zone'
    ? { hostname, targets, ttl, standby: [], port: null, sslMode: null, name: null, owner: null, note: null }
    : { hostname, targets, ttl, ...rest };

it.each(registryFormats)('import reads %s again, row by row', (format) => {
  fc.assert(
    fc.property(rows, (given) => {
      const answer = read(registryText(format, given));
      expect(answer.format).toBe(format);
      expect(answer.mistakes).toEqual([]);
      expect(answer.rows.map(({ line: _, ...rest }) => rest)).toEqual(given.map((each) => heldIn(format, each)));
    }),
  );
});
