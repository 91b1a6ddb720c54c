import { beforeEach, expect, it } from 'vitest';
import type { DeliveryFacts, Snapshot } from '../../../../lib/core/postal/audit/snapshot.ts';
import { incidentSchema } from '../../../../lib/core/watch/incident/incident.ts';
import { type MailFacts, mailFactsOf } from '../../../../lib/core/watch/mail/mail-facts.ts';
import { mailNumbers, mailNumbersText } from '../../../../lib/core/watch/mail/mail-numbers.ts';
import { fleetStartMs, intervalMs, sighted, WatchedFleet, watchRules } from '../../../support/watched-fleet.ts';

const hostname = 'mx1.acme.test';
const minuteMs = 60_000;
/** What was reported longer ago says little about now. */
const oldAfterMs = 30 * minuteMs;

const failingSince = (atMs: number): DeliveryFacts => ({
  lastSentAtMs: null,
  failingNow: true,
  failingSinceMs: atMs,
  sentPlaintext: 0,
  lastFailure: {
    status: 'SoftFail',
    details: 'Temporary SMTP delivery error when sending to 10.0.4.12:25',
    output: '452 4.3.1 Insufficient system storage',
  },
  lastFailureAtMs: atMs + 2 * minuteMs,
  counts: { '1h': { SoftFail: 2 }, '24h': { SoftFail: 2, HardFail: 21 }, '72h': {} },
});

const delivering = (atMs: number): DeliveryFacts => ({
  ...failingSince(atMs),
  lastSentAtMs: atMs,
  failingNow: false,
  failingSinceMs: null,
});

const snapshotOf = (atMs: number, deliveries: DeliveryFacts, more: Partial<Snapshot> = {}): Snapshot => ({
  atMs,
  postalSchema: '20240311205229',
  servers: [
    {
      id: 1,
      name: 'acme/production',
      mode: 'Live',
      isSuspended: false,
      oldestLockAtMs: null,
      deliveries: { kind: 'read', notQueued: 0 },
    },
  ],
  endpoints: [{ id: 7, serverId: 1, name: 'GitLab', hostname, port: 25, sslMode: 'Auto', wasUsed: true }],
  routes: [],
  queue: [
    {
      batchKey: 'incoming-rt:1-ep:7-SMTPEndpoint',
      count: 27,
      tried: 20,
      oldestAtMs: atMs - 5 * minuteMs,
      maxAttempts: 3,
    },
  ],
  deliveries: new Map([[7, deliveries]]),
  ...more,
});

const reported = (atMs: number, deliveries: DeliveryFacts, more?: Partial<Snapshot>): MailFacts =>
  mailFactsOf(snapshotOf(atMs, deliveries, more), ['postal1']);

/** A round, with what Postal reported last. */
class MailFleet extends WatchedFleet {
  mail: MailFacts | undefined;
  override more() {
    return { mail: this.mail };
  }
  see(nowMs: number, letter?: string) {
    return this.round(nowMs, letter === undefined ? [] : [sighted(hostname, nowMs, letter)]);
  }
}

let fleet: MailFleet;
let nowMs: number;
beforeEach(() => {
  fleet = new MailFleet([hostname]);
  nowMs = fleet.watch(hostname, 'uuu');
});

it('opens where the probe gets in and mail fails, with the words of Postal and of its mail server explained, and numbers', () => {
  fleet.mail = reported(nowMs, failingSince(nowMs - 3 * minuteMs));
  fleet.see(nowMs, 'u');
  const [incident, ...others] = fleet.open();
  expect(others).toEqual([]);
  expect(incidentSchema.parse(incident)).toEqual(incident);
  expect(incident).toMatchObject({
    cause: { kind: 'deliveries', hostname },
    severity: 'down',
    openedAtMs: nowMs - 3 * minuteMs,
    sentence: expect.stringMatching(/full|space|storage/i),
    findings: [{ text: expect.stringContaining('452 4.3.1 Insufficient system storage'), remedy: expect.any(String) }],
    postal: { atMs: nowMs, senders: ['postal1'], waiting: 27, deferred: 20, bounced: 21, failing: [hostname] },
  });
  expect(fleet.healths.get(hostname)?.state).toBe('up');
  expect(fleet.result(nowMs, []).incidents).toEqual([]);
});

it('is resolved by newer facts alone: neither by missing nor by stale, repeated or incomplete ones, nor by the probe', () => {
  const failing = reported(nowMs, failingSince(nowMs - minuteMs));
  fleet.mail = failing;
  fleet.see(nowMs, 'u');
  const [id] = fleet.open().map((incident) => incident.id);
  const stillOpen = () => expect(fleet.open().map((incident) => incident.id)).toEqual([id]);
  const catchingUp = snapshotOf(nowMs, delivering(nowMs)).servers.map((server) => ({
    ...server,
    deliveries: { kind: 'catching up', idsLeft: 9 } as const,
  }));
  for (const mail of [
    reported(nowMs - 1, delivering(nowMs - 2)),
    undefined,
    failing,
    reported(nowMs + intervalMs, delivering(nowMs), { servers: catchingUp }),
    { ...reported(nowMs + intervalMs, delivering(nowMs), { endpoints: [] }), isWhole: false },
  ]) {
    nowMs += intervalMs;
    fleet.mail = mail;
    fleet.see(nowMs, 'u');
    stillOpen();
  }
  fleet.mail = reported(nowMs + 1, delivering(nowMs));
  fleet.see(nowMs + 2 + oldAfterMs, 'u');
  stillOpen();
  nowMs += oldAfterMs + intervalMs;
  fleet.mail = reported(nowMs, delivering(nowMs - minuteMs));
  fleet.see(nowMs, 'u');
  expect(fleet.open()).toEqual([]);
  expect([...fleet.incidents.values()]).toMatchObject([
    { sentence: 'Postal delivers again.', closedAtMs: nowMs - minuteMs, postal: { failing: [] } },
  ]);
});

it('opens nothing for one greylisted try, for stale facts, or for a name that is muted', () => {
  const fails = failingSince(nowMs);
  fleet.mail = reported(nowMs, { ...fails, failingNow: false, failingSinceMs: null });
  fleet.see(nowMs, 'u');
  fleet.mail = reported(nowMs - oldAfterMs - 1, fails);
  fleet.see(nowMs, 'u');
  fleet.mail = reported(nowMs, fails);
  fleet.mutes = [{ hostname, fromMs: nowMs - 1, untilMs: nowMs + 60 * minuteMs, by: 'U1' }];
  fleet.see(nowMs, 'u');
  expect([...fleet.incidents.values()]).toEqual([]);
});

it('opens nothing for failures from before the name was registered as it is, and opens with the first after it', () => {
  fleet.endpoints = new Map([[hostname, { definedAtMs: nowMs }]]);
  fleet.mail = reported(nowMs + minuteMs, failingSince(nowMs - 2 * minuteMs));
  fleet.see(nowMs + minuteMs, 'u');
  expect(fleet.open()).toEqual([]);
  fleet.mail = reported(nowMs + 2 * minuteMs, failingSince(nowMs - minuteMs));
  fleet.see(nowMs + 2 * minuteMs, 'u');
  expect(fleet.open()).toMatchObject([{ cause: { kind: 'deliveries', hostname } }]);
});

it('joins the incident of a target where the probe fails, and opens none of its own after the recovery', () => {
  const faults = [{ target: '10.0.4.12', way: 'unreachable' } as const];
  const down = () => {
    fleet.round(nowMs, [sighted(hostname, nowMs, 'd', { faults })]);
    nowMs += intervalMs;
  };
  for (let look = 0; look < watchRules.down.looks; look += 1) down();
  const [before] = fleet.open();
  expect(before?.postal).toBeUndefined();
  fleet.mail = reported(nowMs, failingSince(nowMs - 4 * minuteMs));
  down();
  expect(fleet.open()).toMatchObject([
    {
      id: before?.id,
      cause: { kind: 'target' },
      postal: { failing: [hostname] },
      updates: [{ step: 'note', text: expect.stringContaining(`Postal’s deliveries to ${hostname} fail.`) }],
    },
  ]);
  const failedAtMs = nowMs - 4 * minuteMs;
  for (let look = 0; look < 4; look += 1) {
    nowMs += intervalMs;
    fleet.mail = reported(nowMs, failingSince(failedAtMs));
    fleet.see(nowMs, 'u');
  }
  expect(fleet.open()).toEqual([]);
  expect(fleet.incidents.size).toBe(1);
});

it('goes on as the incident of the target once the probe fails as well', () => {
  fleet.mail = reported(nowMs, failingSince(nowMs - minuteMs));
  fleet.see(nowMs, 'u');
  const [opened] = fleet.open();
  for (let look = 0; look < watchRules.down.looks + 1; look += 1) {
    nowMs += intervalMs;
    fleet.round(nowMs, [sighted(hostname, nowMs, 'd', { faults: [{ target: '10.0.4.12', way: 'smtp' }] })]);
  }
  expect(fleet.open()).toMatchObject([{ id: opened?.id, cause: { kind: 'target', target: '10.0.4.12' } }]);
});

it('opens for an endpoint that nobody registered, and ends when Postal no longer has it', () => {
  fleet = new MailFleet([]);
  fleet.mail = reported(fleetStartMs, failingSince(fleetStartMs - minuteMs));
  fleet.round(fleetStartMs);
  expect(fleet.open()).toMatchObject([{ cause: { kind: 'deliveries', hostname }, members: [{ hostname }] }]);
  fleet.mail = reported(fleetStartMs + 1, failingSince(fleetStartMs), { endpoints: [] });
  fleet.round(fleetStartMs + 1);
  expect([...fleet.incidents.values()]).toMatchObject([{ sentence: 'Postal no longer has this endpoint.' }]);
});

it('says what waits, and since when, with who reported it', () => {
  const numbers = mailNumbers(reported(nowMs, failingSince(nowMs)), [hostname, 'unknown.acme.test']);
  expect(
    numbers && mailNumbersText({ ...numbers, oldestAtMs: Date.UTC(2026, 2, 1, 9, 5), atMs: Date.UTC(2026, 2, 1, 10) }),
  ).toBe(
    'In Postal: 27 messages have waited since 2026-03-01 09:05 UTC; 20 of them were deferred; 21 bounced in 24 h (reported by postal1, 2026-03-01 10:00 UTC).',
  );
  expect(mailNumbers(reported(nowMs, failingSince(nowMs)), ['unknown.acme.test'])).toBeUndefined();
});

it('leaves the numbers out once the report is stale', () => {
  fleet.mail = reported(nowMs, failingSince(nowMs - minuteMs));
  fleet.see(nowMs, 'u');
  expect(fleet.open()[0]?.postal).toBeDefined();
  fleet.see(nowMs + oldAfterMs + 1, 'u');
  expect(fleet.open()).toMatchObject([{ cause: { kind: 'deliveries' } }]);
  expect(fleet.open()[0]?.postal).toBeUndefined();
});
