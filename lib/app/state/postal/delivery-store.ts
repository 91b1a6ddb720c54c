import * as z from 'zod';
import type { StateStore } from '../../ports/state-store.ts';
import { collectionOf } from '../collection.ts';

const delivered = collectionOf('incidents-delivered', z.strictObject({ sent: z.array(z.string()) }));
const keyOf = (incidentId: string, destination: string): string => `${incidentId}#${destination}`;

/** Keys of the steps of an incident that one destination has taken. */
export const readDelivered = async (
  state: StateStore,
  incidentId: string,
  destination: string,
  signal: AbortSignal,
): Promise<readonly string[]> => (await delivered.read(state, keyOf(incidentId, destination), signal))?.sent ?? [];

/** The same of every incident and destination: a function from both. */
export const listDelivered = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<(incidentId: string, destination: string) => readonly string[]> => {
  const all = await delivered.list(state, signal);
  return (incidentId, destination) => all.get(keyOf(incidentId, destination))?.sent ?? [];
};

export const saveDelivered = (
  state: StateStore,
  incidentId: string,
  destination: string,
  sent: readonly string[],
  signal: AbortSignal,
): Promise<void> => delivered.save(state, keyOf(incidentId, destination), { sent: [...sent] }, signal);

/** Of an incident about which there is nothing more to send. */
export const forgetDelivered = (
  state: StateStore,
  incidentId: string,
  destination: string,
  signal: AbortSignal,
): Promise<void> => delivered.remove(state, keyOf(incidentId, destination), signal);
