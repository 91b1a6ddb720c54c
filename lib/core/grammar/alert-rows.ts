import { flag, optionalText, text } from './fields.ts';
import { filterDoing, filterFields, filterOf, filterOptions, refusedUnregistered } from './filter-parts.ts';
import { type Positional, row } from './row.ts';
import { given, hostname, share } from './row-parts.ts';

/** What is muted: a hostname, a pattern, a target, or an owner who is mentioned. */
const muted: Positional = { ...hostname, takesId: true };

/** Rows of the verbs about alerts. */
export const alertRows = {
  mute: row({
    verb: 'mute',
    summary: 'Mute alerts, or plan a maintenance window: of a hostname, a pattern, a target or an owner',
    positionals: [muted, { name: 'duration', reads: 'word', example: '2h' }],
    options: [
      ...filterOptions,
      refusedUnregistered,
      {
        name: 'from',
        placeholder: 'time',
        example: '2026-01-31T22:00',
        help: 'when it begins: 2h from now, or a time such as 03:00 in the time zone of the policy; default now',
      },
      {
        name: 'reason',
        placeholder: 'text',
        reads: 'text',
        example: '"moving to the new rack"',
        help: 'why; it is kept in the history',
      },
      share,
    ],
    example: 'mute gitlab.mail.corp.internal 2h',
    changes: (command) => command.hostname,
    fields: { hostname: text, duration: text, ...filterFields, from: optionalText, reason: optionalText, share: flag },
    command: (values) => ({
      verb: 'mute',
      hostname: values.one('hostname') ?? '',
      duration: values.one('duration') ?? '',
      ...filterOf(values),
      ...given(values, 'from'),
      ...given(values, 'reason'),
      share: values.flag('share'),
    }),
    doing: (command) =>
      `Muting ${command.hostname}${filterDoing(command)} for ${command.duration}${command.from === undefined ? '' : ` from ${command.from}`}`,
  }),
  unmute: row({
    verb: 'unmute',
    summary: 'End a mute early',
    positionals: [muted],
    options: [...filterOptions, refusedUnregistered, share],
    example: 'unmute gitlab.mail.corp.internal',
    changes: (command) => command.hostname,
    fields: { hostname: text, ...filterFields, share: flag },
    command: (values) => ({
      verb: 'unmute',
      hostname: values.one('hostname') ?? '',
      ...filterOf(values),
      share: values.flag('share'),
    }),
    doing: (command) => `Unmuting ${command.hostname}${filterDoing(command)}`,
  }),
  acknowledge: row({
    verb: 'acknowledge',
    summary: 'Take an incident over; its reminders end',
    positionals: [{ name: 'incident', reads: 'host', example: '10.0.4.12' }],
    options: [share],
    example: 'acknowledge 10.0.4.12',
    fields: { incident: text, share: flag },
    command: (values) => ({
      verb: 'acknowledge',
      incident: values.one('incident') ?? '',
      share: values.flag('share'),
    }),
    doing: (command) => `Taking over ${command.incident}`,
  }),
};
