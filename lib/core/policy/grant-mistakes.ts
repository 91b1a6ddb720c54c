import type { Mistake } from '../base/config-error.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import { fixedEnd, patternMistake } from './hostname-pattern.ts';
import { mistake, repetitions, said } from './mistake-at.ts';
import type { PolicyDocument } from './policy.ts';
import { idMistakes, peopleMistakes } from './slack-id-mistakes.ts';
import { grantVerbs } from './verbs.ts';

type Zones = PolicyDocument['zones'] | undefined;

const patternMistakeIn = (pattern: string, zones: Zones): string | undefined => {
  const malformed = patternMistake(pattern);
  if (malformed !== undefined) return malformed;
  const end = fixedEnd(pattern);
  const inside = end === undefined || zones === undefined || zoneOf(end, zones) !== undefined;
  return inside ? undefined : `${said(pattern)} fits names outside the zones only, or outside them too`;
};

/** Hostname patterns at `path` that are malformed or reach out of the zones. */
export const patternMistakes = (path: string, patterns: readonly string[], zones: Zones): readonly Mistake[] =>
  patterns.flatMap((pattern, index) => mistake(`${path}[${index}]`, patternMistakeIn(pattern, zones)));

const verbMistake = (verb: string): string | undefined =>
  verb === '*' || grantVerbs.includes(verb)
    ? undefined
    : `${said(verb)} is not a verb; there are ${grantVerbs.join(', ')} and *`;

/** Mistakes of grants that the schema cannot see. */
export const grantMistakes = (grants: PolicyDocument['grants'], zones: Zones): readonly Mistake[] => [
  ...repetitions(grants.map(({ name }) => name)).flatMap(({ value, index }) =>
    mistake(`grants[${index}].name`, `${said(value)} is used twice`),
  ),
  ...grants.flatMap((grant, index) => [
    ...idMistakes('teams', (at) => `grants[${index}].teams[${at}]`, grant.teams),
    ...idMistakes('channels', (at) => `grants[${index}].channels[${at}]`, grant.channels ?? []),
    ...peopleMistakes(`grants[${index}]`, grant),
    ...grant.verbs.flatMap((verb, at) => mistake(`grants[${index}].verbs[${at}]`, verbMistake(verb))),
    ...patternMistakes(`grants[${index}].hostnames`, grant.hostnames ?? [], zones),
  ]),
];
