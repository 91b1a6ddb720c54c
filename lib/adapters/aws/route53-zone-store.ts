import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type GetHostedZoneCommandOutput,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  Route53Client,
  type Route53ClientConfig,
} from '@aws-sdk/client-route-53';
import type { ZoneStore } from '../../app/ports/zone-store.ts';
import { overBatchLimits } from '../../core/dns/change-batch-limits.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneFacts, ZoneResult } from '../../core/dns/zone-reading.ts';
import { canonicalName, isAtOrBelow } from '../../core/endpoint/name.ts';
import { toSubmitResult } from './route53-failure.ts';
import { createRoute53Read, type Route53ReadOptions, within } from './route53-read.ts';
import { bareId, fromRoute53RecordSet, toRoute53Change, toRoute53Name } from './route53-record-set.ts';
import { zonesOfVpc } from './zones-of-vpc.ts';

const defaultWriteDeadlineMs = 10_000;
/** A point read wants the few sets of one name; what follows them in the zone would only be thrown away. */
const pointReadPageSize = 20;

export type Route53ZoneStoreOptions = Route53ReadOptions & {
  /** Settings of the SDK's client; the endpoint comes from `AWS_ENDPOINT_URL_ROUTE_53` by the SDK itself. Its own retry stays off. */
  readonly clientConfig?: Omit<Route53ClientConfig, 'maxAttempts' | 'retryStrategy'>;
  /** How long a write waits for its answer; default 10 s. */
  readonly writeDeadlineMs?: number;
};

const toZoneFacts = (output: GetHostedZoneCommandOutput): ZoneFacts => ({
  id: bareId(output.HostedZone?.Id ?? ''),
  name: canonicalName(output.HostedZone?.Name ?? ''),
  isPrivate: output.HostedZone?.Config?.PrivateZone === true,
  vpcs: (output.VPCs ?? []).map((vpc) => ({ id: vpc.VPCId ?? '', region: vpc.VPCRegion ?? '' })),
});

type Vpc = ZoneFacts['vpcs'][number];

/** The zones that share a VPC with `zone` and answer, instead of it, for its name or names below it. */
const rivalsOf = (
  zone: ZoneFacts,
  seen: readonly (readonly [Vpc, readonly Pick<ZoneFacts, 'id' | 'name'>[]])[],
): readonly ZoneFacts[] => {
  const rivals = new Map<string, ZoneFacts>();
  for (const [vpc, zones] of seen) {
    for (const { id, name } of zones) {
      if (id === zone.id || !isAtOrBelow(name, zone.name)) continue;
      rivals.set(id, { id, name, isPrivate: true, vpcs: [...(rivals.get(id)?.vpcs ?? []), vpc] });
    }
  }
  return [...rivals.values()];
};

/** A ZoneStore over Amazon Route 53. A write is sent once, within 10 s; a read up to 3 times, within 5 s each. */
export const createRoute53ZoneStore = (options: Route53ZoneStoreOptions = {}): ZoneStore => {
  const client = new Route53Client({ ...options.clientConfig, maxAttempts: 1 });
  const { writeDeadlineMs = defaultWriteDeadlineMs } = options;
  const read = createRoute53Read(options);

  const readName = async (
    zoneId: string,
    name: string,
    signal: AbortSignal,
  ): Promise<ZoneResult<readonly RecordSet[]>> => {
    const found: RecordSet[] = [];
    const startName = toRoute53Name(name);
    const wanted = canonicalName(startName);
    let cursor: Pick<
      ListResourceRecordSetsCommandInput,
      'StartRecordName' | 'StartRecordType' | 'StartRecordIdentifier'
    > = { StartRecordName: startName };
    for (;;) {
      const command = new ListResourceRecordSetsCommand({
        HostedZoneId: zoneId,
        MaxItems: pointReadPageSize,
        ...cursor,
      });
      const result = await read((abortSignal) => client.send(command, { abortSignal }), signal);
      if (!result.ok) return result;
      const {
        ResourceRecordSets = [],
        IsTruncated,
        NextRecordName,
        NextRecordType,
        NextRecordIdentifier,
      } = result.value;
      found.push(...ResourceRecordSets.map(fromRoute53RecordSet).filter((recordSet) => recordSet.name === wanted));
      const goesOn = IsTruncated === true && NextRecordName !== undefined && canonicalName(NextRecordName) === wanted;
      if (!goesOn) return { ok: true, value: found };
      cursor = {
        StartRecordName: NextRecordName,
        StartRecordType: NextRecordType,
        StartRecordIdentifier: NextRecordIdentifier,
      };
    }
  };

  const readRivals = async (zone: ZoneFacts, signal: AbortSignal): Promise<ZoneResult<readonly ZoneFacts[]>> => {
    const seen: (readonly [Vpc, readonly Pick<ZoneFacts, 'id' | 'name'>[]])[] = [];
    for (const vpc of zone.vpcs) {
      const summaries = await zonesOfVpc(client, read, vpc, signal);
      if (!summaries.ok) return summaries;
      seen.push([vpc, summaries.value]);
    }
    return { ok: true, value: rivalsOf(zone, seen) };
  };

  return {
    inspectZone: async (zoneId, signal) => {
      const command = new GetHostedZoneCommand({ Id: bareId(zoneId) });
      const result = await read((abortSignal) => client.send(command, { abortSignal }), signal);
      if (!result.ok) return result;
      const zone = toZoneFacts(result.value);
      return { ok: true, value: { zone, rivals: await readRivals(zone, signal) } };
    },

    readNames: async (zoneId, names, signal) => {
      const found: RecordSet[] = [];
      for (const name of new Set(names.map(toRoute53Name))) {
        const result = await readName(bareId(zoneId), name, signal);
        if (!result.ok) return result;
        found.push(...result.value);
      }
      return { ok: true, value: found };
    },

    submit: async (zoneId, changes, comment, signal) => {
      const tooMuch = overBatchLimits(changes);
      if (tooMuch.length > 0) return { kind: 'invalid', messages: tooMuch };
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: bareId(zoneId),
        ChangeBatch: { Comment: comment, Changes: changes.map(toRoute53Change) },
      });
      try {
        const output = await within(writeDeadlineMs, signal, (abortSignal) => client.send(command, { abortSignal }));
        const changeInfoId = output.ChangeInfo?.Id;
        if (changeInfoId !== undefined) return { kind: 'accepted', changeInfoId: bareId(changeInfoId) };
        return {
          kind: 'failed',
          failure: { kind: 'unreachable', message: 'Route 53 answered a change batch without a change id' },
        };
      } catch (error) {
        return toSubmitResult(error);
      }
    },

    changeStatus: async (changeInfoId, signal) => {
      const command = new GetChangeCommand({ Id: bareId(changeInfoId) });
      const result = await read((abortSignal) => client.send(command, { abortSignal }), signal);
      if (!result.ok) return result;
      return { ok: true, value: result.value.ChangeInfo?.Status === 'INSYNC' ? 'INSYNC' : 'PENDING' };
    },
  };
};
