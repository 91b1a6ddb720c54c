import type { Deadline } from '../../core/base/deadline.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { sameRecordSets } from '../../core/dns/record-set.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import { sameTargets, targetTexts } from '../../core/endpoint/targets.ts';
import type { ChangeState, StreamState } from '../../core/ledger/fold.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import {
  besideFailover,
  breaksDelivery,
  type FailoverProbes,
  failoverWarnings,
} from '../../messages/change/failover-message.ts';
import { type Beside, type PlanFrame, type Proposal, readBefore, refusal } from '../change/proposal.ts';
import { requestNamedChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { probeEndpoint, recordTypesOf } from '../probe/probe-endpoint.ts';
import { saveFailoverProbes } from '../state/failover-probes.ts';
import { keep } from '../state/keep-probe.ts';

/** A dead server takes 10 s to be told; whoever fails over waits for nothing longer than need be. */
const longestProbingMs = 25_000;

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

/** Probes the standby as if the name led there, and beside it where the name does lead. */
const probeBoth = async (
  ports: Ports,
  requestId: string,
  now: Definition,
  standby: Targets,
  deadline: Deadline,
): Promise<FailoverProbes> => {
  const { hostname, port, sslMode, targets } = now;
  const soon = { ...deadline, atMs: Math.min(deadline.atMs, ports.clock.now() + longestProbingMs) };
  const probe = async (where: Targets, given?: readonly string[]): Promise<Probed> => {
    const endpoint = {
      requestId,
      hostname,
      port,
      sslMode,
      recordTypes: recordTypesOf(where),
      ...(given === undefined ? {} : { targets: given }),
    };
    const result = await probeEndpoint(ports, endpoint, soon);
    return { at: new Date(ports.clock.now()).toISOString(), result };
  };
  const [there, here] = await Promise.all([probe(standby, targetTexts(standby)), probe(targets)]);
  return { standby: there, current: here };
};

const propose = async (
  ports: Ports,
  { requestId, command: { dryRun } }: Request<'failover'>,
  hostname: Hostname,
  stream: StreamState,
  frame: PlanFrame,
  deadline: Deadline,
): Promise<Proposal> => {
  const { signal } = deadline;
  const { definition, registeredBy } = stream;
  if (definition === undefined || registeredBy === undefined) {
    return refusal(
      `${hostname} is not registered, so there is nothing to fail over.`,
      'What is registered:',
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
  const look = async (): Promise<Beside> => {
    const probes = await probeBoth(ports, requestId, definition, standby, deadline);
    const { changeId } = frame;
    if (!dryRun)
      await keep(ports, 'the probes of a failover', { changeId }, () =>
        saveFailoverProbes(ports, changeId, probes, signal),
      );
    const seen = { profile: ports.profile, nowMs: ports.clock.now() };
    return {
      remarks: failoverWarnings(plan, probes, seen),
      blocks: besideFailover(plan, probes, seen),
      breaksDelivery: breaksDelivery(probes, seen),
    };
  };
  return { kind: 'plan', plan, findings: [], look };
};

/** Leads a hostname to its standby, which is probed first, and where it led before becomes the standby: the same command goes back. */
export const failover = (ports: Ports, request: Request<'failover'>, deadline: Deadline): Promise<Outcome> =>
  requestNamedChange(ports, request, (...found) => propose(ports, request, ...found, deadline), deadline);
