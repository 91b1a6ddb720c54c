import { dnsValue } from '../../core/dns/record-set.ts';
import { type EndpointFilter, postalPart } from '../../core/filter/endpoint-filter.ts';
import type { Unregistered, UnregisteredNames } from '../../core/validation/unregistered.ts';
import { isCovered } from '../../core/watch/mute/mute-scope.ts';
import { readUnregistered } from '../look-up/read-unregistered.ts';
import type { UnreadZone } from '../look-up/read-zones.ts';
import type { Ports } from '../ports/ports.ts';
import { chooseEndpoints } from './choose-endpoints.ts';

/** Its records have them. */
const noTargets = { kind: 'addresses', addresses: [] } as const;

const hasTarget = ({ records }: Unregistered, target: string | undefined): boolean =>
  target === undefined || records.some(({ type, values }) => values.some((value) => dnsValue(type, value) === target));

/** Of a scope that registered endpoints have: such a name has no owner, and its targets are in its records. */
const isInScope = (name: Unregistered, { scope }: EndpointFilter): boolean => {
  if (scope === undefined) return true;
  switch (scope.kind) {
    case 'owner':
      return false;
    case 'target':
      return hasTarget(name, scope.target);
    default:
      return isCovered(scope, { hostname: name.hostname, targets: noTargets });
  }
};

export type ChosenUnregistered =
  | (UnregisteredNames & {
      readonly ok: true;
      readonly unread: readonly UnreadZone[];
      /** Of the snapshot that was asked; milliseconds since the epoch. */
      readonly snapshotAtMs: number | undefined;
    })
  | { readonly ok: false; readonly lines: readonly string[] };

/** Names in the zones that nobody registered: those of them that a filter means and that a person may see. */
export const chooseUnregistered = async (
  ports: Pick<Ports, 'state' | 'clock' | 'policy' | 'profile' | 'zoneListing'>,
  filter: EndpointFilter,
  may: (hostname: string) => boolean,
  signal: AbortSignal,
): Promise<ChosenUnregistered> => {
  if (filter.state !== undefined || filter.owner !== undefined)
    return {
      ok: false,
      lines: ['unregistered: such names have no state and no owner. Leave out --state and --owner.'],
    };
  const [read, choice] = await Promise.all([
    readUnregistered(ports, signal),
    chooseEndpoints(ports, postalPart(filter), signal),
  ]);
  if (!choice.ok) return choice;
  const names = read.names.filter(
    (name) =>
      may(name.hostname) &&
      isInScope(name, filter) &&
      hasTarget(name, filter.target) &&
      choice.isChosen({ hostname: name.hostname, targets: noTargets }),
  );
  return { ...read, ok: true, names, snapshotAtMs: choice.snapshotAtMs };
};
