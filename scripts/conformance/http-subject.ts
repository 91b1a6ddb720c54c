import {
  AssociateVPCWithHostedZoneCommand,
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  ListHostedZonesCommand,
  NoSuchHostedZone,
  Route53Client,
  type Route53ClientConfig,
  Route53ServiceException,
  type VPC,
} from '@aws-sdk/client-route-53';
import { toSubmitResult } from '../../lib/adapters/aws/route53-failure.ts';
import { bareId } from '../../lib/adapters/aws/route53-record-set.ts';
import { createRoute53ZoneListing } from '../../lib/adapters/aws/route53-zone-listing.ts';
import { createRoute53ZoneStore } from '../../lib/adapters/aws/route53-zone-store.ts';
import { canonicalName } from '../../lib/core/endpoint/name.ts';
import type { LocalVpc } from '../../lib/local/route53/zone.ts';
import { pagesOf } from './list/listing.ts';
import { sdkRecordSet } from './sdk-record-set.ts';
import type { ScratchZone, ScratchZones, Subject } from './subject.ts';

/** Deletions of one batch: far below the limits, whatever the record sets hold. */
const deletionsPerBatch = 100;

// The SDK's list of regions is only as new as the SDK; the service itself judges the region.
const sdkVpc = ({ id, region }: LocalVpc): VPC => ({ VPCId: id, VPCRegion: region as VPC['VPCRegion'] });

/** The zones of the run `run`, whose caller references begin with it, so that one whose making was never answered is found again. */
const scratchZones = (client: Route53Client, run: string): ScratchZones & Pick<HttpSubject, 'deleteAll'> => {
  const mark = `conformance-${run}-`;
  const made = new Map<string, ScratchZone>();
  let count = 0;

  const empty = async ({ id, name }: ScratchZone, signal: AbortSignal): Promise<void> => {
    const { recordSets } = await pagesOf(client, id, signal);
    const changes = recordSets
      .filter(({ Name = '', Type = '' }) => canonicalName(Name) !== name || !['SOA', 'NS'].includes(Type))
      // An alias goes before what it may point to.
      .toSorted((left, right) => Number(right.AliasTarget !== undefined) - Number(left.AliasTarget !== undefined))
      .map((found): Change => ({ Action: 'DELETE', ResourceRecordSet: found }));
    for (let from = 0; from < changes.length; from += deletionsPerBatch) {
      const ChangeBatch = { Changes: changes.slice(from, from + deletionsPerBatch) };
      await client.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch }), {
        abortSignal: signal,
      });
    }
  };

  const remove = async (zoneId: string, signal: AbortSignal): Promise<void> => {
    await client.send(new DeleteHostedZoneCommand({ Id: zoneId }), { abortSignal: signal });
    made.delete(zoneId);
  };

  const drop = async (zone: ScratchZone, signal: AbortSignal): Promise<void> => {
    try {
      await empty(zone, signal);
      await remove(zone.id, signal);
    } catch (cause) {
      if (cause instanceof NoSuchHostedZone) return;
      throw new Error(`zone ${zone.id} (${zone.name}) is left: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  };

  const findMarked = async (signal: AbortSignal): Promise<void> => {
    let marker: string | undefined;
    do {
      const page = await client.send(new ListHostedZonesCommand({ Marker: marker }), { abortSignal: signal });
      for (const { Id = '', Name = '', CallerReference = '' } of page.HostedZones ?? []) {
        if (CallerReference.startsWith(mark)) made.set(bareId(Id), { id: bareId(Id), name: canonicalName(Name) });
      }
      marker = page.IsTruncated === true ? page.NextMarker : undefined;
    } while (marker !== undefined);
  };

  return {
    create: async (name, vpc, signal) => {
      count += 1;
      const command = new CreateHostedZoneCommand({
        Name: name,
        CallerReference: `${mark}${count}`,
        ...(vpc === 'public'
          ? {}
          : {
              VPC: sdkVpc(vpc),
              HostedZoneConfig: { PrivateZone: true, Comment: 'made and deleted by a conformance run' },
            }),
      });
      const { HostedZone } = await client.send(command, { abortSignal: signal });
      const zone = { id: bareId(HostedZone?.Id ?? ''), name: canonicalName(HostedZone?.Name ?? '') };
      made.set(zone.id, zone);
      return zone;
    },
    associate: async (zoneId, vpc, signal) => {
      await client.send(new AssociateVPCWithHostedZoneCommand({ HostedZoneId: zoneId, VPC: sdkVpc(vpc) }), {
        abortSignal: signal,
      });
    },
    delete: remove,
    deleteAll: async (signal) => {
      await findMarked(signal);
      const failures: Error[] = [];
      for (const zone of [...made.values()]) await drop(zone, signal).catch((error: Error) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
    },
  };
};

/** A Route 53 that is reached over HTTP. */
export type HttpSubject = Subject & {
  /** Name of the zone that all checks share; all others are made below it. */
  readonly zoneName: string;
  /** Deletes every record and zone of the run; throws an AggregateError for what is left. */
  deleteAll(signal: AbortSignal): Promise<void>;
};

type What = Omit<Subject, 'store' | 'listing' | 'sendRaw' | 'zones' | 'http'> & {
  readonly clientConfig: Route53ClientConfig;
  readonly run: string;
};

/** The Route 53 behind a client's settings, which are the SDK's own where nothing is given. */
export const httpSubject = ({ clientConfig, run, ...what }: What): HttpSubject => {
  // Reading, and making zones, is tried again; a change batch is sent once.
  const client = new Route53Client({ ...clientConfig, maxAttempts: 8 });
  const writer = new Route53Client({ ...clientConfig, maxAttempts: 1 });
  const { deleteAll, ...zones } = scratchZones(client, run);
  return {
    ...what,
    zoneName: `${run}.conformance.internal`,
    store: createRoute53ZoneStore({ clientConfig }),
    listing: createRoute53ZoneListing({ clientConfig }),
    zones,
    deleteAll,
    http: { client, clientConfig },
    sendRaw: async (zoneId, changes, signal) => {
      const Changes = changes.map(({ action, recordSet }) => ({
        Action: action,
        ResourceRecordSet: sdkRecordSet(recordSet),
      }));
      try {
        const { ChangeInfo } = await writer.send(
          new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
          { abortSignal: signal },
        );
        return { kind: 'accepted', changeInfoId: ChangeInfo?.Id ?? '' };
      } catch (error) {
        const result = toSubmitResult(error);
        const isBadRequest = error instanceof Route53ServiceException && error.$metadata.httpStatusCode === 400;
        // A malformed request has no error code of its own in the API: any 400 is a refusal of the batch.
        return result.kind === 'failed' && result.failure.kind !== 'busy' && isBadRequest
          ? { kind: 'invalid', messages: [result.failure.message] }
          : result;
      }
    },
  };
};
