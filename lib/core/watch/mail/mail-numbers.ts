import * as z from 'zod';
import { countOf } from '../../postal/audit/words.ts';
import { databaseSender } from '../../postal/reports/sender.ts';
import type { MailFacts } from './mail-facts.ts';

/** What Postal says of the endpoints of an incident: numbers, who reported them, and when they were read. */
export const mailNumbersSchema = z.strictObject({
  /** Milliseconds since the epoch. */
  atMs: z.int(),
  senders: z.array(z.string()),
  waiting: z.int(),
  /** Those of them that were tried at least once. */
  deferred: z.int(),
  oldestAtMs: z.int().exactOptional(),
  /** Deliveries that failed for good in the last 24 h; absent: Postal's account may not read them. */
  bounced: z.int().exactOptional(),
  /** Endpoints to which Postal's deliveries fail, as the audit defines it. */
  failing: z.array(z.string()),
});
export type MailNumbers = z.infer<typeof mailNumbersSchema>;

/** How many of an incident's endpoints are remembered as failing in Postal. */
const failingNamesAtMost = 50;

/** The earliest of the times that are known. */
export const oldest = (times: readonly (number | null | undefined)[]): number | undefined => {
  const known = times.filter((time) => typeof time === 'number');
  return known.length === 0 ? undefined : Math.min(...known);
};

/** The numbers of some endpoints together; undefined where Postal has none of them. */
export const mailNumbers = (
  { atMs, senders, byHostname }: MailFacts,
  hostnames: readonly string[],
): MailNumbers | undefined => {
  const known = hostnames.flatMap((hostname) => {
    const facts = byHostname.get(hostname);
    return facts === undefined || facts.state === 'unknown' ? [] : [{ hostname, ...facts }];
  });
  if (known.length === 0) return undefined;
  const oldestAtMs = oldest(known.map((each) => each.oldestAtMs));
  const bounces = known.flatMap(({ bounced }) => bounced ?? []);
  return {
    atMs,
    senders: [...senders],
    waiting: known.reduce((sum, { waiting }) => sum + waiting, 0),
    deferred: known.reduce((sum, { deferred }) => sum + deferred, 0),
    ...(oldestAtMs === undefined ? {} : { oldestAtMs }),
    ...(bounces.length === 0 ? {} : { bounced: bounces.reduce((sum, count) => sum + count, 0) }),
    failing: known
      .filter(({ state }) => state === 'failing')
      .slice(0, failingNamesAtMost)
      .map(({ hostname }) => hostname),
  };
};

const utc = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** The numbers in a sentence, with source and time. */
export const mailNumbersText = ({ atMs, senders, waiting, deferred, oldestAtMs, bounced }: MailNumbers): string => {
  const waits =
    oldestAtMs === undefined
      ? ['no message waits']
      : [
          `${countOf(waiting, 'message')} ${waiting === 1 ? 'has' : 'have'} waited since ${utc(oldestAtMs)}`,
          ...(deferred === 0 ? [] : [deferred === waiting ? 'all were deferred' : `${deferred} of them were deferred`]),
        ];
  const bounces = bounced === undefined || bounced === 0 ? [] : [`${bounced} bounced in 24 h`];
  const source = senders.includes(databaseSender)
    ? `read from Postal's database, ${utc(atMs)}`
    : `reported by ${senders.join(', ')}, ${utc(atMs)}`;
  return `In Postal: ${[...waits, ...bounces].join('; ')} (${source}).`;
};
