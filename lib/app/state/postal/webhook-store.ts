import * as z from 'zod';
import { emptyTally, type WebhookTally, webhookTallySchema } from '../../../core/postal/webhooks/webhook-tally.ts';
import type { StateStore } from '../../ports/state-store.ts';
import { asJson, collectionOf } from '../collection.ts';

const tallies = 'webhook-tallies';
const seen = 'webhooks-seen';
/** Marks of endpoints that a webhook wants to be probed now. */
const wanted = 'probes-wanted';
const servers = 'webhook-servers';

/** Every collection that webhooks write to. */
export const webhookCollections: readonly string[] = [tallies, seen, wanted, servers];

/** An event is known for a day: longer than it may be old. */
const seenSeconds = 86_400;
/** What webhooks said is of no use after three days: the window of the audit. */
const tallySeconds = 3 * 86_400;
const wantedSeconds = 600;

/** What webhooks said of a hostname, by mail server; an unknown name is stored under the empty hostname. */
export type HostTally = { readonly server: string; readonly hostname: string; readonly tally: WebhookTally };

const tallyKey = (server: string, hostname: string): string => `${hostname}#${server}`;

const storedSchema = z.object({ server: z.string(), hostname: z.string(), tally: webhookTallySchema });

export const findTally = async (
  state: StateStore,
  server: string,
  hostname: string,
  signal: AbortSignal,
): Promise<WebhookTally> =>
  storedSchema.safeParse((await state.get(tallies, tallyKey(server, hostname), signal))?.value).data?.tally ??
  emptyTally;

export const listTallies = async (state: StateStore, signal: AbortSignal): Promise<readonly HostTally[]> =>
  (await state.list(tallies, signal)).flatMap(({ value }) => storedSchema.safeParse(value).data ?? []);

export const saveTally = async (state: StateStore, stored: HostTally, signal: AbortSignal): Promise<void> => {
  const { server, hostname, tally } = stored;
  const expiresAt = Math.ceil(tally.lastAtMs / 1000) + tallySeconds;
  await state.put(
    { collection: tallies, key: tallyKey(server, hostname), value: asJson(stored), expiresAt },
    false,
    signal,
  );
};

export const wasSeen = async (state: StateStore, uuid: string, signal: AbortSignal): Promise<boolean> =>
  (await state.get(seen, uuid, signal)) !== undefined;

export const noteSeen = async (state: StateStore, uuid: string, atMs: number, signal: AbortSignal): Promise<void> => {
  const expiresAt = Math.ceil(atMs / 1000) + seenSeconds;
  await state.put({ collection: seen, key: uuid, value: null, expiresAt }, true, signal);
};

/** Asks for a probe with the next round of watch, which begins every minute: many wishes for one name come to one probe. */
export const wantProbe = async (
  state: StateStore,
  hostname: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> => {
  const expiresAt = Math.ceil(nowMs / 1000) + wantedSeconds;
  await state.put({ collection: wanted, key: hostname, value: nowMs, expiresAt }, false, signal);
};

/** The names that webhooks want to be probed, with when the last of them came; milliseconds since the epoch. */
export const wantedProbes = async (state: StateStore, signal: AbortSignal): Promise<ReadonlyMap<string, number>> =>
  new Map(
    (await state.list(wanted, signal)).flatMap(({ key, value }) =>
      typeof value === 'number' ? [[key, value] as const] : [],
    ),
  );

const heardSchema = z.object({ receivedAtMs: z.number(), atMs: z.number() });

/** When a mail server's webhooks were last heard; milliseconds since the epoch. */
export const { save: noteHeard, list: listHeard } = collectionOf(servers, heardSchema);
