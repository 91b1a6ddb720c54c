import type { WatchRules } from '../../lib/core/policy/watch-rules.ts';
import type { Acknowledgement, Incident } from '../../lib/core/watch/incident/incident.ts';
import { type NotificationStep, notificationSteps } from '../../lib/core/watch/incident/notification-steps.ts';
import type { Random } from './random.ts';
import type { Time } from './truth.ts';

/** A place that incidents are sent to. */
export type Destination = {
  readonly name: string;
  /** Whether it takes something at this moment. */
  takes(atMs: number): boolean;
};

/** A step that a destination took. */
export type Sent = {
  readonly destination: string;
  readonly incidentId: string;
  readonly step: NotificationStep;
  readonly atMs: number;
};

/** From the end of a run to the arrival of what it asks for, milliseconds. */
const longestDeliveryMs = 20_000;
/** Somebody takes over so many of a hundred incidents, some minutes after they heard of it. */
const acknowledgedOf100 = 60;

export const onCallChannel = (outage: Time): Destination => ({
  name: 'Slack',
  takes: (atMs) => atMs < outage.fromMs || outage.toMs <= atMs,
});
export const secondDestination: Destination = { name: 'second', takes: () => true };

/** What people and services hear, and do: each destination by itself gets every step that is due and that it has not got yet. */
export class Delivery {
  readonly sent: Sent[] = [];
  readonly acknowledgements = new Map<string, Acknowledgement>();
  readonly #keys = new Set<string>();
  readonly #willAcknowledge = new Map<string, number | undefined>();
  readonly #destinations: readonly Destination[];
  readonly #rules: WatchRules;
  readonly #random: Random;

  constructor(destinations: readonly Destination[], rules: WatchRules, random: Random) {
    this.#destinations = destinations;
    this.#rules = rules;
    this.#random = random;
  }

  /** After a run of watch: every notification of these incidents that is due. */
  afterRun(incidents: readonly Incident[], nowMs: number): void {
    for (const incident of incidents) {
      const { id } = incident;
      const due = this.#willAcknowledge.get(id);
      if (due !== undefined && due <= nowMs && incident.closedAtMs === undefined && !this.acknowledgements.has(id))
        this.acknowledgements.set(id, { id, by: 'U0MARIA', atMs: due });
      const acknowledgement = this.acknowledgements.get(id);
      const steps = notificationSteps({ incident, acknowledgement, rules: this.#rules, nowMs, isMuted: false });
      for (const { name, takes } of this.#destinations)
        for (const step of steps) {
          const key = `${name} ${id} ${step.key}`;
          const atMs = nowMs + this.#random.between(0.05, 1) * longestDeliveryMs;
          if (this.#keys.has(key) || !takes(atMs)) continue;
          this.#keys.add(key);
          this.sent.push({ destination: name, incidentId: id, step, atMs });
          if (step.kind === 'opened' && !this.#willAcknowledge.has(id))
            this.#willAcknowledge.set(
              id,
              this.#random.next() * 100 < acknowledgedOf100 ? atMs + this.#random.between(1, 50) * 60_000 : undefined,
            );
        }
    }
  }
}
