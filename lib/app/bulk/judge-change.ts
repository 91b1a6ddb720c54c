import { asSentence } from '../../core/base/as-sentence.ts';
import { type BulkChange, hostnameOf } from '../../core/bulk/bulk-proposal.ts';
import { amendedPlan } from '../../core/dns/plan.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import { type Hostname, parseHostname } from '../../core/endpoint/hostname.ts';
import { printable } from '../../core/endpoint/printable.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { BulkPart } from '../../core/ledger/bulk-entry.ts';
import { changeIdOf } from '../../core/ledger/change-id.ts';
import type { Actor } from '../../core/ledger/entry.ts';
import { fold, type StreamState } from '../../core/ledger/fold.ts';
import { checkDefinition } from '../../core/validation/check-definition.ts';
import { pointerFindings } from '../../core/validation/pointer-rules.ts';
import { warningSentences } from '../../messages/refused-message.ts';
import { authoriseFresh, releaseForFresh } from '../authorise/authorise-with-groups.ts';
import { judgePlan } from '../change/judge-plan.ts';
import { pendingLateBatch } from '../change/pending-late-batch.ts';
import type { PlanFrame, Proposal } from '../change/proposal.ts';
import { proposeAdd } from '../change/propose-add.ts';
import { proposeAdopt } from '../change/propose-adopt.ts';
import { proposeFailover } from '../change/propose-failover.ts';
import { proposeRemove } from '../change/propose-remove.ts';
import { proposeUndo } from '../change/propose-undo.ts';
import { proposeUpdate } from '../change/propose-update.ts';
import { timeEffect } from '../change/time-effect.ts';
import { type Pointers, readPointers, registeredPointers } from '../look-up/read-pointers.ts';
import type { Ports } from '../ports/ports.ts';

/** What policy, rules, ledger and zone say of one proposed change. `hostname` is as written if it is not a valid one. */
export type JudgedChange =
  | { readonly kind: 'plan'; readonly part: BulkPart }
  /** `reasons`: a sentence each. */
  | { readonly kind: 'refused'; readonly hostname: string; readonly reasons: readonly string[] }
  /** The name is already as it would be. */
  | { readonly kind: 'nothing'; readonly hostname: string };

/** Who asks for a bulk, and by which request. */
export type BulkAsker = { readonly actor: Actor; readonly requestId: string; readonly receivedAt: string };

/** Each name's change has an id of its own, the same whenever the same request is worked. */
const partId = ({ receivedAt, requestId }: BulkAsker, hostname: string): string =>
  changeIdOf(receivedAt, `${requestId} ${hostname}`);

const sentences = (findings: readonly Finding[]): readonly string[] =>
  findings
    .filter(({ severity }) => severity === 'block')
    // A remedy that a command would follow ends with a colon.
    // Each reason stands beside its hostname.
    .map(
      ({ argument, wrong, right }) =>
        `${argument === 'hostname' ? '' : `${argument}: `}${wrong} ${right.replace(/:$/, '.')}`,
    );

/** Another change of the name that must end first, if there is one. */
const inTheWay = (stream: StreamState, hostname: string, nowMs: number): string | undefined => {
  if (stream.active !== undefined)
    return `Another change of ${hostname}, by @${stream.active.actor.userName}, is being applied. Ask again when it is finished.`;
  const held = [...stream.changes.values()].some(({ mayLandLate }) => mayLandLate === true)
    ? pendingLateBatch(stream, hostname, nowMs)
    : undefined;
  return held === undefined ? undefined : `${held.wrong} ${held.right}`;
};

const propose = async (
  ports: Ports,
  change: BulkChange,
  hostname: Hostname,
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
): Promise<Proposal> => {
  switch (change.verb) {
    case 'add': {
      const { definition, findings } = checkDefinition(change.definition, ports.policy, ports.profile);
      return definition === undefined
        ? { kind: 'refused', findings }
        : proposeAdd(ports, definition, findings, stream, frame, signal);
    }
    case 'update':
      return proposeUpdate(ports, hostname, change.changes, stream, frame, signal);
    case 'adopt':
      return proposeAdopt(ports, hostname, change.changes, stream, frame, signal);
    case 'failover':
      return proposeFailover(ports, hostname, stream, frame, signal);
    case 'remove':
      return proposeRemove(ports, hostname, stream, frame, signal);
    case 'undo': {
      const undone = stream.changes.get(change.change);
      return undone === undefined
        ? {
            kind: 'refused',
            findings: [
              {
                id: 'conflicting-record',
                severity: 'block',
                argument: 'hostname',
                wrong: `${hostname} has no change ${printable(change.change)}.`,
                right: 'See its history.',
              },
            ],
          }
        : proposeUndo(ports, undone, stream, frame, signal, change.upTo);
    }
  }
};

/**
 * Judges one change of a bulk exactly as its command would be judged: rights, protection, what the ledger knows of the name, rules, zone and surroundings.
 * `ports` share their reads among all names.
 */
export const judgeChange = async (
  ports: Ports,
  asker: BulkAsker,
  change: BulkChange,
  planMinutes: number,
  signal: AbortSignal,
): Promise<JudgedChange> => {
  const { policy, userGroups, clock } = ports;
  const { actor } = asker;
  const { verb } = change;
  const written = hostnameOf(change);
  const parsed = parseHostname(written);
  const refused = (reasons: readonly string[], hostname = printable(written)): JudgedChange => ({
    kind: 'refused',
    hostname,
    reasons,
  });
  if (!('hostname' in parsed)) {
    const { findings } = verb === 'add' ? checkDefinition(change.definition, policy, ports.profile) : parsed;
    return refused(sentences(findings));
  }
  const { hostname } = parsed;
  if (zoneOf(hostname, policy.zones) === undefined)
    return refused([`${hostname} is not in any of the zones ${policy.zones.map(({ name }) => name).join(', ')}.`]);
  const may = await authoriseFresh(policy, actor, verb, hostname, userGroups, signal);
  if (!may.allowed) return refused([may.message], hostname);
  const led: Pointers | undefined =
    verb === 'add' || verb === 'adopt' ? undefined : await readPointers(ports, hostname, 'fresh', signal);
  const release = await releaseForFresh(
    policy,
    { verb, hostname, actor, pointers: registeredPointers(led) },
    userGroups,
    signal,
  );
  if (release.kind === 'refused') return refused([release.message], hostname);

  const stream = fold(await ports.ledger.read(hostname, signal));
  const before = inTheWay(stream, hostname, clock.now());
  if (before !== undefined) return refused([before], hostname);
  const changeId = partId(asker, hostname);
  const frame: PlanFrame = {
    changeId,
    generation: stream.generation + 1,
    release,
    policyVersion: policy.version,
    planMinutes,
    now: clock.now(),
  };
  const proposal = await propose(ports, change, hostname, stream, frame, signal);
  switch (proposal.kind) {
    case 'refused':
      return refused(sentences(proposal.findings), hostname);
    case 'unreachable':
      return refused([`Route 53 could not be read: ${asSentence(proposal.why)}`], hostname);
    case 'nothing':
      return { kind: 'nothing', hostname };
    case 'plan': {
      const judged = await judgePlan(ports, proposal.plan, signal);
      const timed = await timeEffect(ports, proposal.plan, signal);
      const aboutPointers = led === undefined ? [] : pointerFindings(timed, led.pointers, '');
      const findings = [...proposal.findings, ...judged.findings, ...aboutPointers];
      const blocking = sentences(findings);
      if (blocking.length > 0) return refused(blocking, hostname);
      // Whoever changes where other names lead says so knowingly.
      const isAsked = aboutPointers.length > 0 && timed.release.kind === 'at-once';
      const plan = isAsked ? amendedPlan(timed, { release: { kind: 'confirmation' } }) : timed;
      return { kind: 'plan', part: { changeId, plan, warnings: warningSentences(findings) } };
    }
  }
};
