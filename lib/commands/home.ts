import type { Deadline } from '../deadline.ts';
import { maySomewhere } from '../policy/authorise.ts';
import { rightsGroups } from '../policy/rights.ts';
import { membersOf } from '../policy/user-groups.ts';
import { homeBlocks } from '../slack/messages/home-view.ts';
import { plainRefusal } from '../slack/messages/refused-message.ts';
import { listDrifts } from '../watch/drift-store.ts';
import type { Incident } from '../watch/incident.ts';
import { listIncidents } from '../watch/incident-store.ts';
import { endpointStates } from './endpoint-states.ts';
import { lastChanges } from './last-changes.ts';
import { pendingChanges } from './pending.ts';
import { done, type Outcome, type Ports, type Request } from './ports.ts';

/** Whoever may list the names somewhere may see them here. */
const verbs = ['home', 'list'];
const changesShown = 5;

const denial = plainRefusal(['No grant of the policy lets you see the endpoints. What you may do: /postal-endpoint whoami']).blocks;

/** What goes on now, and of it what someone may see: one about many names only those that are theirs to see, and none of them, it is not shown. */
const openIncidents = (incidents: readonly Incident[], may: (hostname: string) => boolean): readonly Incident[] =>
  incidents
    .filter(({ closedAtMs }) => closedAtMs === undefined)
    .flatMap((incident): Incident[] => {
      const { hostname, concerned } = incident;
      if (hostname !== undefined) return may(hostname) ? [incident] : [];
      if (concerned === undefined) return [incident];
      const some = concerned.some.filter(may);
      return some.length === 0 ? [] : [{ ...incident, concerned: { ...concerned, some } }];
    })
    .sort((one, other) => one.openedAtMs - other.openedAtMs);

/** Publishes the App Home of whoever opened it. */
export const home = async (ports: Ports, { actor, requestId }: Request<'home'>, { signal }: Deadline): Promise<Outcome> => {
  const { policy, state, clock } = ports;
  const groups = await membersOf(ports.userGroups, rightsGroups(policy, actor), signal);
  const may = (hostname: string): boolean => maySomewhere(policy, actor, verbs, hostname, groups);

  const show = async () => {
    const [all, incidents, plans, drifts, changes] = await Promise.all([
      endpointStates(ports, signal),
      listIncidents(state, signal),
      pendingChanges(ports, may, signal),
      listDrifts(state, signal),
      lastChanges(ports, changesShown, may, signal),
    ]);
    return homeBlocks({
      endpoints: all.filter(({ registered }) => may(registered.definition.hostname)),
      incidents: openIncidents(incidents, may),
      plans,
      drifts: [...drifts].filter(([hostname]) => may(hostname)).map(([hostname, drifted]) => ({ hostname, ...drifted })),
      changes,
      nowMs: clock.now(),
    });
  };

  const blocks = maySomewhere(policy, actor, verbs, undefined, groups) ? await show() : denial;
  const published = await ports.messenger.publishHome(actor.userId, blocks, signal);
  if (!published.ok) ports.log.warn('the App Home could not be published', { requestId, failure: published.failure });
  return done;
};
