import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import * as z from 'zod';
import type { Verb } from '../commands/command.ts';
import { normaliseName, parseHostname } from '../endpoint/hostname.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { zoneOf } from '../endpoint/zone-of.ts';
import type { Mistake } from '../mistake.ts';
import { fixedEnd, patternMistake } from './hostname-pattern.ts';
import { type PolicyDocument, policySchema } from './policy.ts';

const knownVerbs: { readonly [V in Verb]: true } = {
  add: true,
  show: true,
  list: true,
  check: true,
  history: true,
  status: true,
  whoami: true,
  home: true,
};

const longestTtlSeconds = 2 ** 31 - 1;

const said = (value: string): string => JSON.stringify(value);

const nameMistake = (name: string): string | undefined => {
  const parsed = parseHostname(name);
  if ('findings' in parsed) return `${said(name)} is no domain name. ${parsed.findings.map(({ wrong }) => wrong).join(' ')}`;
  return parsed.hostname === name ? undefined : `write ${said(normaliseName(name))}: lower case, no trailing dot`;
};

const rangeMistake = (cidr: string): string | undefined => {
  const [, address = '', length = ''] = /^([^/]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  if (parseIpAddress(address) === undefined || !ipaddr.isValidCIDR(cidr)) return `${said(cidr)} is no range such as 10.0.0.0/16 or fd00::/8`;
  const network = isIP(address) === 4 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return network.toString() === ipaddr.parse(address).toString()
    ? undefined
    : `${said(cidr)} starts inside its range; write ${network.toString()}/${length}`;
};

/** Every value that stands a second time, with the index of that time. */
const repetitions = (values: readonly string[]): readonly { readonly value: string; readonly index: number }[] =>
  values.map((value, index) => ({ value, index })).filter(({ value, index }) => values.indexOf(value) < index);

const mistake = (path: string, message: string | undefined): readonly Mistake[] => (message === undefined ? [] : [{ path, message }]);

const zoneMistakes = (zones: PolicyDocument['zones']): readonly Mistake[] => [
  ...zones.flatMap(({ name }, index) => mistake(`zones[${index}].name`, nameMistake(name))),
  ...repetitions(zones.map(({ id }) => id)).flatMap(({ value, index }) => mistake(`zones[${index}].id`, `${value} is named twice`)),
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
    minimum <= maximum && (preset < minimum || preset > maximum) ? `${preset} s is not within ${minimum} to ${maximum}` : undefined,
  ),
];

const namingMistakes = (naming: NonNullable<PolicyDocument['naming']>, zones: PolicyDocument['zones'] | undefined): readonly Mistake[] => {
  const { pattern, example } = naming;
  const outside = zones !== undefined && zoneOf(example, zones) === undefined ? `${said(example)} lies in none of the zones` : undefined;
  const exampleMistakes = mistake('naming.example', nameMistake(example) ?? outside);
  try {
    const fits = new RegExp(`^(?:${pattern})$`, 'u').test(example);
    return [...exampleMistakes, ...mistake('naming.example', fits ? undefined : `${said(example)} does not match the pattern`)];
  } catch (error) {
    return [...exampleMistakes, ...mistake('naming.pattern', error instanceof Error ? error.message : String(error))];
  }
};

// A name such as @maria or #mail would match nobody, in silence.
const ids = {
  teams: [/^[TE][A-Z0-9]+$/, 'a workspace id such as T0123ABCD'],
  channels: [/^[CGD][A-Z0-9]+$/, 'a channel id such as C0123ABCD'],
  users: [/^[UW][A-Z0-9]+$/, 'a user id such as U0123ABCD'],
} as const;

const idMistakes = (kind: keyof typeof ids, path: string, values: readonly string[]): readonly Mistake[] => {
  const [form, what] = ids[kind];
  return values.flatMap((value, index) => mistake(`${path}[${index}]`, form.test(value) ? undefined : `${said(value)} is not ${what}`));
};

const patternMistakes = (path: string, pattern: string, zones: PolicyDocument['zones'] | undefined): readonly Mistake[] => {
  const malformed = patternMistake(pattern);
  if (malformed !== undefined) return mistake(path, malformed);
  const end = fixedEnd(pattern);
  const inside = end === undefined || zones === undefined || zoneOf(end, zones) !== undefined;
  return mistake(path, inside ? undefined : `${said(pattern)} fits names outside the zones only, or outside them too`);
};

const grantMistakes = (grants: PolicyDocument['grants'], zones: PolicyDocument['zones'] | undefined): readonly Mistake[] => [
  ...repetitions(grants.map(({ name }) => name)).flatMap(({ value, index }) => mistake(`grants[${index}].name`, `${said(value)} is used twice`)),
  ...grants.flatMap(({ teams, channels = [], users = [], verbs, hostnames = [] }, index) => [
    ...idMistakes('teams', `grants[${index}].teams`, teams),
    ...idMistakes('channels', `grants[${index}].channels`, channels),
    ...idMistakes('users', `grants[${index}].users`, users),
    ...verbs.flatMap((verb, at) => {
      const known = verb === '*' || Object.hasOwn(knownVerbs, verb);
      return mistake(
        `grants[${index}].verbs[${at}]`,
        known ? undefined : `${said(verb)} is no verb; there are ${Object.keys(knownVerbs).join(', ')} and *`,
      );
    }),
    ...hostnames.flatMap((pattern, at) => patternMistakes(`grants[${index}].hostnames[${at}]`, pattern, zones)),
  ]),
];

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
  const grants = read(shape.grants, sections['grants']);
  return [
    ...(zones === undefined ? [] : zoneMistakes(zones)),
    ...cidrs.flatMap((cidr, index) => mistake(`cidrs[${index}]`, rangeMistake(cidr))),
    ...suffixes.flatMap((suffix, index) => mistake(`cnameSuffixes[${index}]`, nameMistake(suffix))),
    ...(ttl === undefined ? [] : ttlMistakes(ttl)),
    ...(naming === undefined ? [] : namingMistakes(naming, zones)),
    ...mistake(
      'auditChannel',
      auditChannel === undefined || ids.channels[0].test(auditChannel) ? undefined : `${said(auditChannel)} is not ${ids.channels[1]}`,
    ),
    ...(grants === undefined ? [] : grantMistakes(grants, zones)),
  ];
};
