import { registryFormats } from '../endpoint/registry-format.ts';
import { alertRows } from './alert-rows.ts';
import { auditRow } from './audit-row.ts';
import { changeRows } from './change-rows.ts';
import { excerpt } from './excerpt.ts';
import { flag, optionalFlag, optionalPageNumber, optionalText, optionalTexts, pageNumber, text } from './fields.ts';
import { filterDoing, filterFields, filterOf, filterOptions, unregistered, which } from './filter-parts.ts';
import { importRow } from './import-row.ts';
import { reportRow } from './report-row.ts';
import { row } from './row.ts';
import { given, hostname, onPage, page, pageOf, port, share, sslMode } from './row-parts.ts';

/** What a check is of: `all`, or a pattern, are many. */
const checkedText = (hostname: string): string =>
  hostname.toLowerCase() === 'all'
    ? 'every hostname'
    : hostname.includes('*')
      ? `every hostname that fits ${hostname}`
      : hostname;

/** The command table. A verb is one row here, a message, and a use case. */
export const table = {
  ...changeRows,
  import: importRow,
  show: row({
    verb: 'show',
    summary: 'Everything known about one hostname',
    positionals: [hostname],
    options: [share],
    example: 'show gitlab.mail.corp.internal',
    fields: { hostname: text, share: flag },
    command: (values) => ({ verb: 'show', hostname: values.one('hostname') ?? '', share: values.flag('share') }),
    doing: (command) => `Looking up ${command.hostname}`,
  }),
  list: row({
    verb: 'list',
    summary: 'Registered hostnames: all, or by filter',
    positionals: [which],
    options: [
      ...filterOptions,
      unregistered,
      {
        name: 'format',
        placeholder: 'csv',
        choices: registryFormats,
        example: 'csv',
        help: `as a file, with --share to the channel: ${registryFormats.join(', ')}`,
      },
      { name: 'json', help: 'the same as --format jsonl: the registry for postal-endpoint audit' },
      {
        name: 'at',
        placeholder: '2026-11-20',
        example: '2026-11-20',
        help: 'as it was at the beginning of that day, or at 2026-11-20T14:30, in the time zone of the policy',
      },
      page,
      share,
    ],
    example: 'list --target 10.0.4.12',
    fields: {
      hostname: optionalText,
      ...filterFields,
      format: optionalText,
      json: optionalFlag,
      at: optionalText,
      page: pageNumber,
      share: flag,
    },
    command: (values) => ({
      verb: 'list',
      ...given(values, 'hostname'),
      ...filterOf(values),
      ...given(values, 'format'),
      ...(values.flag('json') && { json: true }),
      ...given(values, 'at'),
      page: pageOf(values),
      share: values.flag('share'),
    }),
    doing: (command) =>
      `${command.json || command.format !== undefined ? 'Writing the registry as a file' : 'Listing hostnames'}${command.hostname === undefined ? '' : `: ${command.hostname}`}${filterDoing(command)}${command.at === undefined ? '' : `, as of ${command.at}`}${onPage(command.page)}`,
  }),
  check: row({
    verb: 'check',
    summary:
      "Check now, from Postal's network, whether Postal could deliver to a hostname, to all, or to *.mail.corp.internal",
    positionals: [hostname],
    options: [
      ...filterOptions,
      unregistered,
      port,
      sslMode,
      {
        name: 'rcpt',
        placeholder: 'a@b',
        example: 'someone@example.com',
        help: 'also try this recipient, as Postal would; a right of its own',
      },
      { name: 'deliver', help: 'and deliver one marked message to it; a right of its own' },
      {
        name: 'result',
        placeholder: 'id',
        example: '5f3a9c0d7e21b846',
        help: 'a finished check, set by its page buttons',
      },
      page,
      share,
    ],
    example: 'check gitlab.mail.corp.internal',
    fields: {
      hostname: text,
      ...filterFields,
      port: optionalText,
      sslMode: optionalText,
      rcpt: optionalText,
      deliver: flag,
      result: optionalText,
      among: optionalTexts,
      page: optionalPageNumber,
      share: flag,
    },
    command: (values) => ({
      verb: 'check',
      hostname: values.one('hostname') ?? '',
      ...filterOf(values),
      ...given(values, 'port'),
      ...given(values, 'ssl-mode', 'sslMode'),
      ...given(values, 'rcpt'),
      deliver: values.flag('deliver'),
      ...given(values, 'result'),
      ...(values.one('page') !== undefined && { page: pageOf(values) }),
      share: values.flag('share'),
    }),
    doing: (command) =>
      [
        `Checking ${checkedText(command.hostname)}${filterDoing(command)}`,
        ...(command.port === undefined ? [] : [`port ${command.port}`]),
        ...(command.sslMode === undefined ? [] : [command.sslMode]),
        ...(command.rcpt === undefined
          ? []
          : [`recipient ${command.rcpt}${command.deliver ? ', delivering one marked message' : ''}`]),
      ].join(', '),
  }),
  history: row({
    verb: 'history',
    summary: 'What was changed, when and by whom',
    positionals: [{ ...hostname, optional: true }],
    options: [
      { name: 'since', placeholder: '7d', example: '7d', help: 'how far back: 12h, 7d, 4w or a date' },
      { name: 'by', placeholder: '@user', takesId: true, example: '@maria', help: 'only what this person did' },
      {
        name: 'target',
        placeholder: 'IP',
        reads: 'host',
        example: '10.0.4.12',
        help: 'only changes that set this address or name, or took it away',
      },
      { name: 'export', help: 'as a file of JSON lines, sent to you; with --share to the channel' },
      { name: 'verify', help: 'compare it with the audit channel: was anything changed afterwards?' },
      page,
      share,
    ],
    example: 'history gitlab.mail.corp.internal --since 7d',
    fields: {
      hostname: optionalText,
      since: optionalText,
      by: optionalText,
      target: optionalText,
      export: optionalFlag,
      verify: optionalFlag,
      page: pageNumber,
      share: flag,
    },
    command: (values) => ({
      verb: 'history',
      ...given(values, 'hostname'),
      ...given(values, 'since'),
      ...given(values, 'by'),
      ...given(values, 'target'),
      ...(values.flag('export') && { export: true }),
      ...(values.flag('verify') && { verify: true }),
      page: pageOf(values),
      share: values.flag('share'),
    }),
    doing: (command) =>
      `${command.verify ? 'Verifying' : command.export ? 'Exporting' : 'Reading'} the history${command.hostname === undefined ? '' : ` of ${command.hostname}`}${command.since === undefined ? '' : `, since ${command.since}`}${command.by === undefined ? '' : `, by ${command.by}`}${command.target === undefined ? '' : `, of target ${command.target}`}${onPage(command.page)}`,
  }),
  explain: row({
    verb: 'explain',
    summary: 'What a line of Postal’s log or delivery details means, and what to do',
    positionals: [
      { name: 'text', reads: 'verbatim', example: 'No SMTP servers were available for example.com. No hosts to try.' },
    ],
    options: [share],
    example: 'explain No SMTP servers were available for example.com. No hosts to try.',
    fields: { text, share: flag },
    command: (values) => ({ verb: 'explain', text: values.one('text') ?? '', share: values.flag('share') }),
    doing: (command) => `Looking up what ${excerpt(command.text.replace(/\s+/g, ' '))} means`,
  }),
  pending: row({
    verb: 'pending',
    summary: 'Plans that wait for somebody',
    positionals: [],
    options: [share],
    example: 'pending',
    fields: { share: flag },
    command: (values) => ({ verb: 'pending', share: values.flag('share') }),
    doing: () => 'Looking for plans that wait',
  }),
  bulk: row({
    verb: 'bulk',
    summary: 'What a change of many names would do, or did; retries what failed',
    positionals: [{ name: 'bulk', reads: 'word', example: '01JDXW4M3Z8Q7B5T9K2N6P0R7Q' }],
    options: [{ name: 'retry', help: 'ask again for the changes that were not applied' }, page],
    example: 'bulk 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    fields: { bulk: text, retry: flag, page: pageNumber },
    command: (values) => ({
      verb: 'bulk',
      bulk: values.one('bulk') ?? '',
      retry: values.flag('retry'),
      page: pageOf(values),
    }),
    doing: (command) =>
      command.retry
        ? `Asking again for what bulk ${command.bulk} did not apply`
        : `Reading bulk ${command.bulk}${onPage(command.page)}`,
  }),
  drift: row({
    verb: 'drift',
    summary: 'Where Route 53 differs from what is registered',
    positionals: [{ ...hostname, optional: true }],
    options: [page, share],
    example: 'drift gitlab.mail.corp.internal',
    fields: { hostname: optionalText, page: pageNumber, share: flag },
    command: (values) => ({
      verb: 'drift',
      ...given(values, 'hostname'),
      page: pageOf(values),
      share: values.flag('share'),
    }),
    doing: (command) => `Comparing Route 53 with ${command.hostname ?? 'every registered name'}${onPage(command.page)}`,
  }),
  ...alertRows,
  report: reportRow,
  status: row({
    verb: 'status',
    summary: 'State of the hostnames, the zones and this bot',
    positionals: [],
    options: [share],
    example: 'status',
    fields: { share: flag },
    command: (values) => ({ verb: 'status', share: values.flag('share') }),
    doing: () => 'Reading the state',
  }),
  doctor: row({
    verb: 'doctor',
    summary: 'Check this deployment from inside',
    positionals: [],
    options: [share],
    example: 'doctor',
    fields: { share: flag },
    command: (values) => ({ verb: 'doctor', share: values.flag('share') }),
    doing: () => 'Examining this deployment',
  }),
  audit: auditRow,
  whoami: row({
    verb: 'whoami',
    summary: 'Who I think you are, and what you may do here',
    positionals: [],
    options: [],
    example: 'whoami',
    fields: {},
    command: () => ({ verb: 'whoami' }),
    doing: () => 'Looking up what you may do',
  }),
};

/** The slash command itself. */
export const slashCommand = '/postal-endpoint';

/** `home` has no command line: opening the App Home asks for it. */
export type TypedVerb = keyof typeof table;

/** A row, whatever its verb. */
export type AnyRow = (typeof table)[TypedVerb];

/** The verbs, in the order in which help shows them. */
export const typedVerbs = Object.keys(table) as readonly TypedVerb[];

/** Help has no use case: it is answered from the table at once. */
export const helpExample = 'help add';

export const isTypedVerb = (word: string): word is TypedVerb => Object.hasOwn(table, word);
