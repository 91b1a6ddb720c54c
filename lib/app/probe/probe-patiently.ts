import type { Deadline } from '../../core/base/deadline.ts';
import { longestPatienceMs } from '../../core/probe-report/patience.ts';
import type { ProbeResult, StageName } from '../../core/probe-report/report.ts';
import { type Aim, aimKey, type ProbedEndpoint, type ProbingPorts, probeEndpoints } from './probe-endpoints.ts';

/** A SYN that is not answered for as long as a probe waits is not answered later; and nothing depends on the end. */
const ofNoAccount: ReadonlySet<StageName> = new Set(['connect', 'quit']);

/** Whether a server was silent for as long as a probe waits, so that Postal might still get an answer from it. */
const isLeftOpen = (result: ProbeResult): boolean =>
  result.ok &&
  result.report.addresses
    .flatMap(({ stages, further = [] }) => [stages, ...further.map((session) => session.stages)])
    .some((stages) =>
      stages.some(
        ({ stage, reason, asRead }) => !ofNoAccount.has(stage) && (reason === 'slow' || asRead?.ended === 'slow'),
      ),
    );

/**
 * Has these endpoints probed, and those whose server was silent once more, as long as Postal would wait: what has hung is distinguished from what is slow. Where the
 * deadline leaves no time for that, it stays at the first probe.
 */
export const probePatiently = async (
  ports: ProbingPorts,
  aims: readonly Aim[],
  deadline: Deadline,
): Promise<readonly ProbedEndpoint[]> => {
  const looked = await probeEndpoints(ports, aims, deadline);
  const silent = new Set(looked.filter(({ result }) => isLeftOpen(result)).map(aimKey));
  const open = aims.filter((aim) => silent.has(aimKey(aim)));
  const again = await probeEndpoints({ ...ports, patience: 'postal' }, open, deadline);
  const answers = new Map(again.filter(({ result }) => result.ok).map((one) => [aimKey(one), one]));
  // It is one look, and its time the one at which the silence began.
  return looked.map((one) => {
    const answer = answers.get(aimKey(one));
    return answer === undefined ? one : { ...one, result: answer.result, waitedMs: longestPatienceMs };
  });
};
