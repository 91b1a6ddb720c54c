import type { Definition, Targets } from './definition.ts';
import { targetTexts } from './targets.ts';

/** One field of a definition whose value a change replaces; an absent value means that there was none, or will be none. */
export type ChangedField = {
  readonly field: Exclude<keyof Definition, 'hostname'>;
  readonly before?: string;
  readonly after?: string;
};

const targetsText = (targets: Targets | undefined): string | undefined => targets && targetTexts(targets).join(', ');

/** How every field is written; a field that is missing here does not compile. */
const texts: Readonly<Record<ChangedField['field'], (definition: Definition) => string | undefined>> = {
  targets: ({ targets }) => targetsText(targets),
  standby: ({ standby }) => targetsText(standby),
  port: ({ port }) => String(port),
  sslMode: ({ sslMode }) => sslMode,
  ttlSeconds: ({ ttlSeconds }) => `${ttlSeconds} s`,
  name: ({ name }) => name,
  owner: ({ owner }) => owner,
  note: ({ note }) => note,
};

const names: readonly ChangedField['field'][] = [
  'targets',
  'standby',
  'port',
  'sslMode',
  'ttlSeconds',
  'name',
  'owner',
  'note',
];

/** Every field in which two definitions differ, the hostname aside; of one alone, all that it has. */
export const changedFields = (before: Definition | undefined, after: Definition | undefined): readonly ChangedField[] =>
  names.flatMap((field) => {
    const one = before && texts[field](before);
    const other = after && texts[field](after);
    if (one === other) return [];
    return [{ field, ...(one === undefined ? {} : { before: one }), ...(other === undefined ? {} : { after: other }) }];
  });
