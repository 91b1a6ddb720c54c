import type { Mistake } from '../base/config-error.ts';
import { changeVerbs } from '../dns/plan.ts';
import { patternMistakes } from './grant-mistakes.ts';
import { coversPattern, patternMistake, patternsOverlap } from './hostname-pattern.ts';
import { mistake, repetitions, said } from './mistake-at.ts';
import type { People } from './people.ts';
import type { PolicyDocument } from './policy.ts';
import { type Protection, protectsVerb } from './protected-names.ts';
import { idMistakes, peopleMistakes } from './slack-id-mistakes.ts';
import { includesVerb } from './verbs.ts';

type Grants = PolicyDocument['grants'];
type Grant = Grants[number];
type BreakGlass = NonNullable<PolicyDocument['breakGlass']>;

const namesNobody = ({ users = [], userGroups = [] }: People): boolean => users.length === 0 && userGroups.length === 0;

/** Whether a grant may fit a user. Only Slack knows who is in a group, so a grant through a group might. */
const mightFit = ({ users, userGroups }: Grant, userId: string): boolean =>
  (users === undefined && userGroups === undefined) || userGroups !== undefined || users?.includes(userId) === true;

const wellFormed = (patterns: readonly string[]): readonly string[] =>
  patterns.filter((pattern) => patternMistake(pattern) === undefined);

const overlapsPatterns = ({ hostnames }: Grant, patterns: readonly string[]): boolean =>
  hostnames === undefined ||
  wellFormed(hostnames).some((one) => wellFormed(patterns).some((other) => patternsOverlap(one, other)));

/** Patterns of a rule that no change reaches, because rules before it decide for every name and change that they mean. */
const unreachable = (path: string, rule: Protection, earlier: readonly Protection[]): readonly Mistake[] =>
  rule.hostnames.flatMap((pattern, index) => {
    const verbs = changeVerbs.filter((verb) => protectsVerb(rule, verb));
    const before = earlier.find(
      (other) =>
        verbs.every((verb) => protectsVerb(other, verb)) &&
        wellFormed(other.hostnames).some(
          (wide) => patternMistake(pattern) === undefined && coversPattern(wide, pattern),
        ),
    );
    const message =
      before &&
      `rule ${said(before.name)} before it fits every name that ${said(pattern)} does: put the narrower rule first`;
    return mistake(`${path}.hostnames[${index}]`, message);
  });

/** What keeps a rule from ever being satisfied, as far as that can be known without asking Slack who is in which group. */
const deadlocks = (path: string, rule: Protection, grants: Grants): readonly Mistake[] => {
  const { approvers, channel, hostnames } = rule;
  if (namesNobody(approvers))
    return mistake(path, 'there are no approvers, so nobody could ever approve: name users or userGroups');
  const users = approvers.users ?? [];
  const approving = grants.filter(
    (grant) =>
      includesVerb(grant.verbs, 'approve') &&
      (grant.channels?.includes(channel) ?? true) &&
      overlapsPatterns(grant, hostnames),
  );
  const mute = users.flatMap((userId, index) =>
    mistake(
      `${path}.users[${index}]`,
      approving.some((grant) => mightFit(grant, userId))
        ? undefined
        : `no grant lets ${userId} use approve for these names in ${channel}`,
    ),
  );
  const [only, ...others] = [...new Set(users)];
  if (only === undefined || others.length > 0 || approvers.userGroups !== undefined) return mute;
  const changing = grants.filter(
    (grant) =>
      changeVerbs.some((verb) => protectsVerb(rule, verb) && includesVerb(grant.verbs, verb)) &&
      overlapsPatterns(grant, hostnames),
  );
  const isAlone =
    changing.length > 0 &&
    changing.every((grant) => grant.userGroups === undefined && grant.users?.every((userId) => userId === only));
  const message = `${only} is the only approver, and the only one who may change these names: nobody could ever approve`;
  return [...mute, ...mistake(path, isAlone ? message : undefined)];
};

/** Mistakes of rules on protected names that the schema cannot see; without `grants`, those that need no look at them. */
export const protectionMistakes = (
  rules: PolicyDocument['protected'],
  zones: PolicyDocument['zones'] | undefined,
  grants: Grants | undefined,
): readonly Mistake[] => [
  ...repetitions(rules.map(({ name }) => name)).flatMap(({ value, index }) =>
    mistake(`protected[${index}].name`, `${said(value)} is used twice`),
  ),
  ...rules.flatMap((rule, index) => {
    const path = `protected[${index}]`;
    return [
      ...patternMistakes(`${path}.hostnames`, rule.hostnames, zones),
      ...unreachable(path, rule, rules.slice(0, index)),
      ...peopleMistakes(`${path}.approvers`, rule.approvers),
      ...idMistakes('sharedChannels', () => `${path}.channel`, [rule.channel]),
      ...(grants === undefined ? [] : deadlocks(`${path}.approvers`, rule, grants)),
    ];
  }),
];

/** Mistakes of who may break glass that the schema cannot see. */
export const breakGlassMistakes = (breakGlass: BreakGlass, grants: Grants | undefined): readonly Mistake[] => {
  if (namesNobody(breakGlass))
    return mistake('breakGlass', 'it names nobody: name users or userGroups, or leave it out');
  const verbs = breakGlass.verbs ?? changeVerbs;
  const idle = (breakGlass.users ?? []).flatMap((userId, index) => {
    const may = grants?.some(
      (grant) => mightFit(grant, userId) && verbs.some((verb) => includesVerb(grant.verbs, verb)),
    );
    const message = `no grant lets ${userId} use ${verbs.join(', ')}, and breaking glass does not replace a grant`;
    return mistake(`breakGlass.users[${index}]`, may === false ? message : undefined);
  });
  return [...peopleMistakes('breakGlass', breakGlass), ...idle];
};
