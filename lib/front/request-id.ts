import { createHash } from 'node:crypto';
import type { SlackRequest } from './request.ts';

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** The id of what a form submits: the same for the same content of one opening, however often it is pressed; another once anything is changed. */
export const requestIdOfForm = (nonce: string, content: object): string =>
  digest('form', nonce, JSON.stringify(content));

/** The id of a request, the same for every delivery of it: Slack signs each delivery of a click or an event anew. */
export const requestIdOf = (
  request: SlackRequest,
  signed: { readonly signature: string; readonly timestamp: string },
): string => {
  switch (request.kind) {
    case 'button':
      return digest('click', request.actionId, request.value ?? '', request.asker.userId, request.actionTs);
    case 'home':
    case 'mention':
      return digest('event', request.eventId);
    case 'command':
    case 'form':
    case 'form-closed':
    case 'shortcut':
    case 'url-verification':
    case 'ignored':
      return digest('signature', signed.signature, signed.timestamp);
  }
};
