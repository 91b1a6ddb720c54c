import * as z from 'zod';
import type { Mistake } from '../base/config-error.ts';
import { normaliseName, parseHostname } from '../endpoint/hostname.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import { destinationMistakes } from './destination-mistakes.ts';
import { grantMistakes } from './grant-mistakes.ts';
import { maintenanceMistakes } from './maintenance-mistakes.ts';
import { mistake, repetitions, said } from './mistake-at.ts';
import { compileNamePattern } from './name-pattern.ts';
import { type PolicyDocument, policySchema } from './policy.ts';
import { breakGlassMistakes, protectionMistakes } from './protection-mistakes.ts';
import { rangeMistake } from './range-mistake.ts';
import { idMistakes } from './slack-id-mistakes.ts';

const longestTtlSeconds = 2 ** 31 - 1;

const nameMistake = (name: string): string | undefined => {
  const parsed = parseHostname(name);
  if ('findings' in parsed)
    return `${said(name)} is not a domain name. ${parsed.findings.map(({ wrong }) => wrong).join(' ')}`;
  return parsed.hostname === name ? undefined : `write ${said(normaliseName(name))}: lower case, no trailing dot`;
};

const zoneMistakes = (zones: PolicyDocument['zones']): readonly Mistake[] => [
  ...zones.flatMap(({ name }, index) => mistake(`zones[${index}].name`, nameMistake(name))),
  ...repetitions(zones.map(({ id }) => id)).flatMap(({ value, index }) =>
    mistake(`zones[${index}].id`, `${value} is named twice`),
  ),
  ...repetitions(zones.map(({ name }) => name)).flatMap(({ value, index }) =>
    mistake(`zones[${index}].name`, `${value} is named twice; a name in it could belong to either`),
  ),
];

const ttlMistakes = ({ minimum, maximum, default: preset }: PolicyDocument['ttl']): readonly Mistake[] => [
  ...mistake('ttl.minimum', minimum < 0 ? `${minimum} s is below 0` : undefined),
  ...mistake('ttl.maximum', maximum > longestTtlSeconds ? `${maximum} s is above ${longestTtlSeconds}` : undefined),
  ...mistake('ttl', minimum > maximum ? `minimum ${minimum} s is above maximum ${maximum} s` : undefined),
  ...mistake(
    'ttl.default',
    minimum <= maximum && (preset < minimum || preset > maximum)
      ? `${preset} s is not within ${minimum} to ${maximum}`
      : undefined,
  ),
];

const namingMistakes = (
  naming: NonNullable<PolicyDocument['naming']>,
  zones: PolicyDocument['zones'] | undefined,
): readonly Mistake[] => {
  const { pattern, example } = naming;
  const outside =
    zones !== undefined && zoneOf(example, zones) === undefined
      ? `${said(example)} is not in any of the zones`
      : undefined;
  const compiled = compileNamePattern(pattern);
  return [
    ...mistake('naming.example', nameMistake(example) ?? outside),
    ...('wrong' in compiled
      ? mistake('naming.pattern', compiled.wrong)
      : mistake(
          'naming.example',
          compiled.matches(example) ? undefined : `${said(example)} does not match the pattern`,
        )),
  ];
};

const escalationMistakes = (escalation: PolicyDocument['watch']['escalation']): readonly Mistake[] => {
  const { channel, userGroup } = escalation ?? {};
  return [
    ...(channel === undefined ? [] : idMistakes('sharedChannels', () => 'watch.escalation.channel', [channel])),
    ...(userGroup === undefined ? [] : idMistakes('userGroups', () => 'watch.escalation.userGroup', [userGroup])),
  ];
};

const read = <Value>(schema: z.ZodType<Value>, value: unknown): Value | undefined => schema.safeParse(value).data;

/** Mistakes of a policy that its schema cannot see. Each section that is well-formed is judged, even where others are not. */
export const policyMistakes = (document: unknown): readonly Mistake[] => {
  const sections = read(z.record(z.string(), z.unknown()), document) ?? {};
  const { shape } = policySchema;
  const zones = read(shape.zones, sections['zones']);
  const cidrs = read(shape.cidrs, sections['cidrs']) ?? [];
  const suffixes = read(shape.cnameSuffixes, sections['cnameSuffixes']) ?? [];
  const ttl = read(shape.ttl, sections['ttl']);
  const naming = read(shape.naming, sections['naming']);
  const auditChannel = read(shape.auditChannel, sections['auditChannel']);
  const watch = read(shape.watch, sections['watch']);
  const grants = read(shape.grants, sections['grants']);
  const rules = read(shape.protected, sections['protected']);
  const breakGlass = read(shape.breakGlass, sections['breakGlass']);
  return [
    ...(zones === undefined ? [] : zoneMistakes(zones)),
    ...cidrs.flatMap((cidr, index) => mistake(`cidrs[${index}]`, rangeMistake(cidr))),
    ...suffixes.flatMap((suffix, index) => mistake(`cnameSuffixes[${index}]`, nameMistake(suffix))),
    ...(ttl === undefined ? [] : ttlMistakes(ttl)),
    ...(naming === undefined ? [] : namingMistakes(naming, zones)),
    ...(auditChannel === undefined ? [] : idMistakes('sharedChannels', () => 'auditChannel', [auditChannel])),
    ...(watch?.channel === undefined ? [] : idMistakes('sharedChannels', () => 'watch.channel', [watch.channel])),
    ...(watch?.userGroup === undefined ? [] : idMistakes('userGroups', () => 'watch.userGroup', [watch.userGroup])),
    ...escalationMistakes(watch?.escalation),
    ...(watch === undefined ? [] : maintenanceMistakes(watch.maintenance)),
    ...(watch === undefined ? [] : destinationMistakes(watch.destinations)),
    ...(grants === undefined ? [] : grantMistakes(grants, zones)),
    ...(rules === undefined ? [] : protectionMistakes(rules, zones, grants)),
    ...(breakGlass === undefined ? [] : breakGlassMistakes(breakGlass, grants)),
  ];
};
