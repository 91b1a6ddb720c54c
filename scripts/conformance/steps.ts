import { type Change, ChangeResourceRecordSetsCommand, Route53ServiceException } from '@aws-sdk/client-route-53';
import { toSubmitResult } from '../../lib/adapters/aws/route53-failure.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { SubmitResult } from '../../lib/app/ports/zone-store.ts';
import { backoffMs } from '../../lib/core/base/backoff.ts';
import { changeBatch } from '../../lib/core/dns/plan.ts';
import type { RecordChange, RecordSet } from '../../lib/core/dns/record-set.ts';
import type { ZoneResult } from '../../lib/core/dns/zone-reading.ts';
import { canonicalName } from '../../lib/core/endpoint/name.ts';
import { DidNotHold, mustSay } from './check.ts';
import { isEmptyPlan, planTowards } from './desired-state.ts';
import type { ScratchZone, ScratchZones } from './scratch-zones.ts';
import type { Service } from './service.ts';

const comment = 'postal-endpoint conformance';

/** What one check does with the service. It remembers what the check desires, and holds what stands against it after every step. */
export type Steps = {
  readonly service: Service;
  readonly zones: ScratchZones;
  /** The zone that all checks share. */
  readonly zone: ScratchZone;
  /** A name in it that only this check uses, with all below it. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Sends a batch through the adapter; what Route 53 did not take because it is busy is sent again. */
  send(...changes: readonly RecordChange[]): Promise<SubmitResult>;
  /** Sends a batch that the adapter would not, through the SDK. */
  sendRaw(...changes: readonly Change[]): Promise<SubmitResult>;
  read(...names: readonly string[]): Promise<readonly RecordSet[]>;
  /** Desired state → plan → submit → read → a second plan, which must be empty. Returns the change id, empty when nothing was to be done. */
  reach(...desired: readonly RecordSet[]): Promise<string>;
  /** Desires what another way has brought about; a plan for it must be empty. */
  stands(...desired: readonly RecordSet[]): Promise<void>;
  /** The batch must be refused with such messages, and what stood must still stand. */
  refuses(changes: readonly RecordChange[], ...patterns: readonly RegExp[]): Promise<void>;
  refusesRaw(changes: readonly Change[], ...patterns: readonly RegExp[]): Promise<void>;
};

/** An answer of the adapter; throws `DidNotHold` for a failure. */
export const answered = <Value>(result: ZoneResult<Value>): Value => {
  if (!result.ok) throw new DidNotHold('an answer', `${result.failure.kind}: ${result.failure.message}`);
  return result.value;
};

const isBusy = (result: SubmitResult): boolean => result.kind === 'failed' && result.failure.kind === 'busy';

const patiently = async (send: () => Promise<SubmitResult>, signal: AbortSignal): Promise<SubmitResult> => {
  for (let attempt = 1; ; attempt += 1) {
    const result = await send();
    if (!isBusy(result)) return result;
    await systemClock.sleep(backoffMs(attempt, 400, 8_000, Math.random), signal);
  }
};

const mustRefuse = (result: SubmitResult, patterns: readonly RegExp[]): void => {
  if (result.kind === 'accepted')
    throw new DidNotHold(`a refusal${patterns.length > 0 ? ` like ${patterns.join(' and ')}` : ''}`, 'success');
  if (result.kind === 'failed')
    throw new DidNotHold('an invalid change batch', `${result.failure.kind}: ${result.failure.message}`);
  mustSay(result.messages, patterns);
};

/** The steps of one check, whose own name is `label` in the shared zone. */
export const stepsOf = (
  service: Service,
  zones: ScratchZones,
  zone: ScratchZone,
  label: string,
  signal: AbortSignal,
): Steps => {
  const name = `${label}.${zone.name}`;
  const names = new Set([name]);
  let current: readonly RecordSet[] = [];

  const send = (...changes: readonly RecordChange[]) =>
    patiently(() => service.store.submit(zone.id, changes, comment, signal), signal);

  const sendRaw = (...changes: readonly Change[]) => {
    const command = new ChangeResourceRecordSetsCommand({
      HostedZoneId: zone.id,
      ChangeBatch: { Comment: comment, Changes: [...changes] },
    });
    const once = async (): Promise<SubmitResult> => {
      try {
        const { ChangeInfo } = await service.writer.send(command, { abortSignal: signal });
        return { kind: 'accepted', changeInfoId: ChangeInfo?.Id ?? '' };
      } catch (error) {
        const result = toSubmitResult(error);
        const status = error instanceof Route53ServiceException ? (error.$metadata.httpStatusCode ?? 0) : 0;
        // A malformed request has no error code of its own in the API: any 400 is a refusal of the batch.
        return result.kind === 'failed' && result.failure.kind !== 'busy' && status === 400
          ? { kind: 'invalid', messages: [result.failure.message] }
          : result;
      }
    };
    return patiently(once, signal);
  };

  const read = async (...wanted: readonly string[]) => {
    for (;;) {
      const result = await service.store.readNames(zone.id, wanted, signal);
      if (result.ok || result.failure.kind !== 'busy') return answered(result);
    }
  };

  const know = (recordSets: readonly RecordSet[]): void => {
    for (const recordSet of recordSets) names.add(canonicalName(recordSet.name));
  };

  const settled = async (): Promise<void> => {
    const second = planTowards(await read(...names), current);
    if (!isEmptyPlan(second)) throw new DidNotHold('an empty second plan', second);
  };

  return {
    service,
    zones,
    zone,
    name,
    signal,
    send,
    sendRaw,
    read,
    reach: async (...desired) => {
      know(desired);
      const plan = planTowards(await read(...names), desired);
      current = desired;
      if (isEmptyPlan(plan)) return '';
      const result = await send(...changeBatch(plan));
      if (result.kind !== 'accepted') throw new DidNotHold('success', result);
      await settled();
      return result.changeInfoId;
    },
    stands: async (...desired) => {
      know([...current, ...desired]);
      current = desired;
      await settled();
    },
    refuses: async (changes, ...patterns) => {
      mustRefuse(await send(...changes), patterns);
      await settled();
    },
    refusesRaw: async (changes, ...patterns) => {
      mustRefuse(await sendRaw(...changes), patterns);
      await settled();
    },
  };
};
