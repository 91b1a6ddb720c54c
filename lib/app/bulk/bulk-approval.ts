import { sizeNeed } from '../../core/bulk/bulk-needs.ts';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import type { Actor } from '../../core/ledger/entry.ts';
import { isAmong, type People, unreadGroups, unreadText } from '../../core/policy/people.ts';
import { authoriseFresh, mayApproveFresh } from '../authorise/authorise-with-groups.ts';
import { decideWithGroups } from '../authorise/decide-with-groups.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';

type Judging = Pick<Ports, 'policy' | 'userGroups'>;

/** Whether somebody's word counts for one rule; `message` says why not. */
type Word = { readonly counts: true } | { readonly counts: false; readonly message: string };

const counts: Word = { counts: true };
const not = (message: string): Word => ({ counts: false, message });

/** Those whom the policy lists for a rule: of a protection, or of large bulks. Empty where anybody with the right to approve will do. */
export const approversOf = ({ policy }: Pick<Ports, 'policy'>, because: string): People =>
  policy.protected.find(({ name }) => name === because)?.approvers ?? policy.bulk.approvers ?? {};

/** Whether somebody may approve a bulk on account of its size. */
const mayApproveSize = async (
  { policy, userGroups }: Judging,
  bulk: BulkState,
  by: Actor,
  signal: AbortSignal,
): Promise<Word> => {
  if (by.userId === bulk.actor.userId) return not('You asked for this bulk yourself: it needs a second person.');
  const { approvers } = policy.bulk;
  if (approvers !== undefined) {
    const message = await decideWithGroups(
      userGroups,
      approvers.userGroups ?? [],
      (groups) => {
        if (isAmong(approvers, by.userId, groups)) return { decision: undefined, denied: false };
        const unread = unreadGroups([approvers], groups);
        const decision =
          unread.length > 0
            ? `I could not check whether you may approve this. ${unreadText(unread)}`
            : `You (${by.userId}) are not among those who approve large bulks.`;
        return { decision, denied: true };
      },
      signal,
    );
    if (message !== undefined) return not(message);
  }
  for (const { plan } of bulk.parts) {
    const may = await authoriseFresh(policy, by, 'approve', plan.hostname, userGroups, signal);
    if (!may.allowed) return not(may.message);
  }
  return counts;
};

const mayApproveRule = async (
  { policy, userGroups }: Judging,
  bulk: BulkState,
  because: string,
  by: Actor,
  signal: AbortSignal,
): Promise<Word> => {
  const plans = bulk.parts
    .map(({ plan }) => plan)
    .filter(({ release }) => release.kind === 'approval' && release.because === because);
  if (plans.length === 0) return mayApproveSize({ policy, userGroups }, bulk, by, signal);
  for (const plan of plans) {
    const right = await authoriseFresh(policy, by, 'approve', plan.hostname, userGroups, signal);
    const approval = right.allowed ? await mayApproveFresh(policy, plan, bulk.actor, by, userGroups, signal) : right;
    if (!approval.allowed) return not(approval.message);
  }
  return counts;
};

/** The rules of a bulk for which somebody's word counts today, and why it does not count for the others. */
export const rulesApprovedBy = async (
  ports: Judging,
  bulk: BulkState,
  by: Actor,
  signal: AbortSignal,
): Promise<{ readonly rules: readonly string[]; readonly refusals: readonly string[] }> => {
  const rules: string[] = [];
  const refusals: string[] = [];
  for (const { because } of bulk.needs) {
    const word = await mayApproveRule(ports, bulk, because, by, signal);
    if (word.counts) rules.push(because);
    else refusals.push(word.message);
  }
  return { rules, refusals };
};

/** Why a released bulk may not go on as a whole: its size wants a second person today, and nobody who approved it may still do that. */
export const releaseObjection = async (
  ports: Judging & Pick<Ports, 'state'>,
  bulk: BulkState,
  signal: AbortSignal,
): Promise<string | undefined> => {
  // Names that the bulk itself has already removed counted when it was requested.
  const own = bulk.parts.flatMap(({ plan }) => (plan.definitionBefore === undefined ? [] : [plan.hostname]));
  const registered = await listRegistered(ports.state, signal);
  const registry = new Set<string>([...own, ...registered.map(({ definition }) => definition.hostname)]);
  const need = sizeNeed(ports.policy, {
    names: bulk.parts.length,
    registeredNames: own.length,
    registry: registry.size,
  });
  if (need === undefined) return undefined;
  let why = `A ${need.because} needs a second person. Ask again.`;
  for (const { by } of bulk.approvals) {
    const word = await mayApproveSize(ports, bulk, by, signal);
    if (word.counts) return undefined;
    why = `@${by.userName}, who approved this bulk, no longer may. ${word.message}`;
  }
  return why;
};
