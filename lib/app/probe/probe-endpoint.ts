import type { Deadline } from '../../core/base/deadline.ts';
import type { Targets } from '../../core/endpoint/definition.ts';
import type { ProbeRequest, ProbeResult } from '../../core/probe-report/report.ts';
import type { Ports } from '../ports/ports.ts';

const longestProbeMs = 40_000;
/** Kept back for telling people the result. */
const keptForAnswerMs = 5_000;

/** The types a name with these targets has; the resolver is asked for no other, or it would remember the "no". */
export const recordTypesOf = (targets: Targets): ProbeRequest['recordTypes'] => {
  if (targets.kind === 'cname') return ['AAAA', 'A'];
  const has = (isIpv6: boolean): boolean => targets.addresses.some((address) => address.includes(':') === isIpv6);
  return [...(has(true) ? (['AAAA'] as const) : []), ...(has(false) ? (['A'] as const) : [])];
};

/** A prober that broke off has found out nothing. */
export const probeFailed = (error: unknown): ProbeResult => {
  const cause = error instanceof Error ? error.message : String(error);
  return {
    ok: false,
    failure: { kind: 'unavailable', message: `The prober stopped: ${cause}. Nothing was checked.` },
  };
};

/** Has one endpoint probed from Postal's network, within what is left of the deadline. Never rejects: an interrupted probe has a result, too. */
export const probeEndpoint = async (
  ports: Pick<Ports, 'prober' | 'clock'>,
  endpoint: Omit<ProbeRequest, 'deadlineMs'>,
  deadline: Deadline,
): Promise<ProbeResult> => {
  const leftMs = deadline.atMs - ports.clock.now() - keptForAnswerMs;
  // A prober that hangs must not use up the time that is kept for the answer.
  const atLast = AbortSignal.timeout(Math.max(1_000, leftMs + keptForAnswerMs / 2));
  const deadlineMs = Math.max(1_000, Math.min(longestProbeMs, leftMs));
  try {
    return await ports.prober.probe({ ...endpoint, deadlineMs }, AbortSignal.any([deadline.signal, atLast]));
  } catch (error) {
    return probeFailed(error);
  }
};
