import type { Json, StateStore } from '../state/state-store.ts';
import { type Mute, muteSchema } from './mute.ts';

const mutes = 'mutes';

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));
const keyOf = ({ hostname, fromMs }: Pick<Mute, 'hostname' | 'fromMs'>): string => `${hostname}#${fromMs}`;

/** Every mute that holds or is planned; those that are over are gone. */
export const listMutes = async (state: StateStore, signal: AbortSignal): Promise<readonly Mute[]> =>
  (await state.list(mutes, signal)).flatMap(({ value }) => muteSchema.safeParse(value).data ?? []);

/** Enters a mute; one of the same hostname that begins at the same moment gives way to it. */
export const saveMute = async (state: StateStore, mute: Mute, signal: AbortSignal): Promise<void> => {
  await state.put({ collection: mutes, key: keyOf(mute), value: asJson(mute), expiresAt: Math.ceil(mute.untilMs / 1000) }, false, signal);
};

/** Ends a mute before its time. */
export const removeMute = (state: StateStore, mute: Pick<Mute, 'hostname' | 'fromMs'>, signal: AbortSignal): Promise<void> =>
  state.remove(mutes, keyOf(mute), signal);
