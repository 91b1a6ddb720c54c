import type { KnownBlock } from '@slack/types';
import type { Plan } from '../../core/dns/plan.ts';
import type { Targets } from '../../core/endpoint/definition.ts';
import { assess } from '../../core/postal/assess.ts';
import type { Assessed } from '../../core/postal/assessment.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import { code, section } from '../block-kit/blocks.ts';
import { levelOf, verdictBlocks } from '../check/probe-blocks.ts';
import { targetsText } from './record-lines.ts';

/** The probes of the standby and of the current target, made before a failover was offered. */
export type FailoverProbes = { readonly standby: Probed; readonly current: Probed };

type Seen = { readonly profile: PostalProfile; readonly nowMs: number };

const isIn = (seen: Assessed): boolean => levelOf(seen) === 'good' || levelOf(seen) === 'warning';

/**
 * Warnings before a failover, in plain sentences.
 *
 * | new target \ current target | up | down | unknown |
 * | --- | --- | --- | --- |
 * | up | not needed, unless it goes back | – | – |
 * | down | would break what works | both are down | would not help |
 * | unknown | unknown | unknown | unknown |
 */
export const failoverWarnings = (
  { goesBackOn }: Pick<Plan, 'goesBackOn'>,
  { standby, current }: FailoverProbes,
  seen: Seen,
): readonly string[] => {
  const [there, here] = [assess(standby.result, seen), assess(current.result, seen)];
  // Going back is for a current target that works.
  if (isIn(there))
    return isIn(here) && goesBackOn === undefined
      ? ['standby: a failover is not needed: Postal can deliver to the current target.']
      : [];
  if (levelOf(there) === 'unknown') return ['standby: it could not be checked. Failing over may not help.'];
  if (isIn(here)) return ['standby: it is DOWN, and the current target works: failing over would BREAK delivery.'];
  if (levelOf(here) === 'bad')
    return ['standby: BOTH ARE DOWN. Failing over does not help: repair one of the two servers.'];
  return ['standby: it is DOWN. Failing over does not help.'];
};

const probed = (label: string, targets: Targets | undefined, { result }: Probed, seen: Seen): readonly KnownBlock[] => [
  section(`*${label}*${targets === undefined ? '' : ` ${code(targetsText(targets))}`}, checked just now:`),
  ...verdictBlocks(assess(result, seen)),
];

/** The verdicts on both targets of a failover. Findings stay in `check`: on a phone the buttons have to be near. */
export const besideFailover = (plan: Plan, { standby, current }: FailoverProbes, seen: Seen): readonly KnownBlock[] => [
  ...probed('New target', plan.definitionAfter?.targets, standby, seen),
  ...probed('Current target', plan.definitionBefore?.targets, current, seen),
];
