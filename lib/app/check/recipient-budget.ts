import type { Actor } from '../../core/ledger/entry.ts';
import type { Ports, Request } from '../ports/ports.ts';

/** Recipient checks of one person, with and without a delivery. */
const person = { checks: 5, seconds: 300 } as const;
/** A recipient opens a queue file on the server, a message fills one. */
const machineSeconds = { recipient: 60, delivery: 300 } as const;

const collection = 'recipient-checks';

/** `machine`: an address, or the hostname where it has none. */
export type RecipientBudget =
  | { readonly ok: true }
  | { readonly ok: false; readonly seconds: number; readonly exhausted: { readonly machine: string } | 'person' };

type Place = { readonly key: string; readonly isNew: boolean };

/**
 * Takes one of so many places, each of which is free again `seconds` after it was taken: in no such span, wherever it begins, is more taken than there are
 * places. A request that has a place already keeps it. Resolves to the seconds until one is free where all are taken.
 */
const takePlace = async (
  { state, clock }: Pick<Ports, 'state' | 'clock'>,
  requestId: string,
  keys: readonly string[],
  seconds: number,
  signal: AbortSignal,
): Promise<Place | { readonly freeInSeconds: number }> => {
  const now = Math.ceil(clock.now() / 1000);
  let freeInSeconds = seconds;
  for (const key of keys) {
    const item = { collection, key, value: { requestId }, expiresAt: now + seconds };
    if ((await state.put(item, true, signal)) === 'stored') return { key, isNew: true };
    const taken = await state.get(collection, key, signal);
    if (JSON.stringify(taken?.value) === JSON.stringify(item.value)) return { key, isNew: false };
    freeInSeconds = Math.min(freeInSeconds, Math.max(1, (taken?.expiresAt ?? now) - now));
  }
  return { freeInSeconds };
};

const placesOf = ({ teamId, userId }: Actor): readonly string[] =>
  Array.from({ length: person.checks }, (_, number) => `person ${teamId} ${userId} ${number}`);

/**
 * Counts a recipient check against its person and against every machine that it may reach, by whatever name: all or nothing. Asked again for the same
 * request, it takes nothing more.
 */
export const takeRecipientBudget = async (
  ports: Pick<Ports, 'state' | 'clock'>,
  { requestId, actor, command: { deliver } }: Request<'check'>,
  machines: readonly string[],
  signal: AbortSignal,
): Promise<RecipientBudget> => {
  const taken: Place[] = [];
  const giveBack = async (): Promise<void> => {
    for (const { key, isNew } of taken) if (isNew) await ports.state.remove(collection, key, signal);
  };
  const own = await takePlace(ports, requestId, placesOf(actor), person.seconds, signal);
  if ('freeInSeconds' in own) return { ok: false, seconds: own.freeInSeconds, exhausted: 'person' };
  taken.push(own);
  const seconds = deliver ? machineSeconds.delivery : machineSeconds.recipient;
  for (const machine of machines) {
    const place = await takePlace(ports, requestId, [`machine ${machine}`], seconds, signal);
    if ('freeInSeconds' in place) {
      await giveBack();
      return { ok: false, seconds: place.freeInSeconds, exhausted: { machine } };
    }
    taken.push(place);
  }
  return { ok: true };
};

/** The limits in words. */
export const recipientLimits = `${person.checks} in ${person.seconds / 60} minutes`;
