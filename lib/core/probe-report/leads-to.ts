import type { Targets } from '../endpoint/definition.ts';
import { sameTargets } from '../endpoint/targets.ts';
import type { Resolution } from './report.ts';

/** Whether the resolver leads a name to these targets, and nowhere else. */
export const leadsTo = ({ cnameChain, addresses }: Resolution, targets: Targets): boolean =>
  targets.kind === 'cname' ? cnameChain[0] === targets.cname : sameTargets({ kind: 'addresses', addresses }, targets);

/** For how many seconds more the resolver remembers what it answered, also that there is nothing; undefined where it did not say. */
export const rememberedSeconds = ({ answers }: Resolution): number | undefined => {
  const seconds = answers.flatMap(({ records, soa }) => [
    ...records.map(({ ttlSeconds }) => ttlSeconds),
    ...(soa === undefined ? [] : [soa.negativeTtlSeconds]),
  ]);
  return seconds.length === 0 ? undefined : Math.max(...seconds);
};
