import type { Deadline } from '../../core/base/deadline.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import { fold } from '../../core/ledger/fold.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { carryOn } from '../change/carry-on.ts';
import { findChange } from '../ledger/find-change.ts';
import { notifyIncident } from '../notify/notify-incident.ts';
import { refuse, streamOf } from '../notify/reply.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import type { WorkMessage } from '../queue/message.ts';
import { carryOnMessage } from './carry-on-message.ts';

/** Deliveries beyond which nothing is put off any more: what cannot be looked up is declared failed. */
const beyondPatience = 1_000;

const readHostname = (text: string): string | undefined => {
  const parsed = parseHostname(text);
  return 'hostname' in parsed ? parsed.hostname : undefined;
};

/** The name whose stream would hold what this request has recorded. */
const hostnameOf = async (
  ports: Ports,
  { command }: Extract<WorkMessage, { kind: 'command' }>,
  signal: AbortSignal,
): Promise<string | undefined> => {
  if ('definition' in command) return readHostname(command.definition.hostname);
  if ('change' in command) {
    const found = await findChange(ports, command.change, signal);
    return found.ok ? found.change.plan.hostname : undefined;
  }
  return 'hostname' in command && command.hostname !== undefined ? readHostname(command.hostname) : undefined;
};

/** Ends truthfully what the queue has given up: a recorded change is finished or declared failed, any other request is refused; the person is notified. */
export const abandonDeadLetter = async (ports: Ports, message: WorkMessage, deadline: Deadline): Promise<Outcome> => {
  switch (message.kind) {
    case 'announce':
      return carryOnMessage(ports, message, 1, deadline);
    case 'incident':
      return notifyIncident(ports, message, 1, deadline);
    case 'mention':
      // Nothing was asked for yet: whoever said it says it again.
      return done;
    case 'entered':
    case 'verify':
    case 'heartbeat':
      // Watch asks again, and says where it is overdue.
      return done;
    case 'resume':
      return carryOnMessage(ports, message, beyondPatience, deadline);
    case 'command': {
      const hostname = await hostnameOf(ports, message, deadline.signal);
      const known =
        hostname === undefined
          ? undefined
          : fold(await ports.ledger.read(hostname, deadline.signal)).byRequestId.get(message.requestId);
      if (hostname !== undefined && known !== undefined && 'changeId' in known) {
        return carryOn(ports, { hostname, changeId: known.changeId, answering: message }, beyondPatience, deadline);
      }
      if (known !== undefined) return done;
      const lines = [
        `I tried this many times without success and gave up: ${message.text}`,
        'Nothing was changed. Ask again; if it happens again, quote the request.',
        `Request ${message.requestId.slice(0, 12)}`,
      ];
      const request = { ...message, deliveries: 1, replaceOriginal: false };
      return refuse(
        ports,
        request,
        streamOf(undefined),
        ['given-up: too many deliveries'],
        plainRefusal(lines),
        deadline,
      );
    }
  }
};
