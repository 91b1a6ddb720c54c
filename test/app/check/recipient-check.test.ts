import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../../lib/app/ports/ledger.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { orderlyPorts } from '../../support/orderly-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const grants = [
  { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA', 'U0LI'], verbs: ['*'] },
  { name: 'recipients', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['check:rcpt'] },
  { name: 'deliveries', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['check:rcpt', 'check:deliver'] },
];

type Worker = ReturnType<typeof workerUnderTest>;

/** The probes that reach a server. */
const sessions = ({ probes }: Worker) => probes.filter(({ lookUpOnly = false }) => !lookUpOnly);

/** The worker dies when the ledger has taken its entry. */
const diesWhenRecorded = ({ ledger }: Worker): Ledger => ({
  ...ledger,
  append: async (...call) => {
    await ledger.append(...call);
    throw new Error('the worker dies');
  },
});

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
    expect(sessions(worker)).toMatchObject([{ hostname: host, recipient: 'user@example.com' }]);
    expect(sessions(worker)[0]).not.toHaveProperty('deliver');
    expect((await worker.kinds(host)).at(-1)).toBe('tried');
    await worker.clock.advance(61_000);
    await worker.say(`check ${host} --rcpt user@example.com --deliver`, { user: 'li' });
    expect(sessions(worker).at(-1)).toMatchObject({ recipient: 'user@example.com', deliver: true });
  });

  it('are rights of their own, which * does not give', async () => {
    const worker = await withOne();
    await worker.say(`check ${host} --rcpt user@example.com --deliver`);
    expect(worker.lastReply()).toContain('No grant lets you');
    expect(worker.lastReply()).toContain('check:deliver');
    expect(sessions(worker)).toEqual([]);
    expect(await worker.kinds('_refused')).toEqual(['refused']);
  });

  it('are tried again, and recorded once, when the worker died in between', async () => {
    const worker = await withOne();
    const message = worker.message(`check ${host} --rcpt user@example.com`);
    await worker.work(message, 1, { ledger: diesWhenRecorded(worker) });
    await worker.work(message, 2);
    expect(sessions(worker)).toHaveLength(1);
    expect((await worker.kinds(host)).filter((kind) => kind === 'tried')).toHaveLength(1);
  });

  it('reach no server before the ledger has them, also where the worker died in between', async () => {
    const worker = await withOne();
    const message = worker.message(`check ${host} --rcpt user@example.com`);
    const broken = { ...worker.ledger, append: () => Promise.reject(new Error('the ledger does not answer')) };
    for (const deliveries of [1, 2]) {
      expect(await worker.work(message, deliveries, { ledger: broken })).toMatchObject({ kind: 'retry' });
      expect(sessions(worker)).toEqual([]);
    }
    let isRecorded = false;
    const slow = {
      ...worker.ledger,
      append: async (...call: Parameters<typeof worker.ledger.append>) => {
        for (let turn = 0; turn < 50; turn += 1) await null;
        const appended = await worker.ledger.append(...call);
        isRecorded = true;
        return appended;
      },
    };
    const seen: boolean[] = [];
    const { probe } = worker.over;
    worker.over.probe = (request) => {
      if (request.recipient !== undefined) seen.push(isRecorded);
      return probe(request);
    };
    await worker.work(message, 3, { ledger: slow });
    expect(seen).toEqual([true]);
    expect((await worker.kinds(host)).filter((kind) => kind === 'tried')).toHaveLength(1);
  });

  it.each(['nobody', 'a@b@c', 'a b@example.com', '<x>@example.com', 'a@-example.com'])(
    'refuse %s for a recipient',
    async (recipient) => {
      const worker = await withOne();
      await worker.say(`check ${host} --rcpt "${recipient}"`);
      expect(worker.lastReply()).toContain('rcpt:');
      expect(sessions(worker)).toEqual([]);
    },
  );

  it('want a recipient to deliver to', async () => {
    const worker = await withOne();
    await worker.say(`check ${host} --deliver`, { user: 'li' });
    expect(worker.lastReply()).toContain('deliver: it needs a recipient');
  });
});

const fleet = async (names: number, leadsTo: (number: number) => string) => {
  const worker = workerUnderTest({
    policy: {
      grants: [{ name: 'all', teams: ['T0TEAM'], verbs: ['*', 'check:rcpt', 'check:deliver'] }],
    },
  });
  for (let number = 0; number < names; number += 1)
    worker.zones.put('Z0CORP', [
      { name: `h${number}.corp.internal`, type: 'A', ttlSeconds: 60, values: [leadsTo(number)] },
    ]);
  return worker;
};
const line = (number: number, more = ''): string => `check h${number}.corp.internal --rcpt user@example.com${more}`;

describe('the limits of recipient checks', () => {
  it.each([
    ['', ''],
    ['', ' --deliver'],
    [' --deliver', ''],
    [' --deliver', ' --deliver'],
  ])('hold for one machine under all its names, whoever asks, with%s and then with%s', async (first, second) => {
    const worker = await fleet(2, () => '10.0.4.12');
    await worker.say(line(0, first));
    await worker.say(line(1, second), { user: 'li' });
    expect(sessions(worker)).toHaveLength(1);
    expect(worker.lastReply()).toContain(`${second === '' ? 'rcpt' : 'deliver'}: 10.0.4.12 was tried just now`);
    await worker.clock.advance((first === '' ? 61 : 301) * 1000);
    await worker.say(line(1, second), { user: 'li' });
    expect(sessions(worker)).toHaveLength(2);
  });

  it.each([0, 1, 500, 30_000, 59_000, 59_999])(
    'slide: %i ms after a full minute as well as at one',
    async (offsetMs) => {
      const worker = await fleet(1, () => '10.0.4.12');
      await worker.clock.advance(60_000 - (worker.clock.now() % 60_000) + offsetMs);
      const at: number[] = [];
      for (let second = 0; second < 200; second += 1) {
        const before = sessions(worker).length;
        await worker.say(line(0), { user: `u${second}` });
        if (sessions(worker).length > before) at.push(worker.clock.now());
        await worker.clock.advance(1000);
      }
      expect(at.length).toBeGreaterThanOrEqual(3);
      for (const [index, time] of at.entries())
        if (index > 0) expect(time - (at[index - 1] ?? 0)).toBeGreaterThanOrEqual(60_000);
    },
  );

  it('let one of thirty through that come at once under thirty names of one machine', async () => {
    const worker = await fleet(30, () => '10.0.4.12');
    const messages = Array.from({ length: 30 }, (_, number) => worker.message(line(number), { user: `u${number}` }));
    await Promise.all(messages.map((message) => worker.work(message)));
    expect(sessions(worker)).toHaveLength(1);
  });

  it('let five of thirty through that one person sends at once to thirty machines, and more when time has passed', async () => {
    const worker = await fleet(30, (number) => `10.0.4.${number + 1}`);
    const messages = Array.from({ length: 30 }, (_, number) => worker.message(line(number)));
    await Promise.all(messages.map((message) => worker.work(message)));
    expect(sessions(worker)).toHaveLength(5);
    expect(worker.messenger.replies.some(({ message }) => message.text.includes('5 in 5 minutes'))).toBe(true);
    await worker.clock.advance(301_000);
    await worker.say(line(29));
    expect(sessions(worker)).toHaveLength(6);
  });

  it('take nothing from a person for what a machine’s limit has refused', async () => {
    const worker = await fleet(8, (number) => (number < 7 ? '10.0.4.12' : '10.0.4.13'));
    for (let number = 0; number < 8; number += 1) await worker.say(line(number));
    expect(sessions(worker).map(({ hostname }) => hostname)).toEqual(['h0.corp.internal', 'h7.corp.internal']);
  });

  it('give back what they have taken before the answer', async () => {
    const worker = await fleet(2, () => '10.0.4.12');
    await worker.say(line(0));
    let given = 0;
    const { state } = worker.ports;
    const slow = {
      ...state,
      remove: async (...call: Parameters<typeof state.remove>) => {
        for (let turn = 0; turn < 50; turn += 1) await null;
        await state.remove(...call);
        given += call[0] === 'recipient-checks' ? 1 : 0;
      },
    };
    const seen: number[] = [];
    const { messenger } = worker;
    const reply: typeof messenger.reply = async (...call) => {
      seen.push(given);
      return messenger.reply(...call);
    };
    await worker.work(worker.message(line(1)), 1, { state: slow, messenger: { ...messenger, reply } });
    expect(seen).toEqual([1]);
  });

  it('count a request once that is delivered again', async () => {
    const worker = await fleet(6, (number) => `10.0.4.${number + 1}`);
    const message = worker.message(line(0));
    for (const deliveries of [1, 2, 3, 4, 5, 6])
      await worker.work(message, deliveries, { ledger: diesWhenRecorded(worker) });
    for (let number = 1; number < 5; number += 1) await worker.say(line(number));
    expect(sessions(worker)).toHaveLength(5);
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
    const seen = orderlyPorts(worker.ports);
    await worker.work(worker.message(`check ${host}`), 1, seen.ports);
    expect(seen.overlaps).toEqual([]);
    expect(seen.pending()).toEqual([]);
    await worker.say(`check ${host}`);
    expect(worker.lastReply()).toContain('It will not be probed again for');
    expect(sessions(worker)).toHaveLength(1);
    await worker.clock.advance(121_000);
    await worker.say(`check ${host}`);
    expect(sessions(worker)).toHaveLength(2);
  });
});
