/** JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/** One projected or scratch item. Nothing that matters lives only here. */
export type StateItem = {
  readonly collection: string;
  readonly key: string;
  readonly value: Json;
  /** Seconds since the epoch; the item may vanish after it, and readers treat it as gone. */
  readonly expiresAt?: number;
};

/** Port to projections and scratch: directory, last probes, handled requests. Outages throw `StateUnavailable`. */
export interface StateStore {
  get(collection: string, key: string, signal: AbortSignal): Promise<StateItem | undefined>;
  /** Ascending by key; all of the collection. */
  list(collection: string, signal: AbortSignal): Promise<readonly StateItem[]>;
  /** With `onlyIfAbsent`, `exists` when an unexpired item is already there. */
  put(item: StateItem, onlyIfAbsent: boolean, signal: AbortSignal): Promise<'stored' | 'exists'>;
  remove(collection: string, key: string, signal: AbortSignal): Promise<void>;
}

export class StateUnavailable extends Error {
  override readonly name = 'StateUnavailable';
}
