import type { DefinitionInput } from '../endpoint/definition.ts';
import type { CommandOf } from './command.ts';
import type { Option, Positional, Row, Values } from './row.ts';
import { defaultPort, defaultSslMode, given, hostname, port, sslMode } from './row-parts.ts';

const dryRun: Option = { name: 'dry-run', help: 'say what would happen; change nothing' };
const breakGlass: Option = {
  name: 'break-glass',
  placeholder: 'reason',
  reads: 'text',
  example: '"mail is down, nobody to approve"',
  help: 'apply a protected change at once, for this reason; said aloud in the audit channel',
};
const force: Option = { name: 'force', help: 'fail over even where that would break delivery' };
const change: Positional = { name: 'change', reads: 'word', example: '01JDXW4M3Z8Q7B5T9K2N6P0R7Q' };
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
  ...given('port', values.one('port')),
  ...given('sslMode', values.one('ssl-mode')),
  ...given('ttl', values.one('ttl')),
  ...given('name', values.one('name')),
  ...given('owner', values.one('owner')),
  ...given('note', values.one('note')),
});

/** What every change takes besides. */
const ofChange = (values: Values) => ({
  dryRun: values.flag('dry-run'),
  ...given('breakGlass', values.one('break-glass')),
});

const ifForced = (values: Values): { readonly force?: true } => (values.flag('force') ? { force: true } : {});

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

type ChangeRowVerb = 'add' | 'update' | 'remove' | 'adopt' | 'undo' | 'failover' | 'approve' | 'reject' | 'cancel';

/** Rows of the verbs that change something, or decide on a change. */
export const changeRows: { readonly [V in ChangeRowVerb]: Row<V> } = {
  add: {
    verb: 'add',
    summary: 'Register a hostname that Postal can deliver to, and check that it would',
    positionals: [hostname, targets],
    options: [...ofDefinition, breakGlass, dryRun],
    example: 'add gitlab.mail.corp.internal 10.0.4.12 --port 25 --ssl-mode Auto',
    form: 'add',
    changes: ({ definition }) => definition.hostname,
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
  },
  update: {
    verb: 'update',
    summary: 'Change what is registered; without a change it puts right what has drifted',
    positionals: [hostname, { ...targets, optional: true }],
    options: [...ofDefinition, breakGlass, dryRun],
    example: 'update gitlab.mail.corp.internal 10.0.4.13',
    changes: (command) => command.hostname,
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
  },
  remove: {
    verb: 'remove',
    summary: 'Take a hostname out of Route 53 and of the registry',
    positionals: [hostname],
    options: [breakGlass, dryRun],
    example: 'remove gitlab.mail.corp.internal',
    changes: (command) => command.hostname,
    command: (values) => ({ verb: 'remove', hostname: values.one('hostname') ?? '', ...ofChange(values) }),
    doing: (command) => `Removing ${command.hostname}${tried(command.dryRun)}`,
  },
  adopt: {
    verb: 'adopt',
    summary: 'Take over a record that someone else made; it stays as it is',
    positionals: [hostname],
    options: [...ofDefinition, breakGlass, dryRun],
    example: 'adopt gitlab.mail.corp.internal --port 25',
    changes: (command) => command.hostname,
    command: (values) => ({
      verb: 'adopt',
      hostname: values.one('hostname') ?? '',
      changes: givenOfDefinition(values),
      ...ofChange(values),
    }),
    doing: (command) =>
      [`Adopting ${command.hostname}`, changesText(command.changes)].filter((part) => part !== '').join(', ') +
      tried(command.dryRun),
  },
  undo: {
    verb: 'undo',
    summary: 'Take an applied change back',
    positionals: [change],
    options: [breakGlass, dryRun],
    example: 'undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    command: (values) => ({ verb: 'undo', change: values.one('change') ?? '', ...ofChange(values) }),
    doing: (command) => `Undoing change ${command.change}${tried(command.dryRun)}`,
  },
  failover: {
    verb: 'failover',
    summary: 'Lead a hostname to its standby, which is probed first; the same again goes back',
    positionals: [hostname],
    options: [force, breakGlass, dryRun],
    example: 'failover gitlab.mail.corp.internal',
    changes: (command) => command.hostname,
    command: (values) => ({
      verb: 'failover',
      hostname: values.one('hostname') ?? '',
      ...ifForced(values),
      ...ofChange(values),
    }),
    doing: (command) => `Failing over ${command.hostname}, its standby being probed first${tried(command.dryRun)}`,
  },
  approve: {
    verb: 'approve',
    summary: 'Release a plan that waits for you; the button under the plan does it',
    positionals: [change],
    options: [
      { name: 'plan', placeholder: 'digest', example: '7f3a9c0d1e2f', help: 'digest of the plan that you saw' },
      force,
    ],
    example: 'approve 01JDXW4M3Z8Q7B5T9K2N6P0R7Q --plan 7f3a9c0d1e2f',
    command: (values) => ({
      verb: 'approve',
      change: values.one('change') ?? '',
      ...given('plan', values.one('plan')),
      ...ifForced(values),
    }),
    doing: (command) => `Approving change ${command.change}`,
  },
  reject: {
    verb: 'reject',
    summary: 'Turn down a plan that waits for you',
    positionals: [change],
    options: [
      {
        name: 'reason',
        placeholder: 'text',
        reads: 'text',
        example: '"wrong address"',
        help: 'why, for whoever asked',
      },
    ],
    example: 'reject 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    command: (values) => ({
      verb: 'reject',
      change: values.one('change') ?? '',
      ...given('reason', values.one('reason')),
    }),
    doing: (command) => `Rejecting change ${command.change}`,
  },
  cancel: {
    verb: 'cancel',
    summary: 'Withdraw a plan of yours that waits',
    positionals: [change],
    options: [],
    example: 'cancel 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    command: (values): CommandOf<'cancel'> => ({ verb: 'cancel', change: values.one('change') ?? '' }),
    doing: (command) => `Cancelling change ${command.change}`,
  },
};
