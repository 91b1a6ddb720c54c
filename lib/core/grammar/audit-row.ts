import { flag, optionalText, pageNumber } from './fields.ts';
import { row } from './row.ts';
import { given, hostname, onPage, page, pageOf, share } from './row-parts.ts';

/** The row of `audit`. */
export const auditRow = row({
  verb: 'audit',
  summary: 'What Postal has, what waits and what fails, as its host reported it',
  positionals: [{ ...hostname, optional: true }],
  options: [
    {
      name: 'server',
      placeholder: 'acme/production',
      reads: 'word',
      example: 'acme/production',
      help: 'only this mail server of Postal',
    },
    page,
    share,
  ],
  example: 'audit gitlab.mail.corp.internal',
  fields: { hostname: optionalText, server: optionalText, page: pageNumber, share: flag },
  command: (values) => ({
    verb: 'audit',
    ...given(values, 'hostname'),
    ...given(values, 'server'),
    page: pageOf(values),
    share: values.flag('share'),
  }),
  doing: (command) =>
    `Auditing ${command.hostname ?? 'Postal'}${command.server === undefined ? '' : ` in ${command.server}`}${onPage(command.page)}`,
});
