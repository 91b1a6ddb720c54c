import type { Destination } from '../../core/policy/destinations.ts';
import type { IncidentEvent } from '../../messages/watch/incident-event.ts';

/** Why a destination did not take an event. `refused`: sending the same again will not help until a person corrects something. */
export type DestinationFailure =
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unreachable'; readonly message: string; readonly retryAfterSeconds?: number };

export type Sent = { readonly ok: true } | { readonly ok: false; readonly failure: DestinationFailure };

/** Port to whatever is told of incidents besides Slack. Never rejects. */
export interface Destinations {
  /** Sends one event. A retry of it has the same id: an answer may have been lost. */
  send(destination: Destination, event: IncidentEvent, signal: AbortSignal): Promise<Sent>;
}
