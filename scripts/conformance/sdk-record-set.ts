import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';

/** A record set of any kind, in the shape of the SDK. */
export const sdkRecordSet = (set: LocalRecordSet): ResourceRecordSet => ({
  Name: set.name,
  // The SDK's lists of types and regions are only as new as the SDK; the service itself judges them.
  Type: set.type as ResourceRecordSet['Type'],
  TTL: set.ttlSeconds,
  ResourceRecords: set.aliasTarget === undefined ? set.values.map((Value) => ({ Value })) : undefined,
  SetIdentifier: set.setIdentifier,
  Weight: set.weight,
  Region: set.region as ResourceRecordSet['Region'],
  Failover: set.failover,
  GeoLocation: set.geoLocationCountry === undefined ? undefined : { CountryCode: set.geoLocationCountry },
  MultiValueAnswer: set.multiValueAnswer,
  AliasTarget: set.aliasTarget && {
    HostedZoneId: set.aliasTarget.hostedZoneId,
    DNSName: set.aliasTarget.dnsName,
    EvaluateTargetHealth: set.aliasTarget.evaluateTargetHealth,
  },
  HealthCheckId: set.healthCheckId,
  TrafficPolicyInstanceId: set.trafficPolicyInstanceId,
});
