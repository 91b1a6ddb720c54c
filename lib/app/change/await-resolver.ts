import type { Deadline } from '../../core/base/deadline.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import { leadsTo, rememberedSeconds } from '../../core/probe-report/leads-to.ts';
import type { Ports } from '../ports/ports.ts';
import { probeEndpoint, recordTypesOf } from '../probe/probe-endpoint.ts';
import { keptForProbeMs } from './in-sync.ts';

const shortestPauseMs = 1_000;
const longestPauseMs = 10_000;

/**
 * Asks the resolver, through the prober, until it leads a moved name where the plan wants it, or until every resolver has to: asked again when what it
 * remembers has run out, and no longer where that is not before the deadline. What it says at last is for the probe that follows to tell.
 */
export const awaitResolver = async (
  ports: Pick<Ports, 'prober' | 'clock'>,
  { plan, requestId }: Pick<ChangeState, 'plan' | 'requestId'>,
  deadline: Deadline,
): Promise<void> => {
  const { definitionAfter: definition, effectiveWithinSeconds: within } = plan;
  if (definition === undefined || within === undefined) return;
  const { hostname, port, sslMode, targets } = definition;
  const question = { requestId, hostname, port, sslMode, recordTypes: recordTypesOf(targets), lookUpOnly: true };
  const until = Math.min(ports.clock.now() + within * 1000, deadline.atMs - keptForProbeMs);
  for (;;) {
    const asked = await probeEndpoint(ports, question, deadline);
    if (!asked.ok || leadsTo(asked.report.resolution, targets)) return;
    const remembered = rememberedSeconds(asked.report.resolution);
    const pause = remembered === undefined ? longestPauseMs : Math.max(shortestPauseMs, remembered * 1000);
    if (ports.clock.now() + pause > until) return;
    await ports.clock.sleep(Math.min(pause, longestPauseMs), deadline.signal);
  }
};
