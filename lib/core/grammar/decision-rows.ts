import { optionalFlag, optionalText, text } from './fields.ts';
import { row } from './row.ts';
import { change, force, given, ifForced } from './row-parts.ts';

/** Rows of the verbs that decide on a waiting plan. */
export const decisionRows = {
  approve: row({
    verb: 'approve',
    summary: 'Approve a plan that waits for you',
    positionals: [change],
    options: [
      { name: 'plan', placeholder: 'digest', example: '7f3a9c0d1e2f', help: 'digest of the plan that you saw' },
      force,
    ],
    example: 'approve 01JDXW4M3Z8Q7B5T9K2N6P0R7Q --plan 7f3a9c0d1e2f',
    fields: { change: text, plan: optionalText, force: optionalFlag },
    command: (values) => ({
      verb: 'approve',
      change: values.one('change') ?? '',
      ...given(values, 'plan'),
      ...ifForced(values),
    }),
    doing: (command) => `Approving change ${command.change}`,
  }),
  reject: row({
    verb: 'reject',
    summary: 'Reject a plan that waits for you',
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
    fields: { change: text, reason: optionalText },
    command: (values) => ({
      verb: 'reject',
      change: values.one('change') ?? '',
      ...given(values, 'reason'),
    }),
    doing: (command) => `Rejecting change ${command.change}`,
  }),
  cancel: row({
    verb: 'cancel',
    summary: 'Cancel a plan of yours that waits',
    positionals: [change],
    options: [],
    example: 'cancel 01JDXW4M3Z8Q7B5T9K2N6P0R7Q',
    fields: { change: text },
    command: (values) => ({ verb: 'cancel', change: values.one('change') ?? '' }),
    doing: (command) => `Cancelling change ${command.change}`,
  }),
};
