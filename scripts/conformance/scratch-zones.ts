import {
  type Change,
  ChangeResourceRecordSetsCommand,
  CreateHostedZoneCommand,
  DeleteHostedZoneCommand,
  ListHostedZonesCommand,
  NoSuchHostedZone,
  type Route53Client,
  type VPC,
} from '@aws-sdk/client-route-53';
import { bareId } from '../../lib/adapters/aws/route53-record-set.ts';
import { batchCharactersMaximum, batchValuesMaximum } from '../../lib/core/dns/change-batch-limits.ts';
import { canonicalName } from '../../lib/core/endpoint/name.ts';
import { listZone } from './list-zone.ts';

/** A zone that this run has made: `id` without prefix, `name` without trailing dot. */
export type ScratchZone = { readonly id: string; readonly name: string };

/** The zones that a run makes, and takes away again. */
export type ScratchZones = {
  /** Name of the shared zone; all others are made below it. */
  readonly name: string;
  /** Makes a zone with the run's VPC, or a public one. */
  create(name: string, kind: 'private' | 'public', signal: AbortSignal): Promise<ScratchZone>;
  delete(zoneId: string, signal: AbortSignal): Promise<void>;
  /** Deletes every record and zone of the run, also one whose making was never answered. Returns how many; throws an AggregateError for what stays. */
  deleteAll(signal: AbortSignal): Promise<number>;
};

/** Splits deletions into batches within the limits of a batch. */
const inBatches = (changes: readonly Change[]): readonly (readonly Change[])[] => {
  const batches: Change[][] = [];
  let [values, characters] = [0, 0];
  for (const change of changes) {
    const texts = (change.ResourceRecordSet?.ResourceRecords ?? []).map(({ Value = '' }) => Value);
    const length = texts.join('').length;
    const last = batches.at(-1);
    if (
      last === undefined ||
      values + texts.length > batchValuesMaximum ||
      characters + length > batchCharactersMaximum
    ) {
      batches.push([change]);
      [values, characters] = [texts.length, length];
    } else {
      last.push(change);
      values += texts.length;
      characters += length;
    }
  }
  return batches;
};

const isApex = (name: string, type: string, zoneName: string): boolean =>
  name === zoneName && (type === 'SOA' || type === 'NS');

/** The zones of the run `run`, whose caller references begin with it. */
export const scratchZones = (client: Route53Client, vpc: VPC, run: string): ScratchZones => {
  const mark = `conformance-${run}-`;
  const made = new Map<string, ScratchZone>();
  let count = 0;

  const empty = async ({ id, name }: ScratchZone, signal: AbortSignal): Promise<void> => {
    const { recordSets } = await listZone(client, id, signal);
    const changes = recordSets
      .filter((found) => !isApex(canonicalName(found.Name ?? ''), found.Type ?? '', name))
      .map((found): Change => ({ Action: 'DELETE', ResourceRecordSet: found }))
      // An alias goes before what it may point to.
      .toSorted(
        (left, right) =>
          Number(right.ResourceRecordSet?.AliasTarget !== undefined) -
          Number(left.ResourceRecordSet?.AliasTarget !== undefined),
      );
    for (const batch of inBatches(changes)) {
      await client.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: id, ChangeBatch: { Changes: [...batch] } }),
        { abortSignal: signal },
      );
    }
  };

  const drop = async (zone: ScratchZone, signal: AbortSignal): Promise<void> => {
    try {
      await empty(zone, signal);
      await client.send(new DeleteHostedZoneCommand({ Id: zone.id }), { abortSignal: signal });
    } catch (error) {
      if (!(error instanceof NoSuchHostedZone)) {
        const why = error instanceof Error ? error.message : String(error);
        throw new Error(`zone ${zone.id} (${zone.name}) stays: ${why}`, { cause: error });
      }
    }
    made.delete(zone.id);
  };

  const addMarked = async (signal: AbortSignal): Promise<void> => {
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
    name: `${run}.conformance.internal`,
    create: async (name, kind, signal) => {
      count += 1;
      const command = new CreateHostedZoneCommand({
        Name: name,
        CallerReference: `${mark}${count}`,
        ...(kind === 'private'
          ? { VPC: vpc, HostedZoneConfig: { PrivateZone: true, Comment: 'made and deleted by a conformance run' } }
          : {}),
      });
      const { HostedZone } = await client.send(command, { abortSignal: signal });
      const zone = { id: bareId(HostedZone?.Id ?? ''), name: canonicalName(HostedZone?.Name ?? '') };
      made.set(zone.id, zone);
      return zone;
    },
    delete: async (zoneId, signal) => {
      await client.send(new DeleteHostedZoneCommand({ Id: zoneId }), { abortSignal: signal });
      made.delete(zoneId);
    },
    deleteAll: async (signal) => {
      await addMarked(signal);
      const zones = [...made.values()];
      const failures: Error[] = [];
      for (const zone of zones) await drop(zone, signal).catch((error: Error) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join('; '));
      return zones.length;
    },
  };
};
