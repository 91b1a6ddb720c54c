import ipaddr from 'ipaddr.js';
import type { Mistake } from '../base/config-error.ts';
import { changeVerbs } from '../dns/plan.ts';
import { isExampleId } from './example-ids.ts';
import { mistake, said } from './mistake-at.ts';
import type { People } from './people.ts';
import type { PolicyDocument } from './policy.ts';
import { includesVerb } from './verbs.ts';

/** Ports at which mail is taken in. */
const mailPorts: ReadonlySet<number> = new Set([24, 25, 465, 587, 588, 2500, 2525, 2526]);

/** A range with more addresses than this many bits count is no single network of mail servers. */
const widest = { ipv4: 8, ipv6: 16 } as const;

const privateRanges: readonly string[] = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];

const isPrivate = ([address, bits]: ReturnType<typeof ipaddr.parseCIDR>): boolean =>
  privateRanges
    .map((range) => ipaddr.parseCIDR(range))
    .some(
      ([network, length]) => network.kind() === address.kind() && bits >= length && address.match([network, length]),
    );

const rangeWarning = (cidr: string): string | undefined => {
  const range = ipaddr.parseCIDR(cidr);
  const [address, bits] = range;
  if (isPrivate(range)) return undefined;
  if (bits === 0) return `${cidr} is every address there is: names may then lead anywhere, and anything may be probed`;
  return bits <= widest[address.kind()]
    ? `${cidr} holds public addresses of others; name your own networks`
    : undefined;
};

const isEverybody = ({ users, userGroups }: People): boolean => users === undefined && userGroups === undefined;

const grantWarnings = ({ users, userGroups, verbs, channels }: PolicyDocument['grants'][number]): readonly string[] => {
  if (!isEverybody({ users, userGroups })) return [];
  const changes = changeVerbs.filter((verb) => includesVerb(verbs, verb));
  const who = `everybody of the workspace${channels === undefined ? '' : ' in these channels'}`;
  const reaching = ['check:rcpt', 'check:deliver'].filter((verb) => includesVerb(verbs, verb));
  return [
    ...(changes.length === 0 ? [] : [`${who} may ${changes.join(', ')}: name users or userGroups`]),
    ...(includesVerb(verbs, 'approve') ? [`${who} may approve: name users or userGroups`] : []),
    ...(reaching.length === 0
      ? []
      : [`${who} may use ${reaching.join(' and ')}, which reach other people's mail servers`]),
  ];
};

const approverWarning = ({ users = [], userGroups }: People): string | undefined => {
  const [only, ...others] = new Set(users);
  return only === undefined || others.length > 0 || userGroups !== undefined
    ? undefined
    : `${only} is the only approver: when they are away nobody approves, and nobody approves what they ask for themselves`;
};

/** Every id of a policy, with where it is. */
const idsIn = (policy: PolicyDocument): readonly (readonly [path: string, id: string])[] => {
  const list = (path: string, ids: readonly string[] | undefined) =>
    (ids ?? []).map((id, index) => [`${path}[${index}]`, id] as const);
  const people = (path: string, { users, userGroups }: People) => [
    ...list(`${path}.users`, users),
    ...list(`${path}.userGroups`, userGroups),
  ];
  const { zones, auditChannel, grants, watch, breakGlass } = policy;
  return [
    ...zones.flatMap(({ id, vpcs }, at) => [
      [`zones[${at}].id`, id] as const,
      ...vpcs.map((vpc, index) => [`zones[${at}].vpcs[${index}].id`, vpc.id] as const),
    ]),
    ['auditChannel', auditChannel],
    ...grants.flatMap((grant, at) => [
      ...list(`grants[${at}].teams`, grant.teams),
      ...list(`grants[${at}].channels`, grant.channels),
      ...people(`grants[${at}]`, grant),
    ]),
    ...policy.protected.flatMap((rule, at) => [
      ...people(`protected[${at}].approvers`, rule.approvers),
      [`protected[${at}].channel`, rule.channel] as const,
    ]),
    ...(breakGlass === undefined ? [] : people('breakGlass', breakGlass)),
    ...(watch.channel === undefined ? [] : [['watch.channel', watch.channel] as const]),
    ...(watch.userGroup === undefined ? [] : [['watch.userGroup', watch.userGroup] as const]),
    ...(watch.escalation?.channel === undefined
      ? []
      : [['watch.escalation.channel', watch.escalation.channel] as const]),
    ...(watch.escalation?.userGroup === undefined
      ? []
      : [['watch.escalation.userGroup', watch.escalation.userGroup] as const]),
  ];
};

/** One warning for each id of an example, wherever it is written. */
const exampleWarnings = (policy: PolicyDocument): readonly Mistake[] =>
  [...Map.groupBy(idsIn(policy), ([, id]) => id)]
    .filter(([id]) => isExampleId(id))
    .map(([id, [[path] = ['', id], ...others]]) => {
      const elsewhere =
        others.length === 0 ? '' : `; it is in ${others.length} other ${others.length === 1 ? 'place' : 'places'} too`;
      return { path, message: `${said(id)} looks like an example${elsewhere}` };
    });

/** What can be used and is dangerous, or was most likely not meant: nobody is kept from it. `policy` has no mistakes. */
export const policyWarnings = (policy: PolicyDocument): readonly Mistake[] => {
  const { cidrs, cnameSuffixes, ports, grants, watch, confirm } = policy;
  return [
    ...cidrs.flatMap((cidr, at) => mistake(`cidrs[${at}]`, rangeWarning(cidr))),
    ...cnameSuffixes.flatMap((suffix, at) =>
      mistake(
        `cnameSuffixes[${at}]`,
        suffix.includes('.')
          ? undefined
          : `${said(suffix)} is a whole top-level domain: whoever has a name in it decides where mail goes`,
      ),
    ),
    ...ports.flatMap((port, at) =>
      mistake(
        `ports[${at}]`,
        port < 1024 && !mailPorts.has(port)
          ? `${port} is not a port of mail servers, and everyone who may check could probe it`
          : undefined,
      ),
    ),
    ...grants.flatMap((grant, at) => grantWarnings(grant).map((message) => ({ path: `grants[${at}]`, message }))),
    ...policy.protected.flatMap((rule, at) => mistake(`protected[${at}].approvers`, approverWarning(rule.approvers))),
    ...mistake('confirm.verbs', confirm.verbs.length === 0 ? 'no change asks for a confirmation' : undefined),
    ...mistake('watch.channel', watch.channel === undefined ? 'it is not given, so nobody is alerted' : undefined),
    ...mistake(
      'watch.escalation.minutes',
      watch.escalation !== undefined && watch.reminder.times > 0 && watch.escalation.minutes < watch.reminder.minutes
        ? `it is less than the ${watch.reminder.minutes} minutes of the first reminder, so nobody is reminded before`
        : undefined,
    ),
    ...exampleWarnings(policy),
  ];
};
