import { describe, expect, it } from 'vitest';
import { healthyReport } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const grants = [
  { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA', 'U0LI'], verbs: ['*'] },
  { name: 'recipients', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['check:rcpt'] },
  { name: 'deliveries', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['check:rcpt', 'check:deliver'] },
];

const withOne = async () => {
  const worker = workerUnderTest({ policy: { grants } });
  await worker.say(`add ${host} 10.0.4.12`);
  worker.probes.length = 0;
  return worker;
};

describe('check --rcpt and --deliver', () => {
  it('try what was asked for, recorded before it is sent', async () => {
    const worker = await withOne();
    await worker.say(`check ${host} --rcpt user@example.com`);
    expect(worker.probes).toMatchObject([{ hostname: host, recipient: 'user@example.com' }]);
    expect(worker.probes[0]).not.toHaveProperty('deliver');
    expect((await worker.kinds(host)).at(-1)).toBe('tried');
    await worker.say(`check ${host} --rcpt user@example.com --deliver`, { user: 'li' });
    expect(worker.probes.at(-1)).toMatchObject({ recipient: 'user@example.com', deliver: true });
  });

  it('are rights of their own, which * does not give', async () => {
    const worker = await withOne();
    await worker.say(`check ${host} --rcpt user@example.com --deliver`);
    expect(worker.lastReply()).toContain('No grant lets you');
    expect(worker.lastReply()).toContain('check:deliver');
    expect(worker.probes).toEqual([]);
    expect(await worker.kinds('_refused')).toEqual(['refused']);
  });

  it('are limited in rate, per hostname, whoever asks', async () => {
    const worker = await withOne();
    await worker.say(`check ${host} --rcpt user@example.com`);
    await worker.say(`check ${host} --rcpt other@example.com`, { user: 'li' });
    expect(worker.lastReply()).toContain('was tried just now');
    expect(worker.probes).toHaveLength(1);
    await worker.clock.advance(61_000);
    await worker.say(`check ${host} --rcpt other@example.com`, { user: 'li' });
    expect(worker.probes).toHaveLength(2);
  });

  it('are tried again, and recorded once, when the worker died in between', async () => {
    const worker = await withOne();
    const message = worker.message(`check ${host} --rcpt user@example.com`);
    const dies = { probe: () => Promise.reject(new Error('the worker dies')) };
    await worker.work(message, 1, { prober: dies });
    await worker.work(message, 2);
    expect(worker.probes).toHaveLength(1);
    expect((await worker.kinds(host)).filter((kind) => kind === 'tried')).toHaveLength(1);
  });

  it.each(['nobody', 'a@b@c', 'a b@example.com', '<x>@example.com', 'a@-example.com'])(
    'refuse %s for a recipient',
    async (recipient) => {
      const worker = await withOne();
      await worker.say(`check ${host} --rcpt "${recipient}"`);
      expect(worker.lastReply()).toContain('rcpt:');
      expect(worker.probes).toEqual([]);
    },
  );

  it('want a recipient to deliver to', async () => {
    const worker = await withOne();
    await worker.say(`check ${host} --deliver`, { user: 'li' });
    expect(worker.lastReply()).toContain('deliver: it needs a recipient');
  });
});

describe('a server that answers 421', () => {
  it('is left alone for two minutes', async () => {
    const worker = await withOne();
    worker.over.probe = (request) => {
      const report = healthyReport(request);
      const busy = {
        stage: 'banner',
        status: 'failed',
        reason: 'rejected-temporarily',
        reply: { code: 421, lines: ['421 too many'] },
        durationMs: 1,
      } as const;
      return {
        ok: true,
        report: { ...report, addresses: report.addresses.map((address) => ({ ...address, stages: [busy] })) },
      };
    };
    await worker.say(`check ${host}`);
    await worker.say(`check ${host}`);
    expect(worker.lastReply()).toContain('It is left alone for');
    expect(worker.probes).toHaveLength(1);
    await worker.clock.advance(121_000);
    await worker.say(`check ${host}`);
    expect(worker.probes).toHaveLength(2);
  });
});
