import * as z from 'zod/mini';
import type { DefinitionInput } from '../endpoint/definition.ts';
import { decisionRows } from './decision-rows.ts';
import { flag, optionalFlag, optionalText, text, texts } from './fields.ts';
import { type Option, type Positional, row, type Values } from './row.ts';
import { change, defaultPort, defaultSslMode, force, given, hostname, ifForced, port, sslMode } from './row-parts.ts';

const fieldsWithoutTargets = {
  standby: z.exactOptional(texts),
  port: optionalText,
  sslMode: optionalText,
  ttl: optionalText,
  name: optionalText,
  owner: optionalText,
  note: optionalText,
};
const definitionInput: z.ZodMiniType<DefinitionInput> = z.strictObject({
  hostname: text,
  targets: texts,
  ...fieldsWithoutTargets,
});
const adoptions: z.ZodMiniType<Omit<DefinitionInput, 'hostname' | 'targets'>> = z.strictObject(fieldsWithoutTargets);
const changes: z.ZodMiniType<Partial<Omit<DefinitionInput, 'hostname'>>> = z.strictObject({
  targets: z.exactOptional(texts),
  ...fieldsWithoutTargets,
});

/** What every change takes besides: whether it is only tried out, and why it is to be applied in spite of a rule that needs a second person. */
const fieldsOfChange = { dryRun: flag, breakGlass: optionalText };

const dryRun: Option = { name: 'dry-run', help: 'say what would happen; change nothing' };
const breakGlass: Option = {
  name: 'break-glass',
  placeholder: 'reason',
  reads: 'text',
  example: '"mail is down, nobody to approve"',
  help: 'apply a protected change at once, for this reason; the audit channel sees it',
};
const targets: Positional = { name: 'target', many: true, reads: 'host', example: '10.0.4.12' };
const ofDefinition: readonly Option[] = [
  {
    name: 'standby',
    placeholder: 'target…',
    many: true,
    reads: 'host',
    example: '10.0.5.12',
    help: 'where to fail over to',
  },
  port,
  sslMode,
  { name: 'ttl', placeholder: '60', example: '60', help: 'how long resolvers may remember it, in seconds' },
  { name: 'name', placeholder: 'text', reads: 'text', example: 'GitLab', help: "name shown in Postal's web UI" },
  {
    name: 'owner',
    placeholder: '@who',
    reads: 'text',
    takesId: true,
    example: '@maria',
    help: 'person or group to ask, or channel for its alerts',
  },
  {
    name: 'note',
    placeholder: 'text',
    reads: 'text',
    example: '"incoming mail of GitLab"',
    help: 'anything worth knowing',
  },
];

const givenOfDefinition = (values: Values): Omit<DefinitionInput, 'hostname' | 'targets'> => ({
  ...(values.many('standby').length > 0 ? { standby: values.many('standby') } : {}),
  ...given(values, 'port'),
  ...given(values, 'ssl-mode', 'sslMode'),
  ...given(values, 'ttl'),
  ...given(values, 'name'),
  ...given(values, 'owner'),
  ...given(values, 'note'),
});

/** What every change takes besides. */
const ofChange = (values: Values) => ({
  dryRun: values.flag('dry-run'),
  ...given(values, 'break-glass', 'breakGlass'),
});

const changesText = ({
  targets: to,
  standby,
  port: portText,
  sslMode: mode,
  ttl,
  name,
  owner,
  note,
}: Partial<DefinitionInput>): string =>
  [
    ...(to === undefined ? [] : [`→ ${to.join(', ')}`]),
    ...(standby === undefined ? [] : [`standby ${standby.join(', ')}`]),
    ...(portText === undefined ? [] : [`port ${portText}`]),
    ...(mode === undefined ? [] : [mode]),
    ...(ttl === undefined ? [] : [`TTL ${ttl} s`]),
    ...(name === undefined ? [] : [`name “${name}”`]),
    ...(owner === undefined ? [] : [`owner ${owner}`]),
    ...(note === undefined ? [] : [`note “${note}”`]),
  ].join(', ');

const tried = (isDryRun: boolean): string => (isDryRun ? '. A dry run: nothing will be changed' : '');

/** Rows of the verbs that change something, or decide on a change. */
export const changeRows = {
  add: row({
    verb: 'add',
    summary: 'Register a hostname, and check that Postal can deliver to it',
    positionals: [hostname, targets],
    options: [...ofDefinition, breakGlass, dryRun],
    example: 'add gitlab.mail.corp.internal 10.0.4.12 --port 25 --ssl-mode Auto',
    form: 'add',
    changes: ({ definition }) => definition.hostname,
    fields: { definition: definitionInput, ...fieldsOfChange },
    command: (values) => ({
      verb: 'add',
      definition: {
        hostname: values.one('hostname') ?? '',
        targets: values.many('target'),
        ...givenOfDefinition(values),
      },
      ...ofChange(values),
    }),
    doing: ({ definition, dryRun: isDryRun }) => {
      const { hostname: name, port: portText = defaultPort, sslMode: mode = defaultSslMode, ...rest } = definition;
      return `${isDryRun ? 'Trying out' : 'Adding'} ${name} ${changesText({ ...rest, port: portText, sslMode: mode })}${tried(isDryRun)}`;
    },
  }),
  update: row({
    verb: 'update',
    summary: 'Change what is registered; without a change, restore what has drifted',
    positionals: [hostname, { ...targets, optional: true }],
    options: [...ofDefinition, breakGlass, dryRun],
    example: 'update gitlab.mail.corp.internal 10.0.4.13',
    changes: (command) => command.hostname,
    fields: { hostname: text, changes, ...fieldsOfChange },
    command: (values) => ({
      verb: 'update',
      hostname: values.one('hostname') ?? '',
      changes: {
        ...(values.many('target').length > 0 ? { targets: values.many('target') } : {}),
        ...givenOfDefinition(values),
      },
      ...ofChange(values),
    }),
    doing: (command) =>
      `Updating ${command.hostname} ${changesText(command.changes)}`.trimEnd() + tried(command.dryRun),
  }),
  remove: row({
    verb: 'remove',
    summary: 'Take a hostname out of Route 53 and of the registry',
    positionals: [hostname],
    options: [breakGlass, dryRun],
    example: 'remove gitlab.mail.corp.internal',
    changes: (command) => command.hostname,
    fields: { hostname: text, ...fieldsOfChange },
    command: (values) => ({ verb: 'remove', hostname: values.one('hostname') ?? '', ...ofChange(values) }),
    doing: (command) => `Removing ${command.hostname}${tried(command.dryRun)}`,
  }),
  adopt: row({
    verb: 'adopt',
    summary: 'Take over a record that someone else made, or all that match *.mail.corp.internal, unchanged',
    positionals: [hostname],
    options: [...ofDefinition, breakGlass, dryRun],
    example: 'adopt gitlab.mail.corp.internal --port 25',
    changes: (command) => command.hostname,
    fields: { hostname: text, changes: adoptions, ...fieldsOfChange },
    command: (values) => ({
      verb: 'adopt',
      hostname: values.one('hostname') ?? '',
      changes: givenOfDefinition(values),
      ...ofChange(values),
    }),
    doing: (command) =>
      [`Adopting ${command.hostname}`, changesText(command.changes)].filter((part) => part !== '').join(', ') +
      tried(command.dryRun),
  }),
  move: row({
    verb: 'move',
    summary: 'Replace an address everywhere, as target or standby; the new one is probed first',
    positionals: [
      { name: 'from', reads: 'host', example: '10.0.4.12' },
      { name: 'to', reads: 'host', example: '10.0.5.12' },
    ],
    options: [
      {
        name: 'only',
        placeholder: 'pattern',
        reads: 'host',
        example: '*.mail.corp.internal',
        help: 'only hostnames that fit this pattern',
      },
      dryRun,
    ],
    example: 'move 10.0.4.12 10.0.5.12',
    fields: { from: text, to: text, only: optionalText, dryRun: flag },
    command: (values) => ({
      verb: 'move',
      from: values.one('from') ?? '',
      to: values.one('to') ?? '',
      ...given(values, 'only'),
      dryRun: values.flag('dry-run'),
    }),
    doing: ({ from, to, only, dryRun: isDryRun }) =>
      `Moving ${from} to ${to}${only === undefined ? '' : `, only ${only}`}, after probing the new address${tried(isDryRun)}`,
  }),
  undo: row({
    verb: 'undo',
    summary: 'Undo an applied change, a bulk, or (with --since) your changes of the last hours',
    positionals: [{ ...change, optional: true }],
    options: [
      {
        name: 'since',
        placeholder: '2h',
        example: '2h',
        help: 'all your changes of this time, as one bulk: 90m, 2h, 1d',
      },
      {
        name: 'by',
        placeholder: '@user',
        takesId: true,
        example: '@maria',
        help: 'with --since: the changes of this person; a right of its own',
      },
      breakGlass,
      dryRun,
    ],
    example: 'undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    fields: { change: optionalText, since: optionalText, by: optionalText, ...fieldsOfChange },
    command: (values) => ({
      verb: 'undo',
      ...given(values, 'change'),
      ...given(values, 'since'),
      ...given(values, 'by'),
      ...ofChange(values),
    }),
    doing: (command) =>
      `Undoing ${command.change === undefined ? `${command.by === undefined ? 'your' : `${command.by}’s`} changes` : `change ${command.change}`}${command.since === undefined ? '' : ` of the last ${command.since}`}${tried(command.dryRun)}`,
  }),
  failover: row({
    verb: 'failover',
    summary: 'Switch a hostname to its standby, after a probe; again to switch back',
    positionals: [hostname],
    options: [force, breakGlass, dryRun],
    example: 'failover gitlab.mail.corp.internal',
    changes: (command) => command.hostname,
    fields: { hostname: text, force: optionalFlag, ...fieldsOfChange },
    command: (values) => ({
      verb: 'failover',
      hostname: values.one('hostname') ?? '',
      ...ifForced(values),
      ...ofChange(values),
    }),
    doing: (command) => `Failing over ${command.hostname}, after probing its standby${tried(command.dryRun)}`,
  }),
  ...decisionRows,
};
