import { changedHostname } from '../../core/grammar/command.ts';
import { changeIdOf } from '../../core/ledger/change-id.ts';
import type { LogFields } from '../ports/logger.ts';
import type { QueueMessage } from '../queue/message.ts';

/** By which the log's lines about one message are found: request, change, hostname. Never what people wrote. */
export const logFieldsOf = (message: QueueMessage): LogFields => {
  const { kind } = message;
  switch (kind) {
    case 'command': {
      const { command, requestId, receivedAt } = message;
      const hostname = command.verb === 'home' ? undefined : changedHostname(command);
      return {
        kind,
        requestId,
        verb: command.verb,
        ...(hostname !== undefined && { hostname, changeId: changeIdOf(receivedAt, requestId) }),
      };
    }
    case 'resume':
    case 'announce':
    case 'entered':
      return { kind, hostname: message.hostname, changeId: message.changeId };
    case 'incident':
      return { kind, incidentId: message.incidentId };
    case 'mention':
      return { kind, requestId: message.requestId };
    case 'verify':
      return { kind, night: message.night, part: message.part };
    case 'heartbeat':
      return { kind, sentAtMs: message.sentAtMs };
    case 'given-up':
      return { ...logFieldsOf(message.message), kind };
  }
};
