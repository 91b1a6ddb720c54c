import { sslModes } from '../endpoint/definition.ts';
import type { Finding, RuleId } from '../endpoint/finding.ts';
import { type Hostname, parseHostname } from '../endpoint/hostname.ts';
import { readTarget } from '../endpoint/target-text.ts';
import { checkPort } from '../validation/port-rules.ts';
import { checkSslMode } from '../validation/ssl-mode-rules.ts';
import { checkText } from '../validation/text-rules.ts';
import { checkTtl } from '../validation/ttl-rules.ts';
import type { ImportMistake, ImportRow } from './answer.ts';
import { cellText, onOneLine } from './cell.ts';
import type { Field } from './columns.ts';
import { oneLine } from './one-line.ts';

/** What a record has for one field: the texts as written, and the number of the cell, where there are cells. */
export type RawField = { readonly texts: readonly string[]; readonly column: number | null };

/** A record of a file, its fields as written. */
export type RawRow = { readonly line: number; readonly fields: ReadonlyMap<Field, RawField> };

/** A value, or every rule that it breaks. */
type Read<Value> = { readonly value: Value; readonly findings: readonly Pick<Finding, 'id' | 'wrong' | 'right'>[] };

const largestTtl = 2_147_483_647;
const digits = /^(\d+)(?:\.00?)?$/;

/** Longer than every name and address. What is longer is not looked at further, for a cell may hold megabytes. */
const longestValue = 1000;
const excerpt = (text: string): string => text.slice(0, longestValue);

/** Ports that a message may suggest. */
const usualPorts = [25, 465, 587, 2525];

/** A name without any dot lies in the zone. An IPv6 address has no dot either. */
const completed = (text: string, zone: string | undefined): string =>
  zone === undefined || text === '' || /[.:[\]]/.test(text) ? text : `${text}.${zone}`;

const readHostname = (text: string, zone: string | undefined): Read<Hostname | undefined> => {
  const parsed = parseHostname(excerpt(completed(text, zone)));
  return 'hostname' in parsed
    ? { value: parsed.hostname, findings: [] }
    : { value: undefined, findings: parsed.findings };
};

const targetTextsIn = (texts: readonly string[]): readonly string[] =>
  texts
    .flatMap((text) => cellText(text).split(/[,;/\s]+/))
    .filter((text) => text !== '')
    .map((text) => text.replace(/^\[([^\]]*:[^\]]*)\]$/, '$1'));

/** More than any cell means, whatever the policy allows. */
const mostTargets = 1000;
const tooManyTargets = {
  id: 'target-count',
  wrong: `It has more than ${mostTargets} targets.`,
  right: 'Give the addresses of one mail server.',
} as const;

/** Addresses, or one name, by the rules that need no policy. */
const readTargets = (texts: readonly string[]): Read<readonly string[]> => {
  const written = targetTextsIn(texts);
  if (written.length > mostTargets) return { value: [], findings: [tooManyTargets] };
  const read = written.map((text) => readTarget(excerpt(text)));
  const invalid = read.flatMap((target) => (target.kind === 'invalid' ? [target] : []));
  const names = read.filter(({ kind }) => kind === 'name').length;
  return {
    value: read.flatMap((target) =>
      target.kind === 'address' ? [target.address.text] : target.kind === 'name' ? [target.name] : [],
    ),
    findings: [
      ...invalid.map(({ wrong, right }) => ({ id: 'target-is-ip-or-name', wrong, right }) as const),
      ...(names > 0 && read.length - invalid.length > 1
        ? [
            {
              id: 'cname-alone',
              wrong: 'A name cannot be combined with other targets: a CNAME has one target.',
              right: 'Give addresses only, or one name.',
            } as const,
          ]
        : []),
    ],
  };
};

/** Digits, also as a spreadsheet writes a number with decimals. */
const wholeNumber = (text: string): number | undefined => {
  const [, whole] = digits.exec(text) ?? [];
  return whole === undefined ? undefined : Number(whole);
};

const readPort = (text: string): Read<number | null> => {
  const port = text === '' ? null : wholeNumber(text);
  if (port === null || (port !== undefined && port >= 1 && port <= 65_535)) return { value: port, findings: [] };
  return { value: null, findings: checkPort(excerpt(text), { ports: usualPorts }).findings };
};

const readTtl = (text: string): Read<number | null> => {
  const ttl = text === '' ? null : wholeNumber(text);
  if (ttl === null || (ttl !== undefined && ttl <= largestTtl)) return { value: ttl, findings: [] };
  return {
    value: null,
    findings: checkTtl(excerpt(text.replace(/\..*$/, '')), { ttl: { minimum: 0, maximum: largestTtl, default: 60 } })
      .findings,
  };
};

const readSslMode = (text: string): Read<ImportRow['sslMode']> => {
  if (text === '') return { value: null, findings: [] };
  const { findings } = checkSslMode(text);
  return { value: sslModes.find((mode) => mode.toLowerCase() === text.toLowerCase()) ?? null, findings };
};

const readText = (raw: string, argument: 'name' | 'owner' | 'note'): Read<string | null> => {
  const text = onOneLine(raw);
  const findings = checkText(text, argument).findings.filter(({ id }) => id === 'text-length');
  return { value: text === '' ? null : text, findings };
};

/** One mistake a rule, however often its cell breaks it. */
const mistakesOf = (
  findings: Read<unknown>['findings'],
  line: number,
  column: number | null,
): readonly ImportMistake[] => {
  const byRule = new Map<RuleId, readonly string[]>();
  for (const { id, wrong, right } of findings)
    byRule.set(id, [...(byRule.get(id) ?? []), `${wrong} ${right}`].slice(0, 5));
  return [...byRule].map(([code, sentences]) => ({ line, column, code, message: oneLine(sentences.join(' ')) }));
};

/** A hostname as a file has it, complete, or every rule that it breaks. */
export const hostnameOrMistakes = (
  text: string,
  { line, column }: Pick<ImportMistake, 'line' | 'column'>,
): { readonly hostname: Hostname } | { readonly mistakes: readonly ImportMistake[] } => {
  const { value, findings } = readHostname(text, undefined);
  return value === undefined ? { mistakes: mistakesOf(findings, line, column) } : { hostname: value };
};

/** Where one record's endpoint is read: the zone of short names, and whether the file gives targets at all. */
export type RowReading = { readonly zone: string | undefined; readonly hasTargets: boolean };

const noTarget = {
  id: 'target-is-ip-or-name',
  wrong: 'It has no target.',
  right: 'Give the address of the mail server, as in 10.0.4.12.',
} as const;

/** Reads a record. With a mistake in it there is no row. */
export const readRow = (
  { line, fields }: RawRow,
  { zone, hasTargets }: RowReading,
): { readonly row: ImportRow } | { readonly mistakes: readonly ImportMistake[] } => {
  const textOf = (field: Field): string => cellText(fields.get(field)?.texts.join(' ') ?? '');
  const hostname = readHostname(textOf('hostname'), zone);
  const targets = readTargets(fields.get('targets')?.texts ?? []);
  const standby = readTargets(fields.get('standby')?.texts ?? []);
  const port = readPort(textOf('port'));
  const sslMode = readSslMode(textOf('sslMode'));
  const ttl = readTtl(textOf('ttl'));
  const name = readText(textOf('name'), 'name');
  const owner = readText(textOf('owner'), 'owner');
  const note = readText(textOf('note'), 'note');
  const isTargetMissing = hasTargets && targets.value.length === 0 && targets.findings.length === 0;
  const read: readonly (readonly [Field, Read<unknown>['findings']])[] = [
    ['hostname', hostname.findings],
    ['targets', isTargetMissing ? [noTarget] : targets.findings],
    ['standby', standby.findings],
    ['port', port.findings],
    ['sslMode', sslMode.findings],
    ['ttl', ttl.findings],
    ['name', name.findings],
    ['owner', owner.findings],
    ['note', note.findings],
  ];
  const mistakes = read
    .flatMap(([field, findings]) => mistakesOf(findings, line, fields.get(field)?.column ?? null))
    .sort((one, other) => (one.column ?? 0) - (other.column ?? 0));
  if (mistakes.length > 0 || hostname.value === undefined) return { mistakes };
  return {
    row: {
      hostname: hostname.value,
      targets: targets.value,
      standby: standby.value,
      port: port.value,
      sslMode: sslMode.value,
      ttl: ttl.value,
      name: name.value,
      owner: owner.value,
      note: note.value,
      line,
    },
  };
};
