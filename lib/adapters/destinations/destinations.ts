import type { Destinations } from '../../app/ports/destinations.ts';
import { publishToSns, type SnsOptions } from './sns.ts';
import { sendWebhook, type WebhookOptions } from './webhook.ts';

export type DestinationsOptions = SnsOptions &
  WebhookOptions & {
    /** Keys of the destinations, by name; read from the secret. */
    readonly keys: () => Promise<Readonly<Record<string, string>>>;
  };

/** The destinations of the policy, over HTTPS. */
export const createDestinations = (options: DestinationsOptions): Destinations => ({
  send: async (destination, event, signal) => {
    if (destination.kind === 'sns') return publishToSns(options, destination, event, signal);
    try {
      const { [destination.name]: key } = await options.keys();
      if (key !== undefined) return await sendWebhook(options, destination, key, event, signal);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, failure: { kind: 'unreachable', message } };
    }
    const message = `The secret has no key for it: add "${destination.name}" to "destinationKeys"`;
    return { ok: false, failure: { kind: 'refused', message } };
  },
});
