import type { Entry } from '../../core/ledger/entry.ts';
import { type Mute, muteSchema } from '../../core/watch/mute/mute.ts';
import type { Json, StateItem, StateStore } from '../ports/state-store.ts';

/** Collection of the mutes that hold or are planned. */
export const mutes = 'mutes';

const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value));
const keyOf = ({ hostname, fromMs }: Pick<Mute, 'hostname' | 'fromMs'>): string => `${hostname}#${fromMs}`;

/** Every mute that holds or is planned; those that are over are gone. */
export const listMutes = async (state: StateStore, signal: AbortSignal): Promise<readonly Mute[]> =>
  (await state.list(mutes, signal)).flatMap(({ value }) => muteSchema.safeParse(value).data ?? []);

export const muteItem = (mute: Mute): StateItem => ({
  collection: mutes,
  key: keyOf(mute),
  value: asJson(mute),
  expiresAt: Math.ceil(mute.untilMs / 1000),
});

/** What the entries of one stream say is muted, now or later. */
export const mutesIn = (entries: readonly Entry[], nowMs: number): readonly Mute[] => {
  let standing: Mute[] = [];
  for (const { stream, body } of entries) {
    if (body.kind !== 'muted' && body.kind !== 'unmuted') continue;
    const { scope = stream } = body;
    if (body.kind === 'unmuted') {
      standing = standing.filter(({ hostname }) => hostname !== scope);
      continue;
    }
    const { from, until, actor, reason } = body;
    const mute = { hostname: scope, fromMs: Date.parse(from), untilMs: Date.parse(until), by: actor.userId };
    standing.push(reason === null ? mute : { ...mute, reason });
  }
  return standing.filter(({ untilMs }) => untilMs > nowMs);
};

/** Enters a mute; one of the same hostname that begins at the same moment gives way to it. */
export const saveMute = async (state: StateStore, mute: Mute, signal: AbortSignal): Promise<void> => {
  await state.put(muteItem(mute), false, signal);
};

/** Ends a mute before its time. */
export const removeMute = (
  state: StateStore,
  mute: Pick<Mute, 'hostname' | 'fromMs'>,
  signal: AbortSignal,
): Promise<void> => state.remove(mutes, keyOf(mute), signal);
