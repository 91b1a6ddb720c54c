import { type SslMode, sslModes } from '../endpoint/definition.ts';
import type { CommandOf, Verb } from './command.ts';

/** A value that stands by its place. */
export type Positional = {
  readonly name: string;
  /** Takes every value that follows. */
  readonly many?: true;
  readonly optional?: true;
  /** How its value reads: a `host` loses what chat and browsers wrap around one. */
  readonly reads: 'host' | 'word';
  /** Completes "… is missing: give". */
  readonly example: string;
};

/** A value that stands by its name, or a flag. */
export type Option = {
  readonly name: string;
  /** What stands for the value in usage; absent: a flag. */
  readonly placeholder?: string;
  readonly many?: true;
  /** `text` may hold spaces; a `number` is whole and from 1; the others are one word, which is what no `reads` means too. */
  readonly reads?: 'host' | 'word' | 'text' | 'number';
  /** Values worth completing. */
  readonly choices?: readonly string[];
  readonly example?: string;
  readonly help: string;
};

/** The values of one command line, read by the names in its row. */
export type Values = {
  one(name: string): string | undefined;
  many(name: string): readonly string[];
  flag(name: string): boolean;
};

/** `home` has no command line: opening the App Home asks for it. */
export type TypedVerb = Exclude<Verb, 'home'>;

/** Everything that is said of one verb, in one place: grammar, help, completion and acknowledgement are read from it. */
export type Row<V extends TypedVerb> = {
  readonly verb: V;
  readonly summary: string;
  readonly positionals: readonly Positional[];
  readonly options: readonly Option[];
  /** A command line, without the slash command's own name. */
  readonly example: string;
  /** Opens when the verb stands alone. */
  readonly form?: 'add';
  /** The hostname in whose order commands run; absent: it changes nothing and waits for nothing. */
  readonly changes?: (command: CommandOf<V>) => string;
  readonly command: (values: Values) => CommandOf<V>;
  /** What was understood, as the first sentence of the acknowledgement; plain text, values as typed. */
  readonly doing: (command: CommandOf<V>) => string;
};

const hostname: Positional = { name: 'hostname', reads: 'host', example: 'gitlab.mail.corp.internal' };
const share: Option = { name: 'share', help: 'answer in the channel, for all to see' };
const page: Option = { name: 'page', placeholder: 'N', reads: 'number', example: '2', help: 'which page; the first unless told' };
const port: Option = { name: 'port', placeholder: '25', example: '25', help: 'port of the mail server; 25 unless told' };
const sslMode: Option = {
  name: 'ssl-mode',
  placeholder: 'Auto',
  choices: sslModes,
  example: 'Auto',
  help: `Postal's SSL mode: ${sslModes.join(', ')}; Auto unless told`,
};
const defaultPort = '25';
const defaultSslMode: SslMode = 'Auto';

/** `{ [key]: value }`, or nothing where there is no value: what an exact optional property needs. */
const given = <Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: string });

const pageOf = (values: Values): number => Number(values.one('page') ?? '1');
const onPage = (number: number): string => (number > 1 ? `, page ${number}` : '');

/** The command table. A verb is one row here, one variant of `Command`, and one use case. */
export const table: { readonly [V in TypedVerb]: Row<V> } = {
  add: {
    verb: 'add',
    summary: 'Register a hostname that Postal can deliver to, and check that it would',
    positionals: [hostname, { name: 'target', many: true, reads: 'host', example: '10.0.4.12' }],
    options: [
      { name: 'standby', placeholder: 'target…', many: true, reads: 'host', example: '10.0.5.12', help: 'where to fail over to' },
      port,
      sslMode,
      { name: 'ttl', placeholder: '60', example: '60', help: 'how long resolvers may remember it, in seconds' },
      { name: 'name', placeholder: 'text', reads: 'text', example: 'GitLab', help: "name shown in Postal's web UI" },
      { name: 'owner', placeholder: '@who', reads: 'text', example: '@maria', help: 'person, group or team to ask' },
      { name: 'note', placeholder: 'text', reads: 'text', example: '"incoming mail of GitLab"', help: 'anything worth knowing' },
      { name: 'dry-run', help: 'say what would happen; change nothing' },
    ],
    example: 'add gitlab.mail.corp.internal 10.0.4.12 --port 25 --ssl-mode Auto',
    form: 'add',
    changes: ({ definition }) => definition.hostname,
    command: (values) => ({
      verb: 'add',
      definition: {
        hostname: values.one('hostname') ?? '',
        targets: values.many('target'),
        ...(values.many('standby').length > 0 ? { standby: values.many('standby') } : {}),
        ...given('port', values.one('port')),
        ...given('sslMode', values.one('ssl-mode')),
        ...given('ttl', values.one('ttl')),
        ...given('name', values.one('name')),
        ...given('owner', values.one('owner')),
        ...given('note', values.one('note')),
      },
      dryRun: values.flag('dry-run'),
    }),
    doing: ({ definition, dryRun }) =>
      [
        `${dryRun ? 'Trying out' : 'Adding'} ${definition.hostname} → ${definition.targets.join(', ')}`,
        ...(definition.standby ? [`standby ${definition.standby.join(', ')}`] : []),
        `port ${definition.port ?? defaultPort}`,
        definition.sslMode ?? defaultSslMode,
        ...(definition.ttl === undefined ? [] : [`TTL ${definition.ttl} s`]),
        ...(definition.name === undefined ? [] : [`name “${definition.name}”`]),
        ...(definition.owner === undefined ? [] : [`owner ${definition.owner}`]),
        ...(definition.note === undefined ? [] : [`note “${definition.note}”`]),
      ].join(', ') + (dryRun ? '. A dry run: nothing will be changed' : ''),
  },
  show: {
    verb: 'show',
    summary: 'Everything known about one hostname',
    positionals: [hostname],
    options: [share],
    example: 'show gitlab.mail.corp.internal',
    command: (values) => ({ verb: 'show', hostname: values.one('hostname') ?? '', share: values.flag('share') }),
    doing: (command) => `Looking up ${command.hostname}`,
  },
  list: {
    verb: 'list',
    summary: 'All registered hostnames',
    positionals: [],
    options: [{ name: 'target', placeholder: 'IP', reads: 'host', example: '10.0.4.12', help: 'only those that lead there' }, page, share],
    example: 'list --target 10.0.4.12',
    command: (values) => ({ verb: 'list', ...given('target', values.one('target')), page: pageOf(values), share: values.flag('share') }),
    doing: (command) => `Listing hostnames${command.target === undefined ? '' : ` that lead to ${command.target}`}${onPage(command.page)}`,
  },
  check: {
    verb: 'check',
    summary: 'Look now, from where Postal stands, whether it could deliver',
    positionals: [hostname],
    options: [port, sslMode, share],
    example: 'check gitlab.mail.corp.internal',
    command: (values) => ({
      verb: 'check',
      hostname: values.one('hostname') ?? '',
      ...given('port', values.one('port')),
      ...given('sslMode', values.one('ssl-mode')),
      share: values.flag('share'),
    }),
    doing: (command) =>
      [
        `Checking ${command.hostname}`,
        ...(command.port === undefined ? [] : [`port ${command.port}`]),
        ...(command.sslMode === undefined ? [] : [command.sslMode]),
      ].join(', '),
  },
  history: {
    verb: 'history',
    summary: 'What was changed, when and by whom',
    positionals: [{ ...hostname, optional: true }],
    options: [
      { name: 'since', placeholder: '7d', example: '7d', help: 'how far back: 12h, 7d, 4w or a date' },
      { name: 'by', placeholder: '@user', example: '@maria', help: 'only what this person did' },
      page,
      share,
    ],
    example: 'history gitlab.mail.corp.internal --since 7d',
    command: (values) => ({
      verb: 'history',
      ...given('hostname', values.one('hostname')),
      ...given('since', values.one('since')),
      ...given('by', values.one('by')),
      page: pageOf(values),
      share: values.flag('share'),
    }),
    doing: (command) =>
      `Reading the history${command.hostname === undefined ? '' : ` of ${command.hostname}`}${command.since === undefined ? '' : `, since ${command.since}`}${command.by === undefined ? '' : `, by ${command.by}`}${onPage(command.page)}`,
  },
  status: {
    verb: 'status',
    summary: 'How the hostnames, the zones and this bot are',
    positionals: [],
    options: [share],
    example: 'status',
    command: (values) => ({ verb: 'status', share: values.flag('share') }),
    doing: () => 'Looking at how everything is',
  },
  whoami: {
    verb: 'whoami',
    summary: 'Who I think you are, and what you may do here',
    positionals: [],
    options: [],
    example: 'whoami',
    command: () => ({ verb: 'whoami' }),
    doing: () => 'Looking up what you may do',
  },
};

/** What reading and writing a command line needs of a row, whatever its verb. */
export type AnyRow = Omit<Row<TypedVerb>, 'changes' | 'doing'>;

/** The slash command itself. */
export const slashCommand = '/postal-endpoint';

/** The verbs, in the order in which help shows them. */
export const typedVerbs = Object.keys(table) as readonly TypedVerb[];

/** Help has no use case: it is answered from the table at once. */
export const helpExample = 'help add';

const doingOf = <V extends TypedVerb>(verb: V, command: CommandOf<V>): string => table[verb].doing(command);
const changesOf = <V extends TypedVerb>(verb: V, command: CommandOf<V>): string | undefined => table[verb].changes?.(command);

/** The first sentence of a command's acknowledgement, without its full stop; plain text that holds what a person typed. */
export const doing = (command: CommandOf<TypedVerb>): string => doingOf(command.verb, command);

/** The hostname that a command changes, or undefined for one that only reads. */
export const changedHostname = (command: CommandOf<TypedVerb>): string | undefined => changesOf(command.verb, command);

export const isTypedVerb = (word: string): word is TypedVerb => Object.hasOwn(table, word);
