import { flag, optionalFlag, optionalText, pageNumber } from './fields.ts';
import { filterDoing, filterFields, filterOf, filterOptions, refusedUnregistered, which } from './filter-parts.ts';
import { row } from './row.ts';
import { given, onPage, page, pageOf, share } from './row-parts.ts';

/** How a month was. */
export const reportRow = row({
  verb: 'report',
  summary: 'A month of hostnames: availability, incidents, time to repair, and changes',
  positionals: [which],
  options: [
    { name: 'month', placeholder: '2026-11', example: '2026-11', help: 'which month, in UTC; default this month' },
    ...filterOptions,
    refusedUnregistered,
    { name: 'csv', help: 'as a CSV file, with --share to the channel' },
    page,
    share,
  ],
  example: 'report --month 2026-11',
  fields: {
    hostname: optionalText,
    month: optionalText,
    ...filterFields,
    csv: optionalFlag,
    page: pageNumber,
    share: flag,
  },
  command: (values) => ({
    verb: 'report',
    ...given(values, 'hostname'),
    ...given(values, 'month'),
    ...filterOf(values),
    ...(values.flag('csv') && { csv: true }),
    page: pageOf(values),
    share: values.flag('share'),
  }),
  doing: (command) =>
    `Summing up ${command.month ?? 'this month'}${command.hostname === undefined ? '' : ` of ${command.hostname}`}${filterDoing(command)}${onPage(command.page)}`,
});
