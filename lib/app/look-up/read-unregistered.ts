import { type UnregisteredNames, unregisteredNames } from '../../core/validation/unregistered.ts';
import type { Ports } from '../ports/ports.ts';
import { listRegistered } from '../state/directory.ts';
import { readZones, type UnreadZone, unreadZones } from './read-zones.ts';

/** Lists every zone of the policy and finds the names in them that nobody registered. */
export const readUnregistered = async (
  ports: Pick<Ports, 'state' | 'policy' | 'zoneListing'>,
  signal: AbortSignal,
): Promise<UnregisteredNames & { readonly unread: readonly UnreadZone[] }> => {
  const [read, directory] = await Promise.all([readZones(ports, signal), listRegistered(ports.state, signal)]);
  const whole = read.flatMap(({ zone: { id, name }, listed }) =>
    listed.ok ? [{ id, name, recordSets: listed.value }] : [],
  );
  const registered = directory.map(({ definition }) => definition);
  return { ...unregisteredNames(whole, registered, ports.policy), unread: unreadZones(read) };
};
