import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { bareId, fromRoute53RecordSet, toRoute53Name } from '../../lib/adapters/aws/route53-record-set.ts';
import type { ZoneListing } from '../../lib/app/ports/zone-listing.ts';
import type { SubmitResult, ZoneStore } from '../../lib/app/ports/zone-store.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import type { ZoneFacts, ZoneFailure, ZoneResult } from '../../lib/core/dns/zone-reading.ts';
import { canonicalName, isAtOrBelow } from '../../lib/core/endpoint/name.ts';
import { createHostedZones, type HostedZones } from '../../lib/local/route53/hosted-zones.ts';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import type { ServiceError } from '../../lib/local/route53/service-error.ts';
import type { LocalZone, ZoneSeed } from '../../lib/local/route53/zone.ts';

export type MemoryZoneStoreOptions = {
  readonly clock: Pick<Clock, 'now'>;
  readonly zones: readonly ZoneSeed[];
  /** How long a change stays PENDING, on the clock. */
  readonly insyncDelayMs?: number;
};

const toSdkShape = (set: LocalRecordSet): ResourceRecordSet => ({
  Name: set.name,
  Type: set.type as ResourceRecordSet['Type'],
  TTL: set.ttlSeconds,
  ResourceRecords: set.values.map((Value) => ({ Value })),
  Weight: set.weight,
  Region: set.region as ResourceRecordSet['Region'],
  Failover: set.failover,
  GeoLocation: set.geoLocationCountry === undefined ? undefined : { CountryCode: set.geoLocationCountry },
  MultiValueAnswer: set.multiValueAnswer,
  AliasTarget:
    set.aliasTarget === undefined
      ? undefined
      : {
          HostedZoneId: set.aliasTarget.hostedZoneId,
          DNSName: set.aliasTarget.dnsName,
          EvaluateTargetHealth: set.aliasTarget.evaluateTargetHealth,
        },
  HealthCheckId: set.healthCheckId,
  TrafficPolicyInstanceId: set.trafficPolicyInstanceId,
});

const toFacts = ({ id, name, isPrivate, vpcs }: LocalZone): ZoneFacts => ({ id, name, isPrivate, vpcs });

const toFailure = ({ code, messages }: ServiceError): ZoneFailure =>
  code === 'NoSuchHostedZone'
    ? { kind: 'no-such-zone', message: messages.join('; ') }
    : { kind: 'denied', message: `${code}: ${messages.join('; ')}` };

const toInvalid = ({ code, messages }: ServiceError): SubmitResult => {
  if (code !== 'InvalidChangeBatch') return { kind: 'failed', failure: toFailure({ statusCode: 404, code, messages }) };
  const isProtected = messages.some((message) => message.includes('but it is protected: '));
  return isProtected
    ? { kind: 'failed', failure: { kind: 'denied', message: messages.join('; ') } }
    : { kind: 'invalid', messages };
};

const failed = (error: ServiceError): ZoneResult<never> => ({ ok: false, failure: toFailure(error) });

const rivalsOf = (zones: HostedZones, own: LocalZone): readonly ZoneFacts[] =>
  zones.list().flatMap((zone) => {
    const shared = own.vpcs.filter((vpc) => zone.vpcs.some((other) => other.id === vpc.id));
    return zone.id === own.id || shared.length === 0 || !isAtOrBelow(zone.name, own.name)
      ? []
      : [{ ...toFacts(zone), vpcs: shared }];
  });

/** A ZoneStore, and a listing, straight over the zones of the local Route 53, without protocol, for tests that make very many calls. */
export const createMemoryZoneStore = ({
  clock,
  zones: seeds,
  insyncDelayMs = 0,
}: MemoryZoneStoreOptions): { store: ZoneStore; listing: ZoneListing; zones: HostedZones } => {
  const zones = createHostedZones({ clock, insyncDelayMs, seeds });
  const store: ZoneStore = {
    inspectZone: async (zoneId) => {
      const zone = zones.get(bareId(zoneId));
      if (!zone.ok) return failed(zone.error);
      return {
        ok: true,
        value: { zone: toFacts(zone.value), rivals: { ok: true, value: rivalsOf(zones, zone.value) } },
      };
    },
    readNames: async (zoneId, names) => {
      const zone = zones.get(bareId(zoneId));
      if (!zone.ok) return failed(zone.error);
      const wanted = new Set(names.map(canonicalName));
      const found = [...zone.value.recordSets.values()].filter((set) => wanted.has(set.name));
      return { ok: true, value: found.map((set) => fromRoute53RecordSet(toSdkShape(set))) };
    },
    submit: async (zoneId, changes, comment) => {
      if (changes.length === 0)
        return { kind: 'invalid', messages: ['The change batch is empty; it must hold at least one change.'] };
      const batch = changes.map(({ action, recordSet: { name, type, ttlSeconds, values } }) => ({
        action,
        recordSet: { name: toRoute53Name(name), type, ttlSeconds, values },
      }));
      const change = zones.change(bareId(zoneId), batch, comment);
      return change.ok ? { kind: 'accepted', changeInfoId: change.value.id } : toInvalid(change.error);
    },
    changeStatus: async (changeInfoId) => {
      const change = zones.changeInfo(bareId(changeInfoId));
      return change.ok ? { ok: true, value: change.value.status } : failed(change.error);
    },
  };
  const listing: ZoneListing = {
    list: async (zoneId) => {
      const zone = zones.get(bareId(zoneId));
      return zone.ok
        ? { ok: true, value: [...zone.value.recordSets.values()].map((set) => fromRoute53RecordSet(toSdkShape(set))) }
        : failed(zone.error);
    },
  };
  return { store, listing, zones };
};
