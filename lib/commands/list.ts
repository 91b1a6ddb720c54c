import type { Deadline } from '../deadline.ts';
import { listMessage } from '../slack/messages/list-message.ts';
import { authorised } from './authorised.ts';
import { lastProbes, listRegistered } from './directory.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';

/** Every registered hostname, or those that lead to one target. */
export const list = (ports: Ports, request: Request<'list'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { target, page } = request.command;
    const [all, probes] = await Promise.all([listRegistered(ports.state, deadline.signal), lastProbes(ports.state, deadline.signal)]);
    const leadsThere = (targets: (typeof all)[number]['definition']['targets']): boolean =>
      target === undefined || (targets.kind === 'addresses' ? targets.addresses.includes(target) : targets.cname === target);
    const shown = all.filter(
      ({ definition }) => leadsThere(definition.targets) || (definition.standby !== undefined && leadsThere(definition.standby)),
    );
    return answer(ports, request, listMessage({ shown, probes, page, target, nowMs: ports.clock.now() }), deadline);
  });
