import * as z from 'zod';
import type { Definition } from '../../endpoint/definition.ts';
import { targetTexts } from '../../endpoint/targets.ts';
import type { WatchRules } from '../../policy/watch-rules.ts';
import { turnOf } from '../schedule.ts';
import type { ConfirmedState, Health } from './health.ts';
import { type EndpointState, endpointStates } from './observation.ts';

/** A standby is probed at one in so many looks at its name, and at every look while the name is in trouble. */
const looksPerStandbyLook = 10;

/** What the last probe of a standby found. Unchanged while nothing changes, so that it costs no write. */
export const standbyHealthSchema = z.strictObject({
  /** The standby's targets when it was probed: after an update or a failover this is about another server. */
  targets: z.string(),
  state: z.enum(endpointStates),
  /** What Postal would do there, in a few words; may quote a server. */
  brief: z.string(),
  /** Milliseconds since the epoch, of the first probe that found this state. */
  sinceMs: z.int(),
});
export type StandbyHealth = z.infer<typeof standbyHealthSchema>;

/** What one probe of a standby found. */
export type StandbyLook = Pick<StandbyHealth, 'state' | 'brief'> & { readonly atMs: number };

const keyOf = ({ standby }: Pick<Definition, 'standby'>): string | undefined =>
  standby && targetTexts(standby).join(' ');

/** What is known of the standby that a name has now; undefined without one, and before its first probe. */
export const standbyHealthOf = (
  definition: Pick<Definition, 'standby'>,
  health: Pick<Health, 'standby'> | undefined,
): StandbyHealth | undefined =>
  health?.standby !== undefined && health.standby.targets === keyOf(definition) ? health.standby : undefined;

/**
 * Whether the standby is probed with this look at its name.
 *
 * | the name | its standby is probed |
 * | --- | --- |
 * | has no standby | never |
 * | is not up, or its last looks differ from its state | at every look |
 * | has a standby that was never probed | at once |
 * | else | at every tenth look, spread evenly over the names |
 */
export const isStandbyDue = (
  definition: Definition,
  health: Health | undefined,
  { intervalSeconds }: Pick<WatchRules, 'intervalSeconds'>,
  nowMs: number,
): boolean => {
  if (definition.standby === undefined) return false;
  if (health !== undefined && (health.state !== 'up' || health.recent.length > 0)) return true;
  if (standbyHealthOf(definition, health) === undefined) return true;
  const look = Math.floor(nowMs / (intervalSeconds * 1000));
  return look % looksPerStandbyLook === turnOf(definition.hostname, looksPerStandbyLook);
};

/** Health with what a probe of the standby found; the same object when that is nothing new. A probe that found out nothing replaces no result. */
export const withStandby = (health: Health, definition: Definition, { state, brief, atMs }: StandbyLook): Health => {
  const targets = keyOf(definition);
  const before = standbyHealthOf(definition, health);
  if (targets === undefined || before?.state === state || (before !== undefined && state === 'inconclusive'))
    return health;
  return { ...health, standby: { targets, state, brief, sinceMs: atMs } };
};

/** Whether mail gets in at all. */
const delivers = (state: EndpointState): boolean => state !== 'down' && state !== 'inconclusive';

/** What a failover would do for a name that is in trouble. */
export type FailoverOutlook = 'helps' | 'no-better' | 'breaks' | 'unknown';

/**
 * Says before a failover what it would lead to, from the last probes.
 *
 * | the name \ its standby | up | delivers | down | unknown |
 * | --- | --- | --- | --- | --- |
 * | down | helps | helps | no better | unknown |
 * | delivers, but not well | helps | no better | breaks | unknown |
 */
export const failoverOutlook = (state: ConfirmedState, standby: EndpointState | undefined): FailoverOutlook => {
  if (standby === undefined || standby === 'inconclusive') return 'unknown';
  if (standby === 'down') return delivers(state) ? 'breaks' : 'no-better';
  return standby === 'up' || !delivers(state) ? 'helps' : 'no-better';
};
