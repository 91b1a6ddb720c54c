import type { Deadline } from '../../core/base/deadline.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import { fold } from '../../core/ledger/fold.ts';
import { explain } from '../../core/postal/explain/explain.ts';
import { explainMessage, type NamedHost } from '../../messages/check/explain-message.ts';
import { authoriseFresh } from '../authorise/authorise-with-groups.ts';
import { authorised } from '../authorise/authorised.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { lastProbe } from '../state/directory.ts';

/** Names of one text that are looked up. */
const hostsLookedUp = 3;

/** Those of the names that are registered, and that the person may be shown, with their last probe. */
const namedHosts = async (
  ports: Ports,
  request: Request,
  names: readonly string[],
  signal: AbortSignal,
): Promise<readonly NamedHost[]> => {
  const hostnames = names.flatMap((name) => {
    const parsed = parseHostname(name);
    return 'hostname' in parsed ? [parsed.hostname] : [];
  });
  const { policy, userGroups } = ports;
  const mayShow = async (hostname: string): Promise<boolean> =>
    (await authoriseFresh(policy, request.actor, 'show', hostname, userGroups, signal)).allowed;
  const found = await Promise.all(
    [...new Set(hostnames)].slice(0, hostsLookedUp).map(async (hostname): Promise<readonly NamedHost[]> => {
      if (!(await mayShow(hostname))) return [];
      const [entries, probed] = await Promise.all([
        ports.ledger.read(hostname, signal),
        lastProbe(ports.state, hostname, signal),
      ]);
      return fold(entries).definition === undefined ? [] : [{ hostname, probed }];
    }),
  );
  return found.flat();
};

/** What a text of Postal's means, and how the registered hosts that it names were last seen. */
export const explainText = (ports: Ports, request: Request<'explain'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const explanation = explain(request.command.text);
    const hosts = explanation.recognised
      ? await namedHosts(ports, request, explanation.hostnames, deadline.signal)
      : [];
    return answer(
      ports,
      request,
      explainMessage({ explanation, hosts, profile: ports.profile, nowMs: ports.clock.now() }),
      deadline,
    );
  });
