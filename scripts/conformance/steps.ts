import { setTimeout } from 'node:timers/promises';
import type { SubmitResult } from '../../lib/app/ports/zone-store.ts';
import { backoffMs } from '../../lib/core/base/backoff.ts';
import { changeBatch, type Plan } from '../../lib/core/dns/plan.ts';
import { type RecordSet, recordSetKey } from '../../lib/core/dns/record-set.ts';
import type { ZoneResult } from '../../lib/core/dns/zone-reading.ts';
import { canonicalName } from '../../lib/core/endpoint/name.ts';
import { type Check, DidNotHold, mustEqual, mustSay, type Need, type Step } from './check.ts';
import { changeOf, nameOf, recordSetOf } from './record-line.ts';
import type { ScratchZone, Subject } from './subject.ts';

const comment = 'conformance';

/** What the steps of one check do. They remember what the check wants, and compare the zone with it after every step. */
export type Steps = {
  readonly subject: Subject;
  /** The zone that all checks share. */
  readonly zone: ScratchZone;
  /** A name in it that only this check uses, with all below it. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** Sends a batch; one that Route 53 did not take because it is busy is sent again. */
  send(...changes: readonly string[]): Promise<SubmitResult>;
  read(...names: readonly string[]): Promise<readonly RecordSet[]>;
  /** Wanted record sets → plan → submit → read → a second plan, which must be empty. Returns the change id. */
  reach(...recordSets: readonly string[]): Promise<string>;
  /** Expects what another way has brought about. */
  has(...recordSets: readonly string[]): Promise<void>;
  refuse(changes: readonly string[], ...patterns: readonly RegExp[]): Promise<void>;
  perform(step: Step): Promise<void>;
};

/** An answer of the adapter; throws `DidNotHold` for a failure. */
export const answered = <Value>(result: ZoneResult<Value>): Value => {
  if (!result.ok) throw new DidNotHold('an answer', `${result.failure.kind}: ${result.failure.message}`);
  return result.value;
};

/** What separates the record sets of a zone from the wanted ones; both are empty when nothing does. */
export const planTowards = (
  present: readonly RecordSet[],
  wanted: readonly RecordSet[],
): Pick<Plan, 'before' | 'after'> => {
  const named = wanted.map((recordSet) => ({ ...recordSet, name: canonicalName(recordSet.name) }));
  const [presentKeys, wantedKeys] = [present, named].map((recordSets) => new Set(recordSets.map(recordSetKey)));
  return {
    before: present.filter((recordSet) => wantedKeys?.has(recordSetKey(recordSet)) !== true),
    after: named.filter((recordSet) => presentKeys?.has(recordSetKey(recordSet)) !== true),
  };
};

/** Which of its needs a check cannot have here. */
export const missingNeeds = ({ needs }: Check, subject: Subject): readonly Need[] => {
  const has: Readonly<Record<Need, boolean>> = {
    http: subject.http !== undefined,
    faults: subject.faults !== undefined,
    control: subject.control !== undefined,
    'second-vpc': subject.secondVpc !== undefined,
    'public-zones': subject.mayBePublic,
  };
  return needs.filter((need) => !has[need]);
};

/** Performs the steps of a check, whose own name is `label` in the shared zone. Throws when the check does not hold. */
export const performCheck = async (
  { needs, steps }: Check,
  subject: Subject,
  shared: ScratchZone,
  label: string,
  signal: AbortSignal,
): Promise<void> => {
  const zone = needs.includes('control') ? (subject.control?.zone ?? shared) : shared;
  const { perform } = stepsOf(subject, zone, label, signal);
  for (const step of steps) await perform(step);
};

const stepsOf = (subject: Subject, zone: ScratchZone, label: string, signal: AbortSignal): Steps => {
  const name = `${label}.${zone.name}`;
  const names = new Set([name]);
  let current: readonly RecordSet[] = [];

  const setsOf = (lines: readonly string[]): readonly RecordSet[] =>
    lines.map((line) => recordSetOf(line, name, zone.name));

  const patiently = async (sendOnce: () => Promise<SubmitResult>): Promise<SubmitResult> => {
    for (let attempt = 1; ; attempt += 1) {
      const result = await sendOnce();
      if (result.kind !== 'failed' || result.failure.kind !== 'busy') return result;
      await setTimeout(backoffMs(attempt, 400, 8_000, Math.random), undefined, { signal });
    }
  };

  const send = (...lines: readonly string[]) => {
    const changes = lines.map((line) => changeOf(line, name, zone.name));
    if (changes.some(({ isRaw }) => isRaw)) return patiently(() => subject.sendRaw(zone.id, changes, signal));
    const batch = changes.map(
      ({ action, recordSet }) => ({ action: action === 'DELETE' ? 'DELETE' : 'CREATE', recordSet }) as const,
    );
    return patiently(() => subject.store.submit(zone.id, batch, comment, signal));
  };

  const read = async (...wanted: readonly string[]) => {
    for (;;) {
      const result = await subject.store.readNames(zone.id, wanted, signal);
      if (result.ok || result.failure.kind !== 'busy') return answered(result);
    }
  };

  const mustHave = async (recordSets: readonly RecordSet[]): Promise<void> => {
    for (const recordSet of [...current, ...recordSets]) names.add(canonicalName(recordSet.name));
    current = recordSets;
    const { before, after } = planTowards(await read(...names), current);
    if (before.length + after.length > 0) throw new DidNotHold('an empty second plan', { before, after });
  };

  const reach = async (...lines: readonly string[]): Promise<string> => {
    const wanted = setsOf(lines);
    for (const recordSet of wanted) names.add(canonicalName(recordSet.name));
    const batch = changeBatch(planTowards(await read(...names), wanted));
    if (batch.length === 0) return '';
    const result = await patiently(() => subject.store.submit(zone.id, batch, comment, signal));
    if (result.kind !== 'accepted') throw new DidNotHold('success', result);
    await mustHave(wanted);
    return result.changeInfoId;
  };

  const has = (...lines: readonly string[]) => mustHave(setsOf(lines));

  const refuse = async (changes: readonly string[], ...patterns: readonly RegExp[]): Promise<void> => {
    const result = await send(...changes);
    if (result.kind === 'accepted')
      throw new DidNotHold(`a refusal${patterns.length > 0 ? ` like ${patterns.join(' and ')}` : ''}`, 'success');
    if (result.kind === 'failed')
      throw new DidNotHold('an invalid change batch', `${result.failure.kind}: ${result.failure.message}`);
    mustSay(result.messages, patterns);
    await mustHave(current);
  };

  const perform = async (step: Step): Promise<void> => {
    switch (step.kind) {
      case 'reach':
        return void (await reach(...step.recordSets));
      case 'accept': {
        const result = await send(...step.changes);
        if (result.kind !== 'accepted') throw new DidNotHold('success', result);
        return await has(...step.recordSets);
      }
      case 'refuse':
        return await refuse(step.changes, ...step.patterns);
      case 'put': {
        const { ttlSeconds, ...simple } = recordSetOf(step.line, name, zone.name);
        const ttl = step.recordSet.aliasTarget === undefined ? { ttlSeconds } : {};
        return subject.control?.put(zone.id, [{ ...simple, ...ttl, ...step.recordSet }]);
      }
      case 'read':
        return mustEqual(await read(nameOf(step.name, name, zone.name)), setsOf(step.recordSets));
      case 'run':
        return await step.run(steps);
    }
  };

  const steps: Steps = { subject, zone, name, signal, send, read, reach, has, refuse, perform };
  return steps;
};
