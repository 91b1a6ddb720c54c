import { type Cname, type Pointer, pointersTo } from '../../core/dns/pointers.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import type { Ports } from '../ports/ports.ts';
import { listCnames } from '../state/cname-store.ts';
import { listRegistered } from '../state/directory.ts';

/** Which record sets say where the CNAMEs of unregistered names lead: a fresh listing of every zone, or the last one of the drift sweep. */
export type Listing = 'fresh' | 'last';

/** The names that lead to a hostname, and how well that is known. */
export type Pointers = {
  readonly pointers: readonly Pointer[];
  /** Milliseconds since the epoch of the oldest listing that was used; absent where each was made just now. */
  readonly listedAt?: number | undefined;
  /** Names of zones without a listing, or with an incomplete one. */
  readonly unlisted: readonly string[];
};

/** The CNAMEs among record sets, of whatever owner. */
export const cnamesIn = (recordSets: readonly RecordSet[]): readonly Cname[] =>
  recordSets.flatMap(({ name, type, values }) =>
    type === 'CNAME' ? values.map((value) => ({ name, target: canonicalName(value) })) : [],
  );

/** Finds who leads to a hostname: registered names from the directory, others from the zones. */
export const readPointers = async (
  { state, policy, zoneListing }: Pick<Ports, 'state' | 'policy' | 'zoneListing'>,
  hostname: string,
  listing: Listing,
  signal: AbortSignal,
): Promise<Pointers> => {
  const [registered, last] = await Promise.all([listRegistered(state, signal), listCnames(state, signal)]);
  const cnames: Cname[] = [];
  const unlisted: string[] = [];
  const ages: number[] = [];
  for (const { id, name } of policy.zones) {
    const fresh = listing === 'fresh' ? await zoneListing.list(id, signal) : undefined;
    if (fresh?.ok) {
      cnames.push(...cnamesIn(fresh.value));
      continue;
    }
    const known = last.get(id);
    if (known === undefined || known.leftOut > 0) unlisted.push(name);
    if (known === undefined) continue;
    cnames.push(...known.cnames);
    ages.push(known.at);
  }
  const pointers = pointersTo(
    hostname,
    registered.map(({ definition }) => definition),
    cnames,
  );
  return { pointers, unlisted, ...(ages.length === 0 ? {} : { listedAt: Math.min(...ages) }) };
};

/** The registered names that lead to the hostname, for whom a change of it is a change of theirs. */
export const registeredPointers = (led: Pointers | undefined): readonly string[] =>
  (led?.pointers ?? [])
    .filter(({ isRegistered, as }) => isRegistered && as === 'target')
    .map(({ hostname }) => hostname);
