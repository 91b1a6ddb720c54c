import { createHash } from 'node:crypto';

const digest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex');

/** The same for an exact repeat of a signed request, however it is delivered. */
export const requestIdOfSignature = (signature: string, timestamp: string): string =>
  digest('signature', signature, timestamp);

/** The same for every delivery of one click. */
export const requestIdOfClick = (click: {
  readonly actionId: string;
  readonly value: string | undefined;
  readonly userId: string;
  readonly actionTs: string;
}): string => digest('click', click.actionId, click.value ?? '', click.userId, click.actionTs);

/** The same for every delivery of one event: Slack signs each delivery anew. */
export const requestIdOfEvent = (eventId: string): string => digest('event', eventId);
