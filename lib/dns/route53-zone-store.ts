import { setTimeout } from 'node:timers/promises';
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type GetHostedZoneCommandOutput,
  type HostedZoneSummary,
  ListHostedZonesByVPCCommand,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  Route53Client,
  type Route53ClientConfig,
  Route53ServiceException,
  type VPCRegion,
} from '@aws-sdk/client-route-53';
import { backoffMs } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { overBatchLimits } from './change-batch-limits.ts';
import { isAtOrBelow } from './name.ts';
import type { RecordSet } from './record-set.ts';
import { toSubmitResult, toZoneFailure } from './route53-failure.ts';
import { bareId, fromRoute53Name, fromRoute53RecordSet, toRoute53Change, toRoute53Name } from './route53-record-set.ts';
import type { ZoneFacts, ZoneFailure, ZoneResult, ZoneStore } from './zone-store.ts';

const defaultReadDeadlineMs = 5_000;
const defaultWriteDeadlineMs = 10_000;
const readAttemptsMaximum = 3;
const readBackoffBaseMs = 200;
const readBackoffCapMs = 2_000;
/** A point read wants the few sets of one name; what follows them in the zone would only be thrown away. */
const pointReadPageSize = 20;
const vpcPageSize = 100;

export type Route53ZoneStoreOptions = {
  /** Settings of the SDK's client; the endpoint comes from `AWS_ENDPOINT_URL_ROUTE_53` by the SDK itself. Its own retry stays off. */
  readonly clientConfig?: Omit<Route53ClientConfig, 'maxAttempts' | 'retryStrategy'>;
  /** Waits between the attempts of a read. */
  readonly clock?: Pick<Clock, 'sleep'>;
  /** 0 to 1, for the jitter between the attempts of a read. */
  readonly random?: () => number;
  /** How long one attempt of a read waits for its answer; 5 s unless told. */
  readonly readDeadlineMs?: number;
  /** How long a write waits for its answer; 10 s unless told. */
  readonly writeDeadlineMs?: number;
};

const systemSleep: Pick<Clock, 'sleep'> = { sleep: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }) };

/** Carries out one call under its own deadline; what the deadline ended says so, for the SDK says only that it was aborted. */
const within = async <Value>(deadlineMs: number, signal: AbortSignal, call: (abortSignal: AbortSignal) => Promise<Value>): Promise<Value> => {
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    return await call(AbortSignal.any([signal, deadline]));
  } catch (cause) {
    if (cause instanceof Route53ServiceException || !(deadline.aborted || signal.aborted)) throw cause;
    throw new Error(signal.aborted ? 'the caller stopped waiting for Route 53' : `Route 53 did not answer within ${deadlineMs} ms`);
  }
};

const isWorthRetrying = (failure: ZoneFailure): boolean => failure.kind === 'busy' || failure.kind === 'unreachable';

const toZoneFacts = (output: GetHostedZoneCommandOutput): ZoneFacts => ({
  id: bareId(output.HostedZone?.Id ?? ''),
  name: fromRoute53Name(output.HostedZone?.Name ?? ''),
  isPrivate: output.HostedZone?.Config?.PrivateZone === true,
  vpcs: (output.VPCs ?? []).map((vpc) => ({ id: vpc.VPCId ?? '', region: vpc.VPCRegion ?? '' })),
});

type Vpc = ZoneFacts['vpcs'][number];

/** The zones that share a VPC with `zone` and answer, instead of it, for its name or names below it. */
const rivalsOf = (zone: ZoneFacts, seen: readonly (readonly [Vpc, readonly HostedZoneSummary[]])[]): readonly ZoneFacts[] => {
  const rivals = new Map<string, ZoneFacts>();
  for (const [vpc, summaries] of seen) {
    for (const summary of summaries) {
      const id = bareId(summary.HostedZoneId ?? '');
      const name = fromRoute53Name(summary.Name ?? '');
      if (id === zone.id || !isAtOrBelow(name, zone.name)) continue;
      rivals.set(id, { id, name, isPrivate: true, vpcs: [...(rivals.get(id)?.vpcs ?? []), vpc] });
    }
  }
  return [...rivals.values()];
};

/** A ZoneStore over Amazon Route 53. A write is sent once, within 10 s; a read up to 3 times, within 5 s each. */
export const createRoute53ZoneStore = (options: Route53ZoneStoreOptions = {}): ZoneStore => {
  const client = new Route53Client({ ...options.clientConfig, maxAttempts: 1 });
  const clock = options.clock ?? systemSleep;
  const random = options.random ?? Math.random;
  const { readDeadlineMs = defaultReadDeadlineMs, writeDeadlineMs = defaultWriteDeadlineMs } = options;

  const read = async <Value>(call: (abortSignal: AbortSignal) => Promise<Value>, signal: AbortSignal): Promise<ZoneResult<Value>> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return { ok: true, value: await within(readDeadlineMs, signal, call) };
      } catch (error) {
        const failure = toZoneFailure(error);
        if (signal.aborted || attempt >= readAttemptsMaximum || !isWorthRetrying(failure)) return { ok: false, failure };
        try {
          await clock.sleep(backoffMs(attempt, readBackoffBaseMs, readBackoffCapMs, random), signal);
        } catch {
          return { ok: false, failure };
        }
      }
    }
  };

  const readName = async (zoneId: string, name: string, signal: AbortSignal): Promise<ZoneResult<readonly RecordSet[]>> => {
    const found: RecordSet[] = [];
    const startName = toRoute53Name(name);
    const wanted = fromRoute53Name(startName);
    let cursor: Pick<ListResourceRecordSetsCommandInput, 'StartRecordName' | 'StartRecordType' | 'StartRecordIdentifier'> = {
      StartRecordName: startName,
    };
    for (;;) {
      const command = new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, MaxItems: pointReadPageSize, ...cursor });
      const result = await read((abortSignal) => client.send(command, { abortSignal }), signal);
      if (!result.ok) return result;
      const { ResourceRecordSets = [], IsTruncated, NextRecordName, NextRecordType, NextRecordIdentifier } = result.value;
      found.push(...ResourceRecordSets.map(fromRoute53RecordSet).filter((recordSet) => recordSet.name === wanted));
      const goesOn = IsTruncated === true && NextRecordName !== undefined && fromRoute53Name(NextRecordName) === wanted;
      if (!goesOn) return { ok: true, value: found };
      cursor = { StartRecordName: NextRecordName, StartRecordType: NextRecordType, StartRecordIdentifier: NextRecordIdentifier };
    }
  };

  const zonesOfVpc = async (vpc: Vpc, signal: AbortSignal): Promise<ZoneResult<readonly HostedZoneSummary[]>> => {
    const summaries: HostedZoneSummary[] = [];
    let nextToken: string | undefined;
    do {
      // The SDK's list of regions is only as new as the SDK; Route 53 itself judges the region.
      const command = new ListHostedZonesByVPCCommand({
        VPCId: vpc.id,
        VPCRegion: vpc.region as VPCRegion,
        MaxItems: vpcPageSize,
        NextToken: nextToken,
      });
      const result = await read((abortSignal) => client.send(command, { abortSignal }), signal);
      if (!result.ok) return result;
      summaries.push(...(result.value.HostedZoneSummaries ?? []));
      nextToken = result.value.NextToken;
    } while (nextToken !== undefined);
    return { ok: true, value: summaries };
  };

  const readRivals = async (zone: ZoneFacts, signal: AbortSignal): Promise<ZoneResult<readonly ZoneFacts[]>> => {
    const seen: (readonly [Vpc, readonly HostedZoneSummary[]])[] = [];
    for (const vpc of zone.vpcs) {
      const summaries = await zonesOfVpc(vpc, signal);
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
        return { kind: 'failed', failure: { kind: 'unreachable', message: 'Route 53 answered a change batch without a change id' } };
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
