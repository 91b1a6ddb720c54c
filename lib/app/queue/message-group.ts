import { createHash } from 'node:crypto';
import { bulkIdOf, isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { type Command, changedHostname } from '../../core/grammar/command.ts';
import type { QueueMessage } from './message.ts';

// SQS takes up to 128 of these in a message group id and in a deduplication id.
const allowed = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const digest = (id: string): string => createHash('sha256').update(id).digest('hex');
const fitting = (id: string): string => (allowed.test(id) ? id : digest(id));

/** An id in a namespace that nothing typed can leave. */
const within = (namespace: 'person' | 'waiting' | 'name' | 'bulk' | 'read' | 'system', id: string): string =>
  allowed.test(`${namespace}:${id}`) ? `${namespace}:${id}` : `${namespace}:${digest(id)}`;

/** The same for every spelling of a hostname that would be the same name. */
const hostnameGroup = (hostname: string): string => within('name', hostname.trim().toLowerCase().replace(/\.$/, ''));

const changed = (command: Command): string | undefined =>
  command.verb === 'home' ? undefined : changedHostname(command);

/**
 * What a message waits for: commands of a person for each other until they are admitted, and where a change has to wait for that, only further changes; then
 * changes of a name for each other, and a read or a check for nothing. A bulk waits for itself. Announcements wait for each other, and an incident for itself
 * at the same destination.
 */
export const messageGroup = (message: QueueMessage): string => {
  switch (message.kind) {
    case 'command': {
      const { actor, command, requestId, toAdmit, isWaiting } = message;
      if (toAdmit === true) return within(isWaiting === true ? 'waiting' : 'person', `${actor.teamId}:${actor.userId}`);
      const hostname = changed(command);
      return hostname === undefined ? within('read', requestId) : hostnameGroup(hostname);
    }
    case 'resume':
      return isBulkStream(message.hostname)
        ? within('bulk', bulkIdOf(message.hostname))
        : hostnameGroup(message.hostname);
    case 'announce':
    case 'entered':
      return within('system', 'audit');
    case 'incident':
      return within(
        'system',
        ['incident', message.incidentId, ...(message.destination === undefined ? [] : [message.destination])].join(':'),
      );
    case 'mention':
      return within('person', `${message.actor.teamId}:${message.actor.userId}`);
    case 'verify':
      return within('system', 'verify');
    case 'heartbeat':
      return within('system', 'heartbeat');
    case 'given-up':
      return messageGroup(message.message);
  }
};

/** By which SQS drops a repeat within five minutes: a courtesy, for the ledger is what makes repeats harmless. */
export const deduplicationId = (message: QueueMessage): string => {
  switch (message.kind) {
    case 'command': {
      const stage = message.isWaiting === true ? 'waiting:' : message.toAdmit === true ? 'to-admit:' : '';
      return fitting(`${stage}${message.requestId}`);
    }
    case 'given-up':
      return fitting(`given-up:${deduplicationId(message.message)}`);
    case 'resume':
    case 'announce':
    case 'entered':
      return fitting([message.kind, message.changeId, message.queuedAt ?? ''].join(':').replace(/:$/, ''));
    case 'mention':
      return fitting(`mention:${message.requestId}`);
    case 'heartbeat':
      return fitting(`heartbeat:${message.sentAtMs}`);
    case 'verify':
      return fitting(`verify:${message.night}:${message.part}:${message.askedAt ?? ''}`);
    case 'incident':
      return fitting(
        [
          'incident',
          message.incidentId,
          message.revision,
          ...(message.destination === undefined ? [] : [message.destination]),
          ...(message.occasion === undefined ? [] : [message.occasion]),
        ].join(':'),
      );
  }
};
