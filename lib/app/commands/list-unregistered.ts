import type { Deadline } from '../../core/base/deadline.ts';
import { dnsValue } from '../../core/dns/record-set.ts';
import { type EndpointFilter, postalPart } from '../../core/filter/endpoint-filter.ts';
import type { Unregistered } from '../../core/validation/unregistered.ts';
import { isCovered } from '../../core/watch/mute/mute-scope.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { unregisteredMessage } from '../../messages/unregistered-message.ts';
import { permitted } from '../authorise/permitted.ts';
import { chooseEndpoints } from '../filter/choose-endpoints.ts';
import { readUnregistered } from '../look-up/read-unregistered.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

/** Its records have them. */
const noTargets = { kind: 'addresses', addresses: [] } as const;

const hasTarget = ({ records }: Unregistered, target: string | undefined): boolean =>
  target === undefined || records.some(({ type, values }) => values.some((value) => dnsValue(type, value) === target));

/** Of a scope that registered endpoints have: such a name has no owner, and its targets are in its records. */
const isInScope = (name: Unregistered, { scope }: EndpointFilter): boolean => {
  if (scope === undefined) return true;
  switch (scope.kind) {
    case 'owner':
      return false;
    case 'target':
      return hasTarget(name, scope.target);
    default:
      return isCovered(scope, { hostname: name.hostname, targets: noTargets });
  }
};

/** Names in the zones that nobody registered, of those that the person may list. */
export const listUnregistered = async (
  ports: Ports,
  request: Request<'list'>,
  filter: EndpointFilter,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const [read, may, choice] = await Promise.all([
    readUnregistered(ports, signal),
    permitted(ports, request, signal),
    chooseEndpoints(ports, postalPart(filter), signal),
  ]);
  if (!choice.ok) return answer(ports, request, plainRefusal(choice.lines), deadline);
  const names = read.names.filter(
    (name) =>
      may(name.hostname) &&
      isInScope(name, filter) &&
      hasTarget(name, filter.target) &&
      choice.isChosen({ hostname: name.hostname, targets: noTargets }),
  );
  const { snapshotAtMs } = choice;
  const view = { ...read, names, page: request.command.page, filter, snapshotAtMs };
  return answer(ports, request, unregisteredMessage(view), deadline);
};
