import { type UnregisteredNames, unregisteredNames, type WholeZone } from '../../core/validation/unregistered.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';

/** A zone that could not be listed, and why. */
export type UnreadZone = { readonly name: string; readonly why: string };

/** Lists every zone of the policy and finds the names in them that nobody registered. */
export const readUnregistered = async (
  { state, policy, zoneListing }: Pick<Ports, 'state' | 'policy' | 'zoneListing'>,
  signal: AbortSignal,
): Promise<UnregisteredNames & { readonly unread: readonly UnreadZone[] }> => {
  const read: WholeZone[] = [];
  const unread: UnreadZone[] = [];
  for (const { id, name } of policy.zones) {
    const listed = await zoneListing.list(id, signal);
    if (listed.ok) read.push({ id, name, recordSets: listed.value });
    else unread.push({ name, why: listed.failure.message });
  }
  const registered = (await listRegistered(state, signal)).map(({ definition }) => definition);
  return { ...unregisteredNames(read, registered, policy), unread };
};
