import type { KnownBlock } from '@slack/types';
import type { Plan } from '../../core/dns/plan.ts';
import type { Targets } from '../../core/endpoint/definition.ts';
import { assess } from '../../core/postal/assess.ts';
import type { Assessed } from '../../core/postal/assessment.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import { code, section } from '../block-kit/blocks.ts';
import { levelOf, probeBlocks, verdictBlocks } from '../check/probe-blocks.ts';
import { targetsText } from './record-lines.ts';

/** What was met at a standby, and where the name led then, before a failover was offered. */
export type FailoverProbes = { readonly standby: Probed; readonly current: Probed };

type Seen = { readonly profile: PostalProfile; readonly nowMs: number };

const isIn = (seen: Assessed): boolean => levelOf(seen) === 'good' || levelOf(seen) === 'warning';

/**
 * What whoever asks for a failover is warned of, in plain sentences.
 *
 * | standby \ where it leads now | Postal gets in | it does not | nobody knows |
 * | --- | --- | --- | --- |
 * | Postal gets in | not needed | – | – |
 * | it does not | it would break what works | both are down | it would not help |
 * | nobody knows | nobody knows | nobody knows | nobody knows |
 */
export const failoverWarnings = ({ standby, current }: FailoverProbes, seen: Seen): readonly string[] => {
  const [there, here] = [assess(standby.result, seen), assess(current.result, seen)];
  if (isIn(there))
    return isIn(here)
      ? ['standby: Postal gets in where the name leads now, so that nothing calls for a failover.']
      : [];
  if (levelOf(there) === 'unknown')
    return ['standby: whether Postal would get in there could not be told. It may not help.'];
  if (isIn(here))
    return ['standby: it is DOWN, and Postal gets in where the name leads now: failing over would BREAK what works.'];
  if (levelOf(here) === 'bad')
    return ['standby: BOTH ARE DOWN. Failing over would not help: one of the two servers has to be mended.'];
  return ['standby: it is DOWN. Failing over would not help.'];
};

const where = (label: string, targets: Targets | undefined): KnownBlock =>
  section(`*${label}*${targets === undefined ? '' : `, ${code(targetsText(targets))}`}, probed just now:`);

/** What was met at the standby, and in short where the name leads now. */
export const besideFailover = (plan: Plan, { standby, current }: FailoverProbes, seen: Seen): readonly KnownBlock[] => [
  where('The standby', plan.definitionAfter?.targets),
  ...probeBlocks(assess(standby.result, seen)),
  where('Where it leads now', plan.definitionBefore?.targets),
  ...verdictBlocks(assess(current.result, seen)),
];
