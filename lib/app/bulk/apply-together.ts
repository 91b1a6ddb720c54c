import type { Deadline } from '../../core/base/deadline.ts';
import type { BulkApproval, BulkState } from '../../core/bulk/fold-bulk.ts';
import type { Plan } from '../../core/dns/plan.ts';
import type { BulkOutcome, BulkPart } from '../../core/ledger/bulk-entry.ts';
import type { EntryBody } from '../../core/ledger/entry.ts';
import { type ChangeState, fold, isFinished, isPending } from '../../core/ledger/fold.ts';
import { applyChange } from '../change/apply-change.ts';
import { syncDirectory } from '../change/sync-directory.ts';
import { appendAfter } from '../ledger/append.ts';
import type { Ports } from '../ports/ports.ts';
import { registerChange } from '../state/directory.ts';
import { listDrifts, removeDrift } from '../state/drift-store.ts';
import { type SendingPorts, sendTogether } from './send-together.ts';

/** Whose word releases one change of a released bulk; undefined where it wants nobody's. */
const wordFor = ({ confirmation, approvals }: BulkState, { release }: Plan): BulkApproval | undefined => {
  switch (release.kind) {
    case 'confirmation':
      return confirmation;
    case 'approval':
      return approvals.find(({ rules }) => rules.includes(release.because));
    case 'at-once':
    case 'break-glass':
      return undefined;
  }
};

/** The entry by which one change of a bulk is brought to where it can be applied; undefined where it is there, or beyond. */
const nextBody = (bulk: BulkState, part: BulkPart, change: ChangeState | undefined): EntryBody | undefined => {
  const { changeId, plan, warnings } = part;
  if (change === undefined) {
    const { requestId, actor, text, bulkId } = bulk;
    return { kind: 'requested', changeId, requestId, verb: plan.verb, actor, text, plan, warnings, partOf: bulkId };
  }
  const word = isPending(change) ? wordFor(bulk, plan) : undefined;
  return word && { kind: 'approved', changeId, requestId: word.requestId, by: word.by, planDigest: plan.digest };
};

/**
 * Enters one change of a bulk in its name's own stream, as requested and released. `objection`: why the bulk may not be applied any more; what has not begun
 * fails for it.
 */
const begin = async (
  { ledger, clock }: Ports,
  bulk: BulkState,
  part: BulkPart,
  objection: string | undefined,
  signal: AbortSignal,
): Promise<void> => {
  const { changeId, plan } = part;
  for (;;) {
    const entries = await ledger.read(plan.hostname, signal);
    const change = fold(entries).changes.get(changeId);
    const hasBegun = change !== undefined && (change.attempts > 0 || isFinished(change));
    const body: EntryBody | undefined =
      change !== undefined && objection !== undefined && !hasBegun
        ? { kind: 'failed', changeId, reason: `${objection} Nothing was changed.`, mayLandLate: false }
        : nextBody(bulk, part, change);
    if (body === undefined) return;
    await appendAfter({ ledger, clock }, plan.hostname, entries.at(-1), body, signal);
  }
};

/** Brings directory and drift in line with an applied change, unless the name has been changed again since. */
const register = async ({ direct, shared }: SendingPorts, change: ChangeState, signal: AbortSignal): Promise<void> => {
  const { hostname } = change.plan;
  await registerChange(direct.state, change, signal);
  const head = await direct.ledger.head(hostname, signal);
  if (head?.hash !== change.lastHash) await syncDirectory(direct, hostname, signal);
  if ((await listDrifts(shared.state, signal)).has(hostname)) await removeDrift(direct.state, hostname, signal);
};

const outcomeOf = ({
  changeId,
  plan,
  state,
  lastHash,
  reason,
  notPermitted,
  mayLandLate,
}: ChangeState): BulkOutcome => {
  const why = reason ?? notPermitted;
  return {
    changeId,
    hostname: plan.hostname,
    state: state === 'applied' || state === 'conflict' ? state : 'failed',
    hash: lastHash,
    ...(why === undefined ? {} : { reason: why }),
    ...(mayLandLate === true ? { mayLandLate } : {}),
  };
};

/** What happened to some changes of a bulk. */
export type Applied = {
  readonly outcomes: readonly BulkOutcome[];
  /** Ids of the accepted batches. */
  readonly changeInfoIds: ReadonlySet<string>;
};

/**
 * Applies changes of a bulk whose batches fit into one: each is an ordinary change in its own stream, and only the sending is shared. What cannot be known
 * just now is not among the outcomes, and is in the ledger as it is. Safe to call again at any point.
 */
export const applyTogether = async (
  sending: SendingPorts,
  bulk: BulkState,
  parts: readonly BulkPart[],
  objection: string | undefined,
  deliveries: number,
  deadline: Deadline,
): Promise<Applied> => {
  const outcomes: BulkOutcome[] = [];
  const changeInfoIds = new Set<string>();
  const { signal } = deadline;
  await sendTogether(sending, parts, `postal-endpoint bulk ${bulk.bulkId}`, deadline, async (ports, part) => {
    await begin(ports, bulk, part, objection, signal);
    const result = await applyChange(ports, part.plan.hostname, part.changeId, deliveries, deadline);
    if (result.kind !== 'finished' && result.kind !== 'waiting') return;
    const { change } = result;
    if (!isFinished(change)) throw new Error(`change ${change.changeId} of a released bulk is not released`);
    if (change.state === 'applied') await register(sending, change, signal);
    if (change.changeInfoId) changeInfoIds.add(change.changeInfoId);
    outcomes.push(outcomeOf(change));
  });
  // In the order of the list, whoever was quicker.
  const order = new Map(parts.map(({ changeId }, index) => [changeId, index]));
  const place = ({ changeId }: BulkOutcome): number => order.get(changeId) ?? 0;
  return { outcomes: outcomes.toSorted((one, other) => place(one) - place(other)), changeInfoIds };
};
