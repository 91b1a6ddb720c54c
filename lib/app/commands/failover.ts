import type { Deadline } from '../../core/base/deadline.ts';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import { parseIpAddress } from '../../core/endpoint/ip-address.ts';
import { targetTexts } from '../../core/endpoint/targets.ts';
import type { StreamState } from '../../core/ledger/fold.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import {
  besideFailover,
  breaksDelivery,
  type FailoverProbes,
  failoverWarnings,
} from '../../messages/change/failover-message.ts';
import type { Beside, PlanFrame, Proposal } from '../change/proposal.ts';
import { proposeFailover } from '../change/propose-failover.ts';
import { requestNamedChange } from '../change/request-change.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { probeEndpoint, recordTypesOf } from '../probe/probe-endpoint.ts';
import { saveFailoverProbes } from '../state/failover-probes.ts';
import { keep } from '../state/keep-probe.ts';
import { failOverTarget } from './fail-over-target.ts';

/** A dead server takes 10 s to be recognised; whoever fails over waits for nothing longer than need be. */
const longestProbingMs = 25_000;

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
  const proposed = await proposeFailover(ports, hostname, stream, frame, signal);
  const { definition } = stream;
  if (proposed.kind !== 'plan' || definition?.standby === undefined) return proposed;
  const { plan } = proposed;
  const { standby } = definition;
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
  return { ...proposed, look };
};

/**
 * Leads a hostname to its standby, which is probed first, and where it led before becomes the standby: the same command goes back. An address in place of a
 * hostname stands for every name that leads there.
 */
export const failover = (ports: Ports, request: Request<'failover'>, deadline: Deadline): Promise<Outcome> => {
  const address = parseIpAddress(request.command.hostname);
  return address === undefined
    ? requestNamedChange(ports, request, (...found) => propose(ports, request, ...found, deadline), deadline)
    : failOverTarget(ports, request, address.text, deadline);
};
