import { type WatchRules, watchRulesSchema } from '../../lib/core/policy/watch-rules.ts';
import { type PostalProfile, postalProfileSchema } from '../../lib/core/postal/profile.ts';
import { tickMs } from '../../lib/core/watch/schedule.ts';
import { latestLookMs, latestRunMs, type Memory, play, type Told } from './play.ts';
import { type Score, scoreOf } from './score.ts';
import { sightsOf } from './sights.ts';
import { midnightMs, type Truth, truthOf } from './truth.ts';

/** As shipped. */
export const rules: WatchRules = watchRulesSchema.parse({});

/** A look may be so much later than its minute: its run begins late, it begins late in it, and a run that dies leaves its writes to the next. */
export const jitterMs = latestRunMs + latestLookMs + tickMs;

const profile: PostalProfile = postalProfileSchema.parse({
  heloHostname: 'postal.corp.internal',
  returnPathDomain: 'rp.corp.internal',
  nameservers: ['10.0.0.2'],
});

export type Day = { readonly truth: Truth; readonly told: readonly Told[]; readonly score: Score };

/** One day by its seed, played and scored. */
export const runDay = async (seed: number, endpoints: number, memory: Memory): Promise<Day> => {
  const terms = { intervalMs: rules.intervalSeconds * 1000, looks: rules.down.looks };
  const truth = truthOf(seed, endpoints, terms);
  const told = await play(truth, sightsOf(profile, midnightMs), rules, memory, seed);
  const recoveredWithinMs = (rules.recoverAfter + 1) * terms.intervalMs + 2 * jitterMs;
  return { truth, told, score: scoreOf(truth, told, terms, 2 * tickMs, recoveredWithinMs) };
};

/** Whether a day kept every promise. */
export const holds = ({ missed, false: untrue, repeated, unrecovered, detection }: Score): boolean =>
  [missed, untrue, repeated, unrecovered].every((list) => list.length === 0) &&
  Math.max(0, ...detection) <= rules.down.looks + 1 + jitterMs / (rules.intervalSeconds * 1000);
