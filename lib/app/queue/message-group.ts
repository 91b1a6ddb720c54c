import { createHash } from 'node:crypto';
import type { Command } from '../../core/grammar/command.ts';
import { changedHostname } from '../../core/grammar/table.ts';
import type { QueueMessage } from './message.ts';

// SQS takes up to 128 of these in a message group id and in a deduplication id.
const allowed = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;
const fitting = (id: string): string => (allowed.test(id) ? id : createHash('sha256').update(id).digest('hex'));

/** The same for every spelling of a hostname that would be the same name. */
const hostnameGroup = (hostname: string): string => fitting(hostname.trim().toLowerCase().replace(/\.$/, ''));

const changed = (command: Command): string | undefined =>
  command.verb === 'home' ? undefined : changedHostname(command);

/** What a message waits for: changes of a name for each other, announcements for each other, an incident for itself, a read or a check for nothing. */
export const messageGroup = (message: QueueMessage): string => {
  switch (message.kind) {
    case 'command': {
      const hostname = changed(message.command);
      return hostname === undefined ? fitting(message.requestId) : hostnameGroup(hostname);
    }
    case 'resume':
      return hostnameGroup(message.hostname);
    case 'announce':
      return 'audit';
    case 'incident':
      return fitting(`incident:${message.incidentId}`);
    case 'given-up':
      return messageGroup(message.message);
  }
};

/** By which SQS drops a repeat within five minutes: a courtesy, for the ledger is what makes repeats harmless. */
export const deduplicationId = (message: QueueMessage): string => {
  switch (message.kind) {
    case 'command':
      return fitting(message.requestId);
    case 'given-up':
      return fitting(`given-up:${deduplicationId(message.message)}`);
    case 'resume':
    case 'announce':
      return fitting([message.kind, message.changeId, message.queuedAt ?? ''].join(':').replace(/:$/, ''));
    case 'incident':
      return fitting(
        [
          'incident',
          message.incidentId,
          message.revision,
          ...(message.occasion === undefined ? [] : [message.occasion]),
        ].join(':'),
      );
  }
};
