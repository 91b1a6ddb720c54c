import { channelReference } from '../base/slack-ids.ts';
import type { ChangeVerb, Release } from '../dns/plan.ts';
import type { Actor } from '../ledger/entry.ts';
import { type GroupMembers, isAmong, noGroups, unreadGroups, unreadText } from './people.ts';
import type { PolicyDocument } from './policy.ts';
import { type Protection, protectionOf, protectionOfPointer } from './protected-names.ts';

export type ReleaseRequest = {
  readonly verb: ChangeVerb;
  /** Normalised. */
  readonly hostname: string;
  readonly actor: Actor;
  /** Names that lead to the hostname: whoever moves it moves them. */
  readonly pointers?: readonly string[];
  /** Given only by whoever asks to break glass. */
  readonly breakGlassReason?: string;
};

/** What has to happen before a change is applied, or that it cannot be asked for in this way. */
export type ReleaseDecision =
  | Release
  | {
      readonly kind: 'refused';
      readonly reason:
        | 'break-glass-not-allowed'
        | 'break-glass-group-unread'
        | 'break-glass-reason-too-short'
        | 'break-glass-reason-too-long';
      /** A sentence or two for the person. */
      readonly message: string;
    };

const shortestReason = 10;
const longestReason = 500;

type Rules = Pick<PolicyDocument, 'protected' | 'confirm' | 'breakGlass'>;

/** Whether someone may apply a protected change at once; a grant for the change itself is needed besides. */
export const mayBreakGlass = (
  { breakGlass }: Pick<PolicyDocument, 'breakGlass'>,
  userId: string,
  verb: ChangeVerb,
  groups: GroupMembers,
): boolean =>
  breakGlass !== undefined && (breakGlass.verbs?.includes(verb) ?? true) && isAmong(breakGlass, userId, groups);

const breakingGlass = (
  { breakGlass }: Pick<PolicyDocument, 'breakGlass'>,
  rule: Protection,
  { verb, actor }: ReleaseRequest,
  given: string,
  groups: GroupMembers,
): ReleaseDecision => {
  const instead = `Without --break-glass, I ask for approval in ${channelReference(rule.channel)}.`;
  if (!mayBreakGlass({ breakGlass }, actor.userId, verb, groups)) {
    const unread =
      breakGlass?.verbs?.includes(verb) === false
        ? []
        : unreadGroups(breakGlass === undefined ? [] : [breakGlass], groups);
    return unread.length > 0
      ? {
          kind: 'refused',
          reason: 'break-glass-group-unread',
          message: `I could not check whether you may use --break-glass. ${unreadText(unread)} ${instead}`,
        }
      : {
          kind: 'refused',
          reason: 'break-glass-not-allowed',
          message: `You (${actor.userId}) may not break glass for ${verb}. ${instead}`,
        };
  }
  const reason = given.trim().replace(/\s+/g, ' ');
  const { length } = [...reason];
  if (length < shortestReason) {
    const said = `The reason to break glass has ${length} characters and needs at least ${shortestReason}: say what is wrong, for whoever reads it tomorrow.`;
    return { kind: 'refused', reason: 'break-glass-reason-too-short', message: said };
  }
  if (length > longestReason) {
    const said = `The reason to break glass has ${length} characters and may have ${longestReason}. Give the gist.`;
    return { kind: 'refused', reason: 'break-glass-reason-too-long', message: said };
  }
  return { kind: 'break-glass', because: rule.name, reason };
};

/**
 * What has to happen before a change is applied. An approval makes a confirmation needless; where nothing is protected, there is no glass to break.
 *
 * | protected | break-glass reason | may break glass | release                                                  |
 * | --------- | ------------------ | --------------- | -------------------------------------------------------- |
 * | no        | any                | any             | confirmation if `confirm` has the verb, and of a failover; at once otherwise |
 * | yes       | none               | any             | approval                                                 |
 * | yes       | given              | no              | refused                                                  |
 * | yes       | too short or long  | yes             | refused                                                  |
 * | yes       | good               | yes             | break-glass                                              |
 *
 * A hostname to which a protected name leads counts as protected.
 */
export const releaseFor = (
  policy: Rules,
  request: ReleaseRequest,
  groups: GroupMembers = noGroups,
): ReleaseDecision => {
  const { verb, hostname, pointers = [], breakGlassReason } = request;
  const own = protectionOf(policy, verb, hostname);
  const led = pointers.find((pointer) => protectionOfPointer(policy, verb, pointer) !== undefined);
  const rule = own ?? (led === undefined ? undefined : protectionOfPointer(policy, verb, led));
  if (rule === undefined)
    return verb === 'failover' || policy.confirm.verbs.includes(verb) ? { kind: 'confirmation' } : { kind: 'at-once' };
  if (breakGlassReason !== undefined) return breakingGlass(policy, rule, request, breakGlassReason, groups);
  return {
    kind: 'approval',
    channelId: rule.channel,
    because: rule.name,
    ...(own !== undefined || led === undefined ? {} : { onAccountOf: led }),
  };
};
