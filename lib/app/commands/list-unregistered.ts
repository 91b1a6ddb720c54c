import type { Deadline } from '../../core/base/deadline.ts';
import { dnsValue } from '../../core/dns/record-set.ts';
import type { Unregistered } from '../../core/validation/unregistered.ts';
import { unregisteredMessage } from '../../messages/unregistered-message.ts';
import { permitted } from '../authorise/permitted.ts';
import { readUnregistered } from '../look-up/read-unregistered.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';

const hasTarget =
  (target: string | undefined) =>
  ({ records }: Unregistered): boolean =>
    target === undefined ||
    records.some(({ type, values }) => values.some((value) => dnsValue(type, value) === target));

/** Names in the zones that nobody registered, of those that the person may list. */
export const listUnregistered = async (
  ports: Ports,
  request: Request<'list'>,
  target: string | undefined,
  deadline: Deadline,
): Promise<Outcome> => {
  const { signal } = deadline;
  const [read, may] = await Promise.all([readUnregistered(ports, signal), permitted(ports, request, signal)]);
  const names = read.names.filter(({ hostname }) => may(hostname)).filter(hasTarget(target));
  return answer(ports, request, unregisteredMessage({ ...read, names, page: request.command.page, target }), deadline);
};
