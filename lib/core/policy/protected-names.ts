import type { ChangeVerb } from '../dns/plan.ts';
import { matchesHostname } from './hostname-pattern.ts';
import type { PolicyDocument } from './policy.ts';

export type Protection = PolicyDocument['protected'][number];

/** Whether a rule needs a second person for such a change. An undo may amount to an add, an update or a removal, so it is always meant. */
export const protectsVerb = ({ verbs }: Pick<Protection, 'verbs'>, verb: ChangeVerb): boolean =>
  verbs === undefined || verb === 'undo' || verbs.includes(verb);

/** The rule that needs a second person for a change of a normalised hostname: the first that fits, or none. */
export const protectionOf = (
  policy: Pick<PolicyDocument, 'protected'>,
  verb: ChangeVerb,
  hostname: string,
): Protection | undefined =>
  policy.protected.find(
    (rule) => protectsVerb(rule, verb) && rule.hostnames.some((pattern) => matchesHostname(pattern, hostname)),
  );

/** The rule of a name that leads to the one that changes: a change there comes to an update of it. */
export const protectionOfPointer = (
  policy: Pick<PolicyDocument, 'protected'>,
  verb: ChangeVerb,
  pointer: string,
): Protection | undefined => protectionOf(policy, verb, pointer) ?? protectionOf(policy, 'update', pointer);
