import { randomBytes } from 'node:crypto';
import type { Clock } from '../../core/base/clock.ts';
import { parseName } from '../../core/endpoint/name.ts';
import { applyBatch, type LocalChange } from './apply-batch.ts';
import type { LocalChangeInfo, LocalData } from './data-file.ts';
import type { LocalRecordSet, RecordSets } from './record-set.ts';
import { notFound, refused, type ServiceResult } from './service-error.ts';
import { indexRecordSets, type LocalVpc, type LocalZone, protectionKey, type ZoneSeed, zoneFromSeed } from './zone.ts';

/** Accepted changes that GetChange still knows. */
const changesKept = 1_000;

/** A zone as a resolver sees it: the record sets of the newest change that is INSYNC. */
export type ServedZone = Pick<LocalZone, 'id' | 'name' | 'isPrivate' | 'vpcs' | 'recordSets'>;

/** Read-only view of the zones, for a DNS server. */
export type ZonesView = { served(): readonly ServedZone[] };

export type ChangeInfo = {
  readonly id: string;
  readonly status: 'PENDING' | 'INSYNC';
  readonly submittedAtMs: number;
  readonly comment?: string | undefined;
};

export type NewZone = {
  readonly name: string;
  readonly callerReference: string;
  readonly isPrivate: boolean;
  readonly vpc?: LocalVpc | undefined;
  readonly comment?: string | undefined;
};

/** The zones of the local Route 53 and what may be done to them, without any protocol. */
export interface HostedZones extends ZonesView {
  get(id: string): ServiceResult<LocalZone>;
  list(): readonly LocalZone[];
  create(zone: NewZone): ServiceResult<{ readonly zone: LocalZone; readonly change: ChangeInfo }>;
  /** Deletes a zone in which nothing stands but the SOA and NS of its apex; with a data file, a seed comes back at the next start. */
  remove(id: string): ServiceResult<ChangeInfo>;
  associate(id: string, vpc: LocalVpc, comment: string | undefined): ServiceResult<ChangeInfo>;
  change(id: string, changes: readonly LocalChange[], comment: string | undefined): ServiceResult<ChangeInfo>;
  changeInfo(changeId: string): ServiceResult<ChangeInfo>;
  /** Puts record sets there whatever is in the zone, as another tool would have: also kinds that `change` does not take. */
  put(id: string, recordSets: readonly LocalRecordSet[]): void;
  /** Adds a record set protection; every change of that name and type fails with its comment. */
  protect(id: string, name: string, type: string, comment: string): void;
  /** True: changes accepted from now on stay PENDING for ever. */
  holdPending(held: boolean): void;
  /** Calls back after every change of a zone, until the function that it gives is called. */
  subscribe(listener: () => void): () => void;
}

export type HostedZonesOptions = {
  readonly clock: Pick<Clock, 'now'>;
  readonly insyncDelayMs: number;
  readonly seeds: readonly ZoneSeed[];
  readonly data?: LocalData | undefined;
  /** Called with everything, before a change is answered; throwing leaves all as it was. */
  readonly save?: (data: LocalData) => void;
};

type Served = {
  readonly recordSets: RecordSets;
  readonly waiting: readonly { readonly changeId: string; readonly recordSets: RecordSets }[];
};

const newId = (prefix: 'Z' | 'C'): string => `${prefix}${randomBytes(10).toString('hex').toUpperCase()}`;

/** Holds the zones in memory; `save` may keep them. */
export const createHostedZones = ({ clock, insyncDelayMs, seeds, data, save }: HostedZonesOptions): HostedZones => {
  let zones: ReadonlyMap<string, LocalZone> = new Map(
    [...seeds.map(zoneFromSeed), ...(data?.zones ?? [])].map((zone) => [zone.id, zone]),
  );
  let changes = new Map((data?.changes ?? []).map((change) => [change.id, change]));
  let isHeld = false;
  const servedByZone = new Map<string, Served>();
  const listeners = new Set<() => void>();

  const isInsync = (change: LocalChangeInfo | undefined): boolean =>
    change === undefined || (change.insyncAtMs !== null && change.insyncAtMs <= clock.now());

  const served = (zone: LocalZone): RecordSets => {
    const known = servedByZone.get(zone.id);
    if (known === undefined) return zone.recordSets;
    const last = known.waiting.findLastIndex(({ changeId }) => isInsync(changes.get(changeId)));
    const recordSets = known.waiting[last]?.recordSets ?? known.recordSets;
    servedByZone.set(zone.id, { recordSets, waiting: known.waiting.slice(last + 1) });
    return recordSets;
  };

  const toChangeInfo = (change: LocalChangeInfo): ChangeInfo => ({
    id: change.id,
    status: isInsync(change) ? 'INSYNC' : 'PENDING',
    submittedAtMs: change.submittedAtMs,
    comment: change.comment,
  });

  const keep = (nextZones: ReadonlyMap<string, LocalZone>, comment: string | undefined): LocalChangeInfo => {
    const submittedAtMs = clock.now();
    const change = {
      id: newId('C'),
      submittedAtMs,
      insyncAtMs: isHeld ? null : submittedAtMs + insyncDelayMs,
      comment,
    };
    const nextChanges = new Map([...changes, [change.id, change] as const].slice(-changesKept));
    save?.({ zones: [...nextZones.values()], changes: [...nextChanges.values()] });
    zones = nextZones;
    changes = nextChanges;
    for (const listener of listeners) listener();
    return change;
  };

  const commit = (zone: LocalZone, comment: string | undefined): ChangeInfo => {
    const before = zones.get(zone.id);
    const change = keep(new Map(zones).set(zone.id, zone), comment);
    if (before !== undefined) {
      const recordSets = served(before);
      const waiting = servedByZone.get(zone.id)?.waiting ?? [];
      servedByZone.set(zone.id, {
        recordSets,
        waiting: [...waiting, { changeId: change.id, recordSets: zone.recordSets }],
      });
    }
    return toChangeInfo(change);
  };

  const get = (id: string): ServiceResult<LocalZone> => {
    const zone = zones.get(id);
    return zone === undefined
      ? notFound('NoSuchHostedZone', `No hosted zone found with ID: ${id}`)
      : { ok: true, value: zone };
  };

  const known = (id: string): LocalZone => {
    const zone = zones.get(id);
    if (zone === undefined) throw new RangeError(`there is no zone ${id}; there are ${[...zones.keys()].join(', ')}`);
    return zone;
  };

  const sharesNameAndVpc = (name: string, vpc: LocalVpc): boolean =>
    [...zones.values()].some((zone) => zone.name === name && zone.vpcs.some((other) => other.id === vpc.id));

  return {
    get,
    list: () => [...zones.values()],
    served: () => [...zones.values()].map((zone) => ({ ...zone, recordSets: served(zone) })),

    create: ({ name: text, callerReference, isPrivate, vpc, comment }) => {
      const parsed = parseName(text);
      if (!parsed.ok) return refused('InvalidDomainName', `${text} is not a valid domain name`);
      if ([...zones.values()].some((zone) => zone.callerReference === callerReference)) {
        return {
          ok: false,
          error: {
            statusCode: 409,
            code: 'HostedZoneAlreadyExists',
            messages: ['A hosted zone has already been created with the specified caller reference.'],
          },
        };
      }
      if (isPrivate && vpc === undefined)
        return refused('InvalidInput', 'When you are creating a private hosted zone, you must specify a VPC.');
      if (vpc !== undefined && sharesNameAndVpc(parsed.name, vpc)) {
        return refused(
          'ConflictingDomainExists',
          `The VPC ${vpc.id} in region ${vpc.region} has already been associated with a hosted zone with the name ${parsed.name}.`,
        );
      }
      const vpcs = vpc === undefined ? [] : [vpc];
      const zone = {
        ...zoneFromSeed({ id: newId('Z'), name: parsed.name, isPrivate, vpcs }),
        callerReference,
        comment,
      };
      return { ok: true, value: { zone, change: commit(zone, undefined) } };
    },

    remove: (id) => {
      const found = get(id);
      if (!found.ok) return found;
      const { name, recordSets } = found.value;
      const isRequired = (set: LocalRecordSet): boolean =>
        set.name === name && (set.type === 'SOA' || set.type === 'NS');
      if (![...recordSets.values()].every(isRequired)) {
        return refused(
          'HostedZoneNotEmpty',
          'The specified hosted zone contains non-required resource record sets and so cannot be deleted.',
        );
      }
      const change = keep(new Map([...zones].filter(([zoneId]) => zoneId !== id)), undefined);
      servedByZone.delete(id);
      return { ok: true, value: toChangeInfo(change) };
    },

    associate: (id, vpc, comment) => {
      const found = get(id);
      if (!found.ok) return found;
      if (!found.value.isPrivate)
        return refused(
          'PublicZoneVPCAssociation',
          `The hosted zone ${id} is public; a VPC can be associated only with a private one.`,
        );
      if (sharesNameAndVpc(found.value.name, vpc)) {
        return refused(
          'ConflictingDomainExists',
          `The VPC ${vpc.id} in region ${vpc.region} has already been associated with a hosted zone with the name ${found.value.name}.`,
        );
      }
      return { ok: true, value: commit({ ...found.value, vpcs: [...found.value.vpcs, vpc] }, comment) };
    },

    change: (id, batch, comment) => {
      const found = get(id);
      if (!found.ok) return found;
      const result = applyBatch(found.value, batch);
      if (!result.ok) return refused('InvalidChangeBatch', ...result.messages);
      return { ok: true, value: commit({ ...found.value, recordSets: result.recordSets }, comment) };
    },

    changeInfo: (changeId) => {
      const change = changes.get(changeId);
      return change === undefined
        ? notFound('NoSuchChange', `Could not find resource with ID: ${changeId}`)
        : { ok: true, value: toChangeInfo(change) };
    },

    put: (id, recordSets) => {
      const zone = known(id);
      const withAdded = (standing: RecordSets): RecordSets => new Map([...standing, ...indexRecordSets(recordSets)]);
      const recordSetsServed = served(zone);
      const waiting = servedByZone.get(id)?.waiting ?? [];
      zones = new Map(zones).set(id, { ...zone, recordSets: withAdded(zone.recordSets) });
      servedByZone.set(id, {
        recordSets: withAdded(recordSetsServed),
        waiting: waiting.map((version) => ({ ...version, recordSets: withAdded(version.recordSets) })),
      });
      save?.({ zones: [...zones.values()], changes: [...changes.values()] });
      for (const listener of listeners) listener();
    },

    protect: (id, name, type, comment) => {
      const zone = known(id);
      zones = new Map(zones).set(id, {
        ...zone,
        protections: new Map(zone.protections).set(protectionKey(name, type), comment),
      });
    },

    holdPending: (held) => {
      isHeld = held;
    },

    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
};
