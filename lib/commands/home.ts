import type { Deadline } from '../deadline.ts';
import { maySomewhere } from '../policy/authorise.ts';
import { rightsGroups } from '../policy/rights.ts';
import { membersOf } from '../policy/user-groups.ts';
import { homeBlocks } from '../slack/messages/home-view.ts';
import { plainRefusal } from '../slack/messages/refused-message.ts';
import { lastProbes, listRegistered } from './directory.ts';
import { done, type Outcome, type Ports, type Request } from './ports.ts';

/** Whoever may list the names somewhere may see them here. */
const verbs = ['home', 'list'];

const denial = plainRefusal(['No grant of the policy lets you see the endpoints. What you may do: /postal-endpoint whoami']).blocks;

/** Publishes the App Home of whoever opened it. */
export const home = async (ports: Ports, { actor, requestId }: Request<'home'>, { signal }: Deadline): Promise<Outcome> => {
  const groups = await membersOf(ports.userGroups, rightsGroups(ports.policy, actor), signal);
  const [all, probes] = await Promise.all([listRegistered(ports.state, signal), lastProbes(ports.state, signal)]);
  const registered = all.filter(({ definition }) => maySomewhere(ports.policy, actor, verbs, definition.hostname, groups));
  const blocks = maySomewhere(ports.policy, actor, verbs, undefined, groups)
    ? homeBlocks(registered, probes, ports.profile, ports.clock.now())
    : denial;
  const published = await ports.messenger.publishHome(actor.userId, blocks, signal);
  if (!published.ok) ports.log.warn('the App Home could not be published', { requestId, failure: published.failure });
  return done;
};
