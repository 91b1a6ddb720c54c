import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../../lib/core/base/clock.ts';
import type { Prober } from '../../../lib/core/probe-report/report.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { refusing } from '../../support/sample-probe.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';

/** Answers only after whoever waits has had time to say so. */
const slowProber: Prober = {
  probe: async (request) => {
    for (let turn = 0; turn < 5; turn += 1) await setImmediate();
    return { ok: true, report: healthyReport(request) };
  },
};

/** Its sleep ends only after a server that answers at once has answered. */
const laterClock = (clock: Clock): Clock => ({
  now: () => clock.now(),
  sleep: async (milliseconds, signal) => {
    await setImmediate();
    await clock.sleep(milliseconds, signal);
  },
});

const registered = async () => {
  const worker = workerUnderTest();
  await worker.say(`add ${host} 10.0.4.12`);
  const before = worker.messenger.replies.length;
  const since = (): string[] =>
    worker.messenger.replies.slice(before).map(({ message }) => `${message.text} ${JSON.stringify(message.blocks)}`);
  return { worker, since, before };
};

describe('check, while it runs', () => {
  it('answers a slash command once when the servers answer soon', async () => {
    const { worker, since } = await registered();
    await worker.work(worker.message(`check ${host}`), 1, { clock: laterClock(worker.clock) });
    expect(since()).toHaveLength(1);
  });

  it('tells a slash command once that it takes long, and what is known by then', async () => {
    const { worker, since } = await registered();
    await worker.work(worker.message(`check ${host}`), 1, { prober: slowProber });
    expect(since()).toHaveLength(2);
    expect(since()[0]).toContain('✓ Route 53 has A 10.0.4.12');
    expect(since()[0]).toContain('is slow to answer');
    expect(since()[1]).toContain('Postal will get in, encrypted.');
  });

  it('has the message of a button give way, step by step', async () => {
    const { worker, since, before } = await registered();
    await worker.work({ ...worker.message(`check ${host}`), replaceOriginal: true }, 1, { prober: slowProber });
    expect(since()).toHaveLength(3);
    expect(since()[0]).toContain('resolving the name as Postal does');
    expect(worker.messenger.replies.slice(before).every(({ replaceOriginal }) => replaceOriginal)).toBe(true);
  });

  it('answers all the same when Slack does not take the word in between', async () => {
    const { worker, since } = await registered();
    worker.messenger.replyTrouble.push({ kind: 'unreachable', message: 'HTTP 500' });
    await worker.work(worker.message(`check ${host}`), 1, { prober: slowProber });
    expect(since()).toHaveLength(1);
    expect(worker.logged.join('\n')).toContain('could not be notified of the delay');
  });
});

describe('check, of drift', () => {
  it('holds definition, Route 53 and resolver against each other', async () => {
    const { worker } = await registered();
    worker.over.probe = (request) => ({ ok: true, report: healthyReport(request, ['10.0.4.99']) });
    await worker.say(`check ${host}`);
    expect(worker.lastReply()).toContain('The resolver answers 10.0.4.99');
    expect(worker.lastReply()).toContain('Route 53 has 10.0.4.12');
  });
});

describe('what was seen', () => {
  it('is in list, show, home and the announcement, in the same words', async () => {
    const { worker } = await registered();
    expect(worker.messenger.posts[0]?.message.text).toContain('Postal will get in, encrypted.');
    await worker.say('list');
    expect(worker.lastReply()).toContain('encrypted');
    await worker.say(`show ${host}`);
    expect(worker.lastReply()).toContain('Postal will get in, encrypted.');
    await worker.work({ ...worker.message('whoami'), requestId: 'home-1', command: { verb: 'home' } });
    expect(JSON.stringify(worker.messenger.homes.get('U0MARIA'))).toContain('up · encrypted');
  });

  it('says once what the order of addresses costs, where the probe has measured it', async () => {
    const worker = workerUnderTest();
    await worker.say('add both.mail.corp.internal fd00::12 10.0.4.12');
    const post = JSON.stringify(worker.messenger.posts[0]?.message.blocks);
    expect(post).toContain('Postal will get in');
    expect(post).not.toContain('Postal tries IPv6 first');
  });

  it('says it once also where Postal gets in at no address', async () => {
    const worker = workerUnderTest();
    worker.over.probe = (request) => ({
      ok: true,
      report: { ...healthyReport(request), addresses: ['fd00::12', '10.0.4.12'].map(refusing) },
    });
    await worker.say('add dead.mail.corp.internal fd00::12 10.0.4.12');
    const post = JSON.stringify(worker.messenger.posts[0]?.message.blocks);
    expect(post).toContain('Postal will not get in');
    expect(post).not.toContain('Postal tries IPv6 first');
  });

  it('keeps the rule on modes to itself where the probe has said it', async () => {
    const worker = workerUnderTest();
    await worker.say('add mode.mail.corp.internal 10.0.4.12 --ssl-mode STARTTLS');
    const post = JSON.stringify(worker.messenger.posts[0]?.message.blocks);
    expect(post).toMatch(/Postal 3\.3\.\d sends plaintext in mode STARTTLS\. Because of a misspelt constant/);
    expect(post.split('sends plaintext in mode STARTTLS')).toHaveLength(2);
  });
});
