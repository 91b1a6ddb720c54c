import type { Change, ResourceRecordSet, RRType } from '@aws-sdk/client-route-53';
import type { ManagedType, RecordChange, RecordSet } from '../../core/dns/record-set.ts';
import { canonicalName } from '../../core/endpoint/name.ts';

const managedTypes: readonly string[] = ['A', 'AAAA', 'CNAME', 'TXT'] satisfies readonly ManagedType[];
const isManagedType = (type: string): type is ManagedType => managedTypes.includes(type);

/** An id without the `/hostedzone/` or `/change/` that Route 53 puts before it. */
export const bareId = (id: string): string => id.replace(/^\/(?:hostedzone|change)\//, '');

/** A name as Route 53 wants it: with trailing dot, so that nobody takes it for a relative one. */
export const toRoute53Name = (name: string): string => `${canonicalName(name)}.`;

const foreignKind = (set: ResourceRecordSet): RecordSet['foreign'] => {
  if (set.TrafficPolicyInstanceId !== undefined) return 'traffic-policy';
  if (set.Weight !== undefined) return 'weighted';
  if (set.Region !== undefined) return 'latency';
  if (set.Failover !== undefined) return 'failover';
  if (set.GeoLocation !== undefined || set.GeoProximityLocation !== undefined || set.CidrRoutingConfig !== undefined)
    return 'geolocation';
  if (set.MultiValueAnswer !== undefined) return 'multivalue';
  if (set.AliasTarget !== undefined) return 'alias';
  if (set.HealthCheckId !== undefined) return 'health-check';
  return isManagedType(set.Type ?? '') ? undefined : 'type';
};

/** What ListResourceRecordSets returned, as a record set; an alias has no TTL and no values of its own. */
export const fromRoute53RecordSet = (set: ResourceRecordSet): RecordSet => {
  const foreign = foreignKind(set);
  return {
    name: canonicalName(set.Name ?? ''),
    type: set.Type ?? '',
    ttlSeconds: set.TTL ?? 0,
    values: (set.ResourceRecords ?? []).map((record) => record.Value ?? ''),
    ...(foreign === undefined ? {} : { foreign }),
  };
};

/** A change as ChangeResourceRecordSets wants it. Throws for a foreign set: writing one is a bug. */
export const toRoute53Change = ({ action, recordSet }: RecordChange): Change => {
  const { name, type, ttlSeconds, values, foreign } = recordSet;
  if (foreign !== undefined || !isManagedType(type)) {
    throw new TypeError(
      `${name} ${type} is a foreign record set (${foreign ?? 'type'}); postal-endpoint never writes one`,
    );
  }
  return {
    Action: action,
    ResourceRecordSet: {
      Name: toRoute53Name(name),
      Type: type satisfies RRType,
      TTL: ttlSeconds,
      ResourceRecords: values.map((Value) => ({ Value })),
    },
  };
};
