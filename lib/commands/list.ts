import type { Deadline } from '../deadline.ts';
import type { Targets } from '../endpoint/definition.ts';
import { readTarget } from '../endpoint/target-text.ts';
import { targetTexts } from '../endpoint/targets.ts';
import { authorise } from '../policy/authorise.ts';
import { listMessage } from '../slack/messages/list-message.ts';
import { refusedMessage } from '../slack/messages/refused-message.ts';
import { authorised } from './authorised.ts';
import { lastProbes, listRegistered } from './directory.ts';
import type { Outcome, Ports, Request } from './ports.ts';
import { answer } from './refuse.ts';

/** Every registered hostname that the person may list, or those of them that lead to one target. */
export const list = (ports: Ports, request: Request<'list'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const { target: text, page } = request.command;
    const read = text === undefined ? undefined : readTarget(text);
    if (read?.kind === 'invalid') {
      const corrected = read.fix === undefined ? undefined : `/postal-endpoint list --target ${read.fix}`;
      const finding = { id: 'target-is-ip-or-name', severity: 'block', argument: 'target', wrong: read.wrong, right: read.right } as const;
      return answer(ports, request, refusedMessage('list', [finding], corrected), deadline);
    }
    const target = read?.kind === 'address' ? read.address.text : read?.name;
    const leadsThere = (targets: Targets | undefined): boolean =>
      target === undefined || (targets !== undefined && targetTexts(targets).includes(target));
    const [all, probes] = await Promise.all([listRegistered(ports.state, deadline.signal), lastProbes(ports.state, deadline.signal)]);
    const shown = all.filter(
      ({ definition: { hostname, targets, standby } }) =>
        authorise(ports.policy, request.actor, 'list', hostname).allowed && (leadsThere(targets) || leadsThere(standby)),
    );
    return answer(ports, request, listMessage({ shown, probes, page, target, profile: ports.profile, nowMs: ports.clock.now() }), deadline);
  });
