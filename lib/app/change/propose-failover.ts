import { makePlan } from '../../core/dns/plan.ts';
import { sameRecordSets } from '../../core/dns/record-set.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import { sameTargets } from '../../core/endpoint/targets.ts';
import type { ChangeState, StreamState } from '../../core/ledger/fold.ts';
import type { Ports } from '../ports/ports.ts';
import { type PlanFrame, type Proposal, readBefore, refusal } from './proposal.ts';

/** The applied failovers that no undo has taken back, as things stand. */
const standingFailovers = ({ applied }: StreamState): readonly ChangeState[] => {
  const undone = new Set<string>();
  for (const { changeId, plan } of applied.toReversed()) {
    if (plan.undoes !== undefined && !undone.has(changeId)) undone.add(plan.undoes);
  }
  return applied.filter(({ verb, changeId }) => verb === 'failover' && !undone.has(changeId));
};

/** The failover on which leading the name to these targets goes back; undefined where they are its standby. */
const goesBackOn = (stream: StreamState, targets: Targets): string | undefined => {
  const last = standingFailovers(stream).at(-1);
  const left = last?.plan.goesBackOn === undefined ? last?.plan.definitionBefore?.targets : undefined;
  return left !== undefined && sameTargets(left, targets) ? last?.changeId : undefined;
};

/** The same endpoint with targets and standby in each other's place. */
const swapped = (definition: Definition, standby: Targets): Definition => ({
  ...definition,
  targets: standby,
  standby: definition.targets,
});

/** Swaps targets and standby of a name, as far as the ledger and Route 53 allow it. Whether the standby works is not asked here. */
export const proposeFailover = async (
  ports: Ports,
  hostname: Hostname,
  stream: StreamState,
  frame: PlanFrame,
  signal: AbortSignal,
): Promise<Proposal> => {
  const { definition, registeredBy } = stream;
  if (definition === undefined || registeredBy === undefined) {
    return refusal(
      `${hostname} is not registered, so there is nothing to fail over.`,
      'See the registered names:',
      '/postal-endpoint list',
    );
  }
  const { standby } = definition;
  if (standby === undefined) {
    return refusal(
      `${hostname} has no standby to fail over to.`,
      'Define one, then ask again:',
      `/postal-endpoint update ${hostname} --standby …`,
    );
  }
  const read = await readBefore(ports, hostname, signal);
  if (!read.ok) return { kind: 'unreachable', why: read.failure.message };
  const { zoneId, standing } = read.value;
  if (!sameRecordSets(standing, registeredBy.plan.after)) {
    return refusal(
      `Route 53 differs at ${hostname} from what is registered, so targets and standby cannot be swapped.`,
      'See the difference, and the command that corrects it:',
      `/postal-endpoint drift ${hostname}`,
    );
  }
  const plan = makePlan({
    ...frame,
    verb: 'failover',
    hostname,
    zoneId,
    existing: standing,
    definitionBefore: definition,
    definitionAfter: swapped(definition, standby),
    goesBackOn: goesBackOn(stream, standby),
  });
  return { kind: 'plan', plan, findings: [] };
};
