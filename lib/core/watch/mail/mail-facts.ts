import { audit } from '../../postal/audit/audit.ts';
import type { Snapshot } from '../../postal/audit/snapshot.ts';
import type { Subject } from '../../postal/audit/subject.ts';
import { deliveryWords } from '../../postal/explain/delivery-words.ts';
import { explain } from '../../postal/explain/explain.ts';
import type { Said } from '../health/health.ts';
import { boundedSaid } from './bounded-said.ts';
import { oldest } from './mail-numbers.ts';

/** What Postal says of one hostname, over all of its endpoints there. Times are milliseconds since the epoch. */
export type MailOfHostname = {
  /** `unknown`: not everything was read yet. */
  readonly state: 'failing' | 'delivers' | 'unknown';
  readonly sinceMs: number;
  /** `undefined`: whoever reported this does not say. */
  readonly lastFailureAtMs: number | undefined;
  readonly lastSentAtMs: number | undefined;
  readonly waiting: number;
  readonly deferred: number;
  readonly oldestAtMs: number | undefined;
  readonly bounced: number | undefined;
  readonly said: Said;
};

export type MailFacts = {
  readonly atMs: number;
  readonly senders: readonly string[];
  /** False while further parts of the report may be on their way: then nothing is concluded from what it does not say. */
  readonly isWhole: boolean;
  readonly byHostname: ReadonlyMap<string, MailOfHostname>;
};

const newest = (times: readonly (number | null | undefined)[]): number | undefined => {
  const known = times.filter((time) => typeof time === 'number');
  return known.length === 0 ? undefined : Math.max(...known);
};

/** Postal's own words about its last failure, and what they mean. */
const saidOf = ({ deliveries, endpoint, server }: Subject): Said => {
  const last = deliveries?.lastFailure ?? null;
  if (last === null)
    return {
      sentence: 'The probe gets in, and mail still waits after several attempts.',
      findings: [
        {
          code: 'postal-waits',
          text: `Postal's account may not read the deliveries of ${server.name}, so the reason is unknown.`,
          remedy: `Read it in Postal: ${server.name} → Messages, of the endpoint ${endpoint.name}.`,
        },
      ],
    };
  const words = deliveryWords(last.details, last.output);
  const explained = explain(words);
  const text = `Postal says: ${words === '' ? last.status : words.replaceAll('\n', ' ')}`;
  if (!explained.recognised)
    return { sentence: 'Postal’s deliveries fail.', findings: [{ code: 'postal-says', text }] };
  const [first] = explained.items;
  // Postal's frame, such as "no server was available", comes first, and what the mail server said after it.
  const { code, meaning, remedy } = explained.items.find((item) => item.code.startsWith('reply-')) ?? first;
  return { sentence: meaning, findings: [{ code, text, ...(remedy === '' ? {} : { remedy }) }] };
};

const hostnameFacts = (subjects: readonly [Subject, ...Subject[]], atMs: number): MailOfHostname => {
  const [first] = subjects;
  const failing = subjects.filter(({ failingNow }) => failingNow);
  const isUnread = subjects.some(({ server }) => server.deliveries.kind === 'catching up');
  const read = subjects.flatMap(({ deliveries }) => deliveries ?? []);
  const oldestAtMs = oldest(subjects.map(({ waiting }) => waiting.oldestAtMs));
  return {
    state: isUnread ? 'unknown' : failing.length > 0 ? 'failing' : 'delivers',
    sinceMs: oldest(failing.map(({ deliveries }) => deliveries?.failingSinceMs)) ?? oldestAtMs ?? atMs,
    lastFailureAtMs: newest(failing.map(({ deliveries }) => deliveries?.lastFailureAtMs)),
    lastSentAtMs: newest(read.map(({ lastSentAtMs }) => lastSentAtMs)),
    waiting: subjects.reduce((sum, { waiting }) => sum + waiting.count, 0),
    deferred: subjects.reduce((sum, { waiting }) => sum + waiting.tried, 0),
    oldestAtMs,
    bounced:
      read.length === 0 ? undefined : read.reduce((sum, { counts }) => sum + (counts['24h']['HardFail'] ?? 0), 0),
    said: boundedSaid(saidOf(failing[0] ?? first)),
  };
};

/** What a snapshot says of each hostname. Whether deliveries fail is decided by the audit. */
export const mailFactsOf = (snapshot: Snapshot, senders: readonly string[], isWhole = true): MailFacts => {
  const { endpoints, atMs } = audit(
    snapshot,
    { registrations: new Map(), isComplete: false, unknown: new Set() },
    { names: new Map() },
  );
  const byHostname = Map.groupBy(
    endpoints.map(({ subject }) => subject),
    ({ hostname }) => hostname,
  );
  return {
    atMs,
    senders: [...new Set(senders)],
    isWhole,
    byHostname: new Map(
      [...byHostname].flatMap(([hostname, [first, ...others]]) =>
        first === undefined ? [] : [[hostname, hostnameFacts([first, ...others], atMs)] as const],
      ),
    ),
  };
};
