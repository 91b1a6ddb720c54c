import { bareId, fromRoute53RecordSet, toRoute53Change } from '../../lib/adapters/aws/route53-record-set.ts';
import type { ZoneListing } from '../../lib/app/ports/zone-listing.ts';
import type { SubmitResult, ZoneStore } from '../../lib/app/ports/zone-store.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import { compareReversedLabels } from '../../lib/core/dns/reversed-label-order.ts';
import type { ZoneFacts, ZoneFailure, ZoneResult } from '../../lib/core/dns/zone-reading.ts';
import { canonicalName, isAtOrBelow } from '../../lib/core/endpoint/name.ts';
import { createHostedZones, type HostedZones } from '../../lib/local/route53/hosted-zones.ts';
import type { ServiceError } from '../../lib/local/route53/service-error.ts';
import { type LocalZone, protectionsOf, type ZoneSeed } from '../../lib/local/route53/zone.ts';

import { sdkRecordSet } from '../../scripts/conformance/sdk-record-set.ts';

export type MemoryZoneStoreOptions = {
  readonly clock: Pick<Clock, 'now'>;
  readonly zones: readonly ZoneSeed[];
  /** How long a change stays PENDING, on the clock. */
  readonly insyncDelayMs?: number;
};

const toFacts = ({ id, name, isPrivate, vpcs }: LocalZone): ZoneFacts => ({ id, name, isPrivate, vpcs });

const toFailure = ({ code, messages }: ServiceError): ZoneFailure =>
  code === 'NoSuchHostedZone'
    ? { kind: 'no-such-zone', message: messages.join('; ') }
    : { kind: 'denied', message: `${code}: ${messages.join('; ')}` };

/** What a refused batch comes to. */
export const toInvalid = ({ code, messages }: ServiceError): SubmitResult => {
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
      return { ok: true, value: found.map((set) => fromRoute53RecordSet(sdkRecordSet(set))) };
    },
    submit: async (zoneId, changes, comment) => {
      if (changes.length === 0)
        return { kind: 'invalid', messages: ['The change batch is empty; it must hold at least one change.'] };
      const batch = changes.map((change) => {
        const { type, ttlSeconds, values } = change.recordSet;
        // The adapter's own conversion, which throws for a foreign set.
        const { Name: name = '' } = toRoute53Change(change).ResourceRecordSet ?? {};
        return { action: change.action, recordSet: { name, type, ttlSeconds, values } };
      });
      const change = zones.change(bareId(zoneId), batch, comment);
      return change.ok ? { kind: 'accepted', changeInfoId: change.value.id } : toInvalid(change.error);
    },
    changeStatus: async (changeInfoId) => {
      const change = zones.changeInfo(bareId(changeInfoId));
      return change.ok ? { ok: true, value: change.value.status } : failed(change.error);
    },
  };
  const list = (zoneId: string): ZoneResult<readonly RecordSet[]> => {
    const zone = zones.get(bareId(zoneId));
    if (!zone.ok) return failed(zone.error);
    const sorted = [...zone.value.recordSets.values()].toSorted(
      (left, right) => compareReversedLabels(left.name, right.name) || (left.type < right.type ? -1 : 1),
    );
    return { ok: true, value: sorted.map((set) => fromRoute53RecordSet(sdkRecordSet(set))) };
  };
  const listing: ZoneListing = {
    list: async (zoneId) => list(zoneId),
    // More than is asked for, and so enough.
    around: async ({ id }) => list(id),
    visibleZones: async (vpc) => ({
      ok: true,
      value: zones.list().filter(({ vpcs }) => vpcs.some(({ id }) => id === vpc.id)),
    }),
    protections: async (zoneId) => {
      const zone = zones.get(bareId(zoneId));
      return zone.ok ? { ok: true, value: protectionsOf(zone.value) } : failed(zone.error);
    },
  };
  return { store, listing, zones };
};
