import type { Definition } from '../../core/endpoint/definition.ts';
import { type Incident, standingMembers } from '../../core/watch/incident/incident.ts';
import { type Mute, type MuteRules, mutesByName, openWindows } from '../../core/watch/mute/mute.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered } from './directory.ts';
import { listMutes } from './mute-store.ts';

/** What the policy says of mutes. */
export const muteRulesOf = ({ watch, timeZone = 'UTC' }: Ports['policy']): MuteRules => ({
  windows: watch.maintenance,
  timeZone,
});

/** Everything that mutes these names now or later, by mutes and by the policy's maintenance windows. */
export const listMutesOf = async (
  { state, policy, clock }: Pick<Ports, 'state' | 'policy' | 'clock'>,
  definitions: readonly Definition[],
  signal: AbortSignal,
): Promise<readonly Mute[]> =>
  mutesByName(await listMutes(state, signal), muteRulesOf(policy), definitions, clock.now());

/** Everything that mutes the endpoints of an incident that still fail. */
export const listMutesOfIncident = async (
  ports: Pick<Ports, 'state' | 'policy' | 'clock'>,
  incident: Incident,
  signal: AbortSignal,
): Promise<readonly Mute[]> => {
  const { state, policy, clock } = ports;
  const entered = await listMutes(state, signal);
  const rules = muteRulesOf(policy);
  if (incident.closedAtMs !== undefined || (entered.length === 0 && openWindows(rules, clock.now()).length === 0))
    return [];
  const failing = new Set(standingMembers(incident).map(({ hostname }) => hostname));
  const definitions = (await listRegistered(state, signal))
    .map(({ definition }) => definition)
    .filter(({ hostname }) => failing.has(hostname));
  return mutesByName(entered, rules, definitions, clock.now());
};
