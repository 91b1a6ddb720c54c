import { optionalFlag, optionalText } from './fields.ts';
import type { Option, Positional, Values } from './row.ts';
import { given } from './row-parts.ts';

/** What endpoints can be narrowed to: their states, worst first, and whether their alerts are kept back. */
export const listedStates = ['down', 'drifted', 'plaintext', 'degraded', 'inconclusive', 'up', 'muted'] as const;
export type ListedState = (typeof listedStates)[number];

/** The values of a filter as a person wrote them. */
export type FilterTexts = {
  /** A hostname, a pattern, an address, an owner, or `all`. */
  readonly hostname?: string;
  readonly target?: string;
  readonly state?: string;
  readonly owner?: string;
  readonly server?: string;
  readonly inPostal?: string;
  /** Names in the zones that nobody registered, instead of those that are. */
  readonly unregistered?: true;
};

/** Which endpoints: a hostname, a pattern, a target, an owner who is mentioned, or `all`. */
export const which: Positional = {
  name: 'hostname',
  optional: true,
  takesId: true,
  reads: 'host',
  example: '*.mail.corp.internal',
};

/** The options that narrow endpoints, the same for every verb that takes them; one of the two below comes with them. */
export const filterOptions: readonly Option[] = [
  { name: 'target', placeholder: 'IP', reads: 'host', example: '10.0.4.12', help: 'only those that lead there' },
  {
    name: 'state',
    placeholder: 'down',
    choices: listedStates,
    example: 'down',
    help: `only those that are so: ${listedStates.join(', ')}`,
  },
  {
    name: 'owner',
    placeholder: '@who',
    takesId: true,
    example: '@maria',
    help: 'only those of this owner',
  },
  {
    name: 'server',
    placeholder: 'acme/production',
    reads: 'word',
    example: 'acme/production',
    help: 'only those in this mail server of Postal',
  },
  {
    name: 'in-postal',
    placeholder: 'no',
    choices: ['yes', 'no'],
    example: 'no',
    help: 'only those that Postal has (yes) or lacks (no), by its newest report',
  },
];

export const unregistered: Option = {
  name: 'unregistered',
  help: 'names in the zones that nobody registered, instead of those that are',
};

/** For a verb that is about registered hostnames only. */
export const refusedUnregistered: Option = { ...unregistered, refused: true };

export const filterFields = {
  target: optionalText,
  state: optionalText,
  owner: optionalText,
  server: optionalText,
  inPostal: optionalText,
  unregistered: optionalFlag,
};

export const filterOf = (values: Values) => ({
  ...given(values, 'target'),
  ...given(values, 'state'),
  ...given(values, 'owner'),
  ...given(values, 'server'),
  ...given(values, 'in-postal', 'inPostal'),
  ...(values.flag('unregistered') && { unregistered: true as const }),
});

/** The filter options of a command that are given, by the names of the options; a flag has no value. */
export const givenFilters = ({
  target,
  state,
  owner,
  server,
  inPostal,
  unregistered,
}: Omit<FilterTexts, 'hostname'>): readonly (readonly [name: string, values: readonly string[]])[] =>
  Object.entries({ target, state, owner, server, 'in-postal': inPostal, unregistered }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value === true ? [] : [value]] as const],
  );

/** The filter for the acknowledgement, beginning with a comma; empty where there is none. Plain text, values as typed. */
export const filterDoing = (texts: Omit<FilterTexts, 'hostname'>): string =>
  givenFilters(texts)
    .map((words) => `, ${words.flat().join(' ')}`)
    .join('');
