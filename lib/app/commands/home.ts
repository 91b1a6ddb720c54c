import type { Deadline } from '../../core/base/deadline.ts';
import { maySomewhere } from '../../core/policy/authorise.ts';
import { rightsGroups } from '../../core/policy/rights.ts';
import { examineReporting } from '../../core/postal/reports/reporting.ts';
import type { Incident } from '../../core/watch/incident/incident.ts';
import { coveringMutes } from '../../core/watch/mute/mute.ts';
import { homeBlocks } from '../../messages/home-view.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { lastChanges } from '../history/last-changes.ts';
import { pressableBy } from '../notify/pressable.ts';
import { done, type Outcome, type Ports, type Request } from '../ports/ports.ts';
import { membersOf } from '../ports/user-groups.ts';
import { readReporting } from '../postal/read-reporting.ts';
import { listDrifts } from '../state/drift-store.ts';
import { listAcknowledgements, listIncidents } from '../state/incident-store.ts';
import { listedOnce } from '../state/listed-once.ts';
import { listMutes } from '../state/mute-store.ts';
import { muteRulesOf } from '../state/mutes-by-name.ts';
import { readVerification } from '../state/verification-store.ts';
import { endpointStates } from '../watch/endpoint-states.ts';
import { readSight } from '../watch/read-sight.ts';
import { pendingChanges } from './pending.ts';

/** Whoever may list the names somewhere may see them here. */
const verbs = ['home', 'list'];
const changesShown = 5;
/** Whoever may use one of these somewhere sees what is known of Postal. */
const postalVerbs = ['audit', 'status'];

const denial = plainRefusal([
  'No grant of the policy lets you see the endpoints. What you may do: /postal-endpoint whoami',
]).blocks;

/** What goes on now, and of it what someone may see: of its endpoints the names that are theirs to see, and the number of all; where none of them is, it is not shown. */
const openIncidents = (incidents: readonly Incident[], may: (hostname: string) => boolean): readonly Incident[] =>
  incidents
    .filter(({ closedAtMs }) => closedAtMs === undefined)
    .flatMap((incident): Incident[] => {
      const members = incident.members.filter(({ hostname }) => may(hostname));
      if (members.length === incident.members.length) return [incident];
      const hidden = incident.members.length - members.length;
      return members.length === 0 ? [] : [{ ...incident, members, unlisted: (incident.unlisted ?? 0) + hidden }];
    })
    .sort((one, other) => one.openedAtMs - other.openedAtMs);

/** Publishes the App Home of whoever opened it. */
export const home = async (
  given: Ports,
  { actor, requestId }: Request<'home'>,
  { signal }: Deadline,
): Promise<Outcome> => {
  const ports: Ports = { ...given, state: listedOnce(given.state) };
  const { policy, state, clock } = ports;
  const groups = await membersOf(ports.userGroups, rightsGroups(policy, actor), signal);
  const may = (hostname: string): boolean => maySomewhere(policy, actor, verbs, hostname, groups);

  const show = async () => {
    const seesPostal = maySomewhere(policy, actor, postalVerbs, undefined, groups);
    const [all, incidents, acknowledgements, sight, plans, drifts, last, verification, entered, postal] =
      await Promise.all([
        endpointStates(ports, signal),
        listIncidents(state, signal),
        listAcknowledgements(state, signal),
        readSight(ports, signal, ({ definition }) => may(definition.hostname)),
        pendingChanges(ports, may, signal),
        listDrifts(state, signal),
        lastChanges(ports, changesShown, may, signal),
        readVerification(state, signal),
        listMutes(state, signal),
        seesPostal ? readReporting(ports, signal, may) : undefined,
      ]);
    return homeBlocks({
      endpoints: all.filter(({ registered }) => may(registered.definition.hostname)),
      incidents: openIncidents(incidents, may),
      acknowledgements,
      sight,
      plans,
      drifts: [...drifts]
        .filter(([hostname]) => may(hostname))
        .map(([hostname, drifted]) => ({ hostname, ...drifted })),
      ...last,
      verification,
      postal: postal === undefined ? [] : examineReporting(postal, clock.now()),
      mutes: coveringMutes(
        entered,
        muteRulesOf(policy),
        all.map(({ registered }) => registered.definition).filter(({ hostname }) => may(hostname)),
        clock.now(),
      ),
      nowMs: clock.now(),
    });
  };

  const blocks = maySomewhere(policy, actor, verbs, undefined, groups) ? await show() : denial;
  const shown = await pressableBy(ports, actor, blocks, undefined, signal);
  const published = await ports.messenger.publishHome(actor.userId, shown, signal);
  if (!published.ok) ports.log.warn('the App Home could not be published', { requestId, failure: published.failure });
  return done;
};
