import { asSentence } from '../../core/base/as-sentence.ts';
import type { Plan, Release } from '../../core/dns/plan.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import type { ReleaseDecision } from '../../core/policy/release.ts';
import { effectOnPointers, pointerFindings } from '../../core/validation/pointer-rules.ts';
import { authoriseFresh, mayApproveFresh, releaseForFresh } from '../authorise/authorise-with-groups.ts';
import { type Pointers, readPointers, registeredPointers } from '../look-up/read-pointers.ts';
import type { Ports } from '../ports/ports.ts';
import { judgePlan } from './judge-plan.ts';
import { timeEffect } from './time-effect.ts';

/** Whether a change may be sent to Route 53 now; `why` is a sentence or more for people. */
export type Permission =
  | { readonly kind: 'permitted' }
  | { readonly kind: 'forbidden'; readonly why: string }
  /** Route 53 cannot be read just now, so nobody knows. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Releases that today's policy accepts in place of the one under which a plan was made. A plan that waits is for `mayApprove` to judge. */
const accepted: Readonly<Record<Release['kind'], readonly ReleaseDecision['kind'][]>> = {
  'at-once': ['at-once'],
  confirmation: ['at-once', 'confirmation'],
  approval: ['approval'],
  'break-glass': ['at-once', 'break-glass'],
};

/** Why the plan needs another release than it had; undefined where it does not. */
const releaseObjection = async (
  ports: Ports,
  { actor, verb, plan: { hostname, release } }: ChangeState,
  led: Pointers | undefined,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const { policy, userGroups } = ports;
  const breakGlass = release.kind === 'break-glass' ? { breakGlassReason: release.reason } : {};
  const pointers = registeredPointers(led);
  const today = await releaseForFresh(policy, { verb, hostname, actor, pointers, ...breakGlass }, userGroups, signal);
  if (today.kind === 'refused') return today.message;
  if (accepted[release.kind].includes(today.kind)) return undefined;
  return today.kind === 'approval'
    ? `${hostname} now falls under the rule "${today.because}": it needs a second person. Ask again.`
    : `The policy changed since you asked and now requires a different approval for this change. Ask again.`;
};

/** Requester and whoever released the plan need their rights on the day on which it is sent. */
const rightsObjection = async (
  ports: Ports,
  change: ChangeState,
  led: Pointers | undefined,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const { policy, userGroups } = ports;
  const { actor, approvedBy, verb, plan } = change;
  const may = await authoriseFresh(policy, actor, verb, plan.hostname, userGroups, signal);
  if (!may.allowed) return may.message;
  const objection = await releaseObjection(ports, change, led, signal);
  if (objection !== undefined || approvedBy === undefined) return objection;
  // Confirming one's own change takes no right but that to the change.
  const right = plan.release.kind === 'confirmation' ? verb : 'approve';
  const approver = await authoriseFresh(policy, approvedBy, right, plan.hostname, userGroups, signal);
  const approval = approver.allowed
    ? await mayApproveFresh(policy, plan, actor, approvedBy, userGroups, signal)
    : approver;
  return approval.allowed
    ? undefined
    : `@${approvedBy.userName}, who approved it, may no longer approve it. ${approval.message}`;
};

const rulesText = (plan: Plan, wrong: readonly string[]): string =>
  `${plan.hostname} can no longer be changed this way: ${wrong.join(' ')}`;

/** What the names that lead to a plan's name have against it, with the wildcard that answers after it as of now. */
const pointersNow = async (
  ports: Ports,
  { wildcard: _, ...plan }: Plan,
  { pointers }: Pointers,
  signal: AbortSignal,
): Promise<readonly Finding[]> =>
  pointers.length === 0 ? [] : pointerFindings(await timeEffect(ports, plan, signal), pointers, '');

/**
 * The check that comes before every batch, whatever led to it: rights of the requester and of whoever released the plan, protection, break-glass, policy,
 * rules, ranges, ports and the zone, all as they are now.
 */
export const stillPermitted = async (ports: Ports, change: ChangeState, signal: AbortSignal): Promise<Permission> => {
  const { plan } = change;
  const isMoving = effectOnPointers(plan) !== 'none';
  const led = isMoving ? await readPointers(ports, plan.hostname, 'last', signal) : undefined;
  const objection = await rightsObjection(ports, change, led, signal);
  if (objection !== undefined) return { kind: 'forbidden', why: objection };
  const { findings, unread } = await judgePlan(ports, change.plan, signal);
  const aboutPointers = led === undefined ? [] : await pointersNow(ports, plan, led, signal);
  const blocking = [...findings, ...aboutPointers].filter(({ severity }) => severity === 'block');
  if (blocking.length > 0)
    return {
      kind: 'forbidden',
      why: rulesText(
        change.plan,
        blocking.map(({ wrong }) => wrong),
      ),
    };
  return unread === undefined
    ? { kind: 'permitted' }
    : {
        kind: 'unknown',
        why: `Could not check whether the change is still permitted: ${asSentence(unread.message)}`,
      };
};
