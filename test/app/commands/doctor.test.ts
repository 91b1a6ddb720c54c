import { describe, expect, it } from 'vitest';
import type { SlackIdentity } from '../../../lib/app/ports/slack-app.ts';
import { saveLastRound } from '../../../lib/app/state/last-round.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { createMemorySlackApp } from '../../support/memory-slack-app.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = new AbortController().signal;

/** A deployment in which nothing is wrong. */
const healthy = async () => {
  const worker = workerUnderTest({
    policy: { auditChannel: 'C0AUDIT', watch: { ...workerUnderTest().ports.policy.watch, channel: 'C0OTHER' } },
  });
  await worker.say('add gitlab.mail.corp.internal 10.0.4.12');
  await saveLastRound(worker.ports.state, { atMs: worker.clock.now(), durationMs: 412, endpoints: 1 }, signal);
  return worker;
};

const linesOf = (text: string): string[] => text.split('\n');
const lineOf = (text: string, what: string): string =>
  linesOf(text).find((line) => line.includes(`*${what}*`)) ?? `no line for ${what}`;

describe('doctor', () => {
  it('names every part, and a remedy with each that is not well', async () => {
    const worker = await healthy();
    await worker.say('doctor');
    const text = worker.lastReply();
    for (const what of [
      'zone corp.internal',
      'zone corp.internal, right to change',
      'prober',
      'resolver, zone corp.internal',
      'ledger',
    ]) {
      expect(lineOf(text, what)).toMatch(/^✓/);
    }
    for (const what of [
      'state table',
      'Slack token',
      'Slack scopes',
      'clock',
      'audit channel',
      'on-call channel',
      'watch',
      'Postal profile',
    ]) {
      expect(lineOf(text, what)).toMatch(/^✓/);
    }
    const lines = linesOf(text.slice(0, text.indexOf('[{')));
    const notWell = lines.filter((line) => /^(❌|⚠️) \*[^*]+\*:/.test(line));
    expect(lines.filter((line) => line.trim().startsWith('→')).length).toBe(notWell.length);
  });

  it('leaves the zone, the ledger and the tables as they were', async () => {
    const worker = await healthy();
    const before = [
      await worker.records('gitlab.mail.corp.internal'),
      await worker.kinds('_audit'),
      await worker.kinds('gitlab.mail.corp.internal'),
    ];
    await worker.say('doctor');
    expect([
      await worker.records('gitlab.mail.corp.internal'),
      await worker.kinds('_audit'),
      await worker.kinds('gitlab.mail.corp.internal'),
    ]).toEqual(before);
    expect(await worker.ports.state.list('doctor', signal)).toEqual([]);
  });

  const broken: readonly (readonly [string, Partial<SlackIdentity>, RegExp])[] = [
    ['Slack scopes', { scopes: ['commands', 'chat:write'] }, /^❌.*missing: channels:history/],
    ['Slack scopes', { scopes: ['commands', 'chat:write', 'channels:history'] }, /^⚠️.*usergroups:read/],
    ['Slack scopes', { scopes: undefined }, /^⚠️/],
    ['Slack token', { isAsInSecret: false }, /^❌.*another bot/],
    ['clock', { slackNowMs: Date.parse('2026-01-01T00:00:00Z') }, /^❌.*differs from Slack/],
  ];
  it.each(broken)('sees %s in trouble: %j', async (what, other, expected) => {
    const worker = await healthy();
    await worker.work(worker.message('doctor'), 1, { slackApp: createMemorySlackApp(worker.clock, other) });
    expect(lineOf(worker.lastReply(), what)).toMatch(expected);
  });

  it('sees a token that Slack refuses, and goes on with the rest', async () => {
    const worker = await healthy();
    const slackApp = {
      identify: async () => ({ ok: false, failure: { kind: 'refused', code: 'token_revoked' } }) as const,
    };
    await worker.work(worker.message('doctor'), 1, { slackApp });
    expect(lineOf(worker.lastReply(), 'Slack token')).toMatch(/^❌.*token_revoked/);
    expect(lineOf(worker.lastReply(), 'ledger')).toMatch(/^✓/);
  });

  it('sees a channel that the app is not in', async () => {
    const worker = await healthy();
    const witness = {
      posts: async () => ({ ok: false, failure: { kind: 'refused', code: 'not_in_channel' } }) as const,
    };
    await worker.work(worker.message('doctor'), 1, { witness });
    for (const what of ['audit channel', 'on-call channel'])
      expect(lineOf(worker.lastReply(), what)).toMatch(/^❌.*not_in_channel/);
  });

  it('sees that the zone may not be changed', async () => {
    const worker = await healthy();
    const zones = {
      ...worker.ports.zones,
      submit: async () =>
        ({ kind: 'failed', failure: { kind: 'denied', message: 'AccessDenied: not authorized' } }) as const,
    };
    await worker.work(worker.message('doctor'), 1, { zones });
    expect(lineOf(worker.lastReply(), 'zone corp.internal, right to change')).toMatch(/^❌.*AccessDenied/);
  });

  it('sees a resolver that does not know the zone, and one that is silent', async () => {
    const worker = await healthy();
    const answer = { nameserver: '10.0.0.2', type: 'A', transport: 'udp', records: [], durationMs: 1 } as const;
    for (const [said, expected] of [
      [{ ...answer, rcode: 'NXDOMAIN' }, /^❌.*does not know/],
      [{ ...answer, reason: 'timeout' }, /^❌.*does not answer \(timeout\)/],
    ] as const) {
      worker.over.probe = (request) => ({
        ok: true,
        report: { ...healthyReport(request), resolution: { answers: [said], cnameChain: [], addresses: [] } },
      });
      await worker.say('doctor');
      expect(lineOf(worker.lastReply(), 'resolver, zone corp.internal')).toMatch(expected);
    }
  });

  it.each([
    [
      'an address that the zone does not have',
      [],
      '10.0.9.9',
      /^❌.*answers 10\.0\.9\.9 for corp\.internal, but the zone has none/,
    ],
    ['the address that the zone has', ['10.0.9.9'], '10.0.9.9', /^✓/],
    ['another address than the zone has', ['10.0.9.9'], '10.0.9.8', /^❌.*but the zone has 10\.0\.9\.9/],
  ])('holds what the resolver says of the zone against the zone: %s', async (_, has, given, expected) => {
    const worker = await healthy();
    const recordSet = { name: 'corp.internal', type: 'A', ttlSeconds: 60, values: has };
    if (has.length > 0)
      await worker.ports.zones.submit('Z0CORP', [{ action: 'CREATE', recordSet }], 'another tool', signal);
    const records = [{ name: 'corp.internal', type: 'A', ttlSeconds: 60, data: given }];
    const answer = {
      nameserver: '10.0.0.2',
      type: 'A',
      transport: 'udp',
      rcode: 'NOERROR',
      records,
      durationMs: 1,
    } as const;
    worker.over.probe = (request) => ({
      ok: true,
      report: { ...healthyReport(request), resolution: { answers: [answer], cnameChain: [], addresses: [given] } },
    });
    await worker.say('doctor');
    expect(lineOf(worker.lastReply(), 'resolver, zone corp.internal')).toMatch(expected);
  });

  it('sees that watch has been silent', async () => {
    const worker = await healthy();
    await worker.clock.advance(3_600_000);
    await worker.say('doctor');
    expect(lineOf(worker.lastReply(), 'watch')).toMatch(/^❌.*60 min/);
  });

  it('takes an examination that breaks for a finding', async () => {
    const worker = await healthy();
    const ledger = { ...worker.ports.ledger, head: () => Promise.reject(new Error('the table is gone')) };
    await worker.work(worker.message('doctor'), 1, { ledger });
    expect(lineOf(worker.lastReply(), 'ledger')).toMatch(/^❌.*the table is gone/);
  });
});
