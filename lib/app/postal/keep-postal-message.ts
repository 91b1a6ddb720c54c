import type { Snapshot } from '../../core/postal/audit/snapshot.ts';
import { hostnameByRoute, hostnameInDetails } from '../../core/postal/webhooks/endpoint-of-webhook.ts';
import { addEvent } from '../../core/postal/webhooks/webhook-tally.ts';
import type { Logger } from '../ports/logger.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { PostalMessage } from '../queue/postal-message.ts';
import { findTally, noteHeard, noteSeen, saveTally, wantProbe, wasSeen } from '../state/postal/webhook-store.ts';
import { keepReport } from './keep-report.ts';

/** Everything outside that the keeper of Postal's facts may touch: the state table alone. */
export type PostalFactsPorts = {
  readonly state: StateStore;
  /** The newest snapshot; a minute old at most. */
  readonly snapshot: (signal: AbortSignal) => Promise<Snapshot | undefined>;
  readonly recipientKey: (signal: AbortSignal) => Promise<string>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

type Webhook = Extract<PostalMessage, { readonly kind: 'webhook' }>;
type Report = Extract<PostalMessage, { readonly kind: 'report' }>;

/** Postal's words name no host where it found no address, or gave up: the recipient's route does. */
const routedTo = async (
  ports: PostalFactsPorts,
  { server, event }: Webhook,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const snapshot = await ports.snapshot(signal);
  return snapshot === undefined
    ? undefined
    : hostnameByRoute(event, server, snapshot, await ports.recipientKey(signal));
};

/**
 * Counts a webhook once. The tally remembers the last events itself and is written before the event is noted as seen: a keeper that is killed between the
 * two meets the event again, before any later one of the same mail server, and counts it no second time.
 */
const countWebhook = async (ports: PostalFactsPorts, message: Webhook, signal: AbortSignal): Promise<void> => {
  const { state, log, now } = ports;
  const { server, event, receivedAtMs } = message;
  if (await wasSeen(state, event.uuid, signal)) return;
  const hostname = hostnameInDetails(event) ?? (await routedTo(ports, message, signal)) ?? '';
  const before = await findTally(state, server, hostname, signal);
  await saveTally(state, { server, hostname, tally: addEvent(before, event) }, signal);
  await noteHeard(state, server, { receivedAtMs, atMs: event.atMs }, signal);
  if (hostname !== '') await wantProbe(state, hostname, now(), signal);
  await noteSeen(state, event.uuid, event.atMs, signal);
  log.info('a webhook was counted', { server, hostname, status: event.status });
};

/** By the clock of the sender when it signed. */
const keepSent = (ports: PostalFactsPorts, message: Report, signal: AbortSignal): Promise<void> => {
  const { kind: _, signedAtMs, ...report } = message;
  return keepReport(ports, { ...report, clockAheadMs: signedAtMs - report.receivedAtMs }, signal);
};

/** Keeps what a Postal installation sent. Rejects where the state table does not answer: the queue hands the message over again. */
export const keepPostalMessage = (
  ports: PostalFactsPorts,
  message: PostalMessage,
  signal: AbortSignal,
): Promise<void> =>
  message.kind === 'webhook' ? countWebhook(ports, message, signal) : keepSent(ports, message, signal);
