import type { Deadline } from '../../core/base/deadline.ts';
import { makePlan } from '../../core/dns/plan.ts';
import { sameRecordSets } from '../../core/dns/record-set.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import { sameTargets, targetTexts } from '../../core/endpoint/targets.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { ChangeState, StreamState } from '../../core/ledger/fold.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import { checkSurroundings } from '../../core/validation/surroundings.ts';
import { checkTargets } from '../../core/validation/target-rules.ts';
import { besideFailover, type FailoverProbes, failoverWarnings } from '../../messages/change/failover-message.ts';
import { type Proposal, refusal } from '../change/proposal.ts';
import { readSurroundings } from '../change/read-surroundings.ts';
import { ofHostname, type PlanFrame, requestChange } from '../change/request-change.ts';
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

/** What keeps a name from being led to its standby. Of what it would leave behind nothing does: that may well be broken. */
const objections = (
  hostname: Hostname,
  ports: Ports,
  standby: Targets,
  found: readonly Finding[],
): readonly Finding[] => [
  ...checkTargets(targetTexts(standby), 'standby', hostname, ports.policy).findings,
  ...found.filter(({ severity, argument }) => severity === 'block' && argument !== 'standby'),
];

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
  const policyZone = zoneOf(hostname, ports.policy.zones);
  if (definition === undefined || registeredBy === undefined || policyZone === undefined) {
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
  const after = swapped(definition, standby);
  const surroundings = await readSurroundings(ports, after, policyZone, signal);
  if (!surroundings.ok) return { kind: 'unreachable', why: surroundings.failure.message };
  const { existing } = surroundings.value;
  if (!sameRecordSets(existing, registeredBy.plan.after)) {
    return refusal(
      `Route 53 holds something else at ${hostname} than is registered, so that there is no telling what would be swapped.`,
      'See what it is, and which command mends it:',
      `/postal-endpoint drift ${hostname}`,
    );
  }
  const found = checkSurroundings(after, { ...surroundings.value, existing: [] });
  const blocking = objections(hostname, ports, standby, found);
  if (blocking.length > 0) return { kind: 'refused', findings: blocking };

  const probes = await probeBoth(ports, requestId, definition, standby, deadline);
  const { changeId } = frame;
  if (!dryRun)
    await keep(ports, 'the probes of a failover', { changeId }, () =>
      saveFailoverProbes(ports, changeId, probes, signal),
    );
  const plan = makePlan({
    ...frame,
    verb: 'failover',
    hostname,
    zoneId: policyZone.id,
    existing,
    definitionBefore: definition,
    definitionAfter: after,
    goesBackOn: goesBackOn(stream, standby),
  });
  const seen = { profile: ports.profile, nowMs: ports.clock.now() };
  const warnings = found.filter(({ severity }) => severity === 'warn');
  return {
    kind: 'plan',
    plan,
    warnings,
    remarks: failoverWarnings(probes, seen),
    beside: besideFailover(plan, probes, seen),
  };
};

/** Leads a hostname to its standby, which is probed first, and where it led before becomes the standby: the same command goes back. */
export const failover = (ports: Ports, request: Request<'failover'>, deadline: Deadline): Promise<Outcome> =>
  ofHostname(ports, request, request.command.hostname, deadline, (hostname) =>
    requestChange(
      ports,
      request,
      hostname,
      [],
      (stream, frame) => propose(ports, request, hostname, stream, frame, deadline),
      deadline,
    ),
  );
