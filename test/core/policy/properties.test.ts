import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Release } from '../../../lib/core/dns/plan.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import { mayApprove } from '../../../lib/core/policy/approvers.ts';
import { authorise, grantsFor, maySomewhere } from '../../../lib/core/policy/authorise.ts';
import type { People } from '../../../lib/core/policy/people.ts';
import { releaseFor } from '../../../lib/core/policy/release.ts';
import { rightsFor } from '../../../lib/core/policy/rights.ts';
import { anyActor, anyChange, anyGroups, anyHostname, anyPolicy, anyVerb } from './arbitrary-policy.ts';

const runs = { numRuns: 2_000 };

const named = (text: string) => {
  const parsed = parseHostname(text);
  if (!('hostname' in parsed)) throw new Error(`${text} is no hostname`);
  return parsed.hostname;
};

/** The rules once more, as plainly as can be: a name fits `*.a` when it ends in `.a`. */
const fitsName = (pattern: string, name: string) =>
  pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern;
const holds = ({ users, userGroups }: People, userId: string, groups: ReadonlyMap<string, ReadonlySet<string>>) =>
  (users ?? []).includes(userId) || (userGroups ?? []).some((id) => [...(groups.get(id) ?? [])].includes(userId));

test('deny by default: who is allowed has a grant for team, channel, person, verb and name, and who has one is allowed', () => {
  return fc.assert(
    fc.property(anyPolicy, anyActor, anyVerb, anyHostname, anyGroups, ({ grants }, actor, verb, name, groups) => {
      const fitting = grants.filter(
        (grant) =>
          grant.teams.includes(actor.teamId) &&
          (!grant.channels || grant.channels.includes(actor.channelId)) &&
          ((!grant.users && !grant.userGroups) || holds(grant, actor.userId, groups)) &&
          (grant.verbs.includes(verb) || (grant.verbs.includes('*') && verb !== 'check:rcpt')) &&
          (!grant.hostnames || grant.hostnames.some((pattern) => fitsName(pattern, name))),
      );
      const decided = authorise({ grants }, actor, verb, name, groups);
      expect(decided.allowed ? decided.grant : undefined).toBe(fitting[0]?.name);
      if (decided.allowed) {
        expect(maySomewhere({ grants }, actor, [verb], name, groups)).toBe(true);
        expect(grantsFor({ grants }, actor, groups).some((grant) => grant.here && grant.name === decided.grant)).toBe(
          true,
        );
      } else {
        expect(decided.message).not.toBe('');
      }
    }),
    runs,
  );
});

test('a group that could not be read never allows: without any, only people by id and grants for all count', () => {
  return fc.assert(
    fc.property(anyPolicy, anyActor, anyVerb, anyChange, anyHostname, (policy, actor, verb, change, name) => {
      const byId = <Who extends People>(who: Who) => ({
        ...who,
        userGroups: undefined,
        ...(who.userGroups && !who.users ? { users: [] } : {}),
      });
      const without = {
        ...policy,
        grants: policy.grants.map(byId),
        protected: policy.protected.map((rule) => ({ ...rule, approvers: byId(rule.approvers) })),
        breakGlass: policy.breakGlass && byId(policy.breakGlass),
      };
      expect(authorise(policy, actor, verb, name).allowed).toBe(authorise(without, actor, verb, name).allowed);
      const request = { verb: change, hostname: name, actor, breakGlassReason: 'mail is on fire' };
      expect(releaseFor(policy, request).kind).toBe(releaseFor(without, request).kind);
      const { grants, approves, breaksGlassFor } = rightsFor(policy, actor);
      expect({ grants, approves, breaksGlassFor, unreadGroups: [] }).toEqual(rightsFor(without, actor));
    }),
    runs,
  );
});

test('to know more members never takes a right away', () => {
  return fc.assert(
    fc.property(
      anyPolicy,
      anyActor,
      anyVerb,
      anyChange,
      anyHostname,
      anyGroups,
      (policy, actor, verb, change, name, groups) => {
        if (authorise(policy, actor, verb, name).allowed)
          expect(authorise(policy, actor, verb, name, groups).allowed).toBe(true);
        const request = { verb: change, hostname: name, actor, breakGlassReason: 'mail is on fire' };
        const blind = releaseFor(policy, request);
        if (blind.kind !== 'refused') expect(releaseFor(policy, request, groups)).toEqual(blind);
      },
    ),
    runs,
  );
});

const releases: readonly Release[] = [
  { kind: 'at-once' },
  { kind: 'confirmation' },
  { kind: 'approval', channelId: 'C9', because: 'first' },
  { kind: 'break-glass', because: 'first', reason: 'mail is on fire' },
];

test('an approval never comes from the requester, a confirmation from nobody else, and each from whom the rule of today names', () => {
  return fc.assert(
    fc.property(
      anyPolicy,
      anyActor,
      anyActor,
      anyChange,
      anyHostname,
      anyGroups,
      fc.constantFrom(...releases),
      (policy, requester, actor, verb, name, groups, release) => {
        const decided = mayApprove(policy, { verb, hostname: named(name), release }, requester, actor, groups);
        const rule = policy.protected.find(
          ({ hostnames, verbs }) =>
            hostnames.some((pattern) => fitsName(pattern, name)) && (!verbs || verb === 'undo' || verbs.includes(verb)),
        );
        const isRequester = actor.userId === requester.userId;
        const expected =
          release.kind === 'approval'
            ? rule !== undefined && !isRequester && holds(rule.approvers, actor.userId, groups)
            : release.kind === 'confirmation' && rule === undefined && isRequester && actor.teamId === requester.teamId;
        expect(decided.allowed).toBe(expected);
      },
    ),
    runs,
  );
});

test('a protected change is never at once nor merely confirmed, but by who may break glass, with a reason', () => {
  return fc.assert(
    fc.property(
      anyPolicy,
      anyActor,
      anyChange,
      anyHostname,
      anyGroups,
      fc.option(fc.constantFrom('', 'too short', 'mail is on fire'), { nil: undefined }),
      (policy, actor, verb, hostname, groups, reason) => {
        const request = { verb, hostname, actor, ...(reason === undefined ? {} : { breakGlassReason: reason }) };
        const decided = releaseFor(policy, request, groups);
        const isProtected = policy.protected.some(
          ({ hostnames, verbs }) =>
            hostnames.some((pattern) => fitsName(pattern, hostname)) &&
            (!verbs || verb === 'undo' || verbs.includes(verb)),
        );
        const { breakGlass } = policy;
        const mayBreak =
          breakGlass !== undefined &&
          (!breakGlass.verbs || breakGlass.verbs.includes(verb)) &&
          holds(breakGlass, actor.userId, groups);
        const given = reason === 'mail is on fire' && mayBreak ? 'break-glass' : 'refused';
        const protectedKind = reason === undefined ? 'approval' : given;
        const openKind = verb === 'failover' || policy.confirm.verbs.includes(verb) ? 'confirmation' : 'at-once';
        expect(decided.kind).toBe(isProtected ? protectedKind : openKind);
      },
    ),
    runs,
  );
});
