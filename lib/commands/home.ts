import type { Deadline } from '../deadline.ts';
import { homeBlocks } from '../slack/messages/home-view.ts';
import { lastProbes, listRegistered } from './directory.ts';
import { done, type Outcome, type Ports, type Request } from './ports.ts';

/** Publishes the App Home of whoever opened it. */
export const home = async (ports: Ports, request: Request<'home'>, { signal }: Deadline): Promise<Outcome> => {
  const [registered, probes] = await Promise.all([listRegistered(ports.state, signal), lastProbes(ports.state, signal)]);
  const published = await ports.messenger.publishHome(request.actor.userId, homeBlocks(registered, probes, ports.clock.now()), signal);
  if (!published.ok) ports.log.warn('the App Home could not be published', { requestId: request.requestId, failure: published.failure });
  return done;
};
