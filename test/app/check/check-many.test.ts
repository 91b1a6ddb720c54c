import { describe, expect, it } from 'vitest';
import { directoryItem, lastProbe } from '../../../lib/app/state/directory.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import type { BatchProber, ProbeRequest, ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { answered, dropping, encrypted, hello, plain, refusing, report } from '../../support/sample-probe.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();

const grants = [
  { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
  { name: 'git', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'], hostnames: ['*.git.corp.internal'] },
  { name: 'readers', teams: ['T0TEAM'], users: ['U0READER'], verbs: ['list'] },
];

const definitionOf = (name: string, address: string) => {
  const parsed = parseHostname(name);
  if (!('hostname' in parsed)) throw new RangeError(name);
  return {
    hostname: parsed.hostname,
    targets: { kind: 'addresses', addresses: [address] },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  } as const;
};

/** A worker with these names in the directory, since just now, each with an address of its own unless one is given. */
const withNames = async (names: readonly string[], address?: string) => {
  const worker = workerUnderTest({ policy: { grants } });
  for (const [index, name] of names.entries()) {
    const definition = definitionOf(name, address ?? `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`);
    await worker.ports.state.put(
      directoryItem({ definition, changeId: '01J', userId: 'U0MARIA', at: '2026-03-02T14:00:00.000Z' }),
      false,
      signal,
    );
  }
  return worker;
};

const hosts = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `h${String(index).padStart(3, '0')}.mail.corp.internal`);

/** The rows of the newest answer's table, without its head, as text. */
const rowsOf = (blocks: readonly object[] | undefined): string[] => {
  const table: unknown = blocks?.find((block) => 'type' in block && block.type === 'table');
  const rows: unknown = Object.assign({ rows: [] }, table).rows;
  return Array.isArray(rows) ? rows.slice(1).map((row) => JSON.stringify(row)) : [];
};

type Worker = Awaited<ReturnType<typeof withNames>>;
const lastBlocks = (worker: Worker) => worker.messenger.replies.at(-1)?.message.blocks;
const hostnamesIn = (rows: readonly string[]): string[] =>
  rows.map((row) => /[a-z0-9-]+(?:\.[a-z]+)*\.corp\.internal/.exec(row)?.[0] ?? row);

/** The command line behind a button of these blocks. */
const commandOf = (blocks: readonly object[] | undefined, label: string): string => {
  const found = new RegExp(`"text":"${label}","emoji":true\\},"value":"((?:[^"\\\\]|\\\\.)*)"`).exec(
    JSON.stringify(blocks),
  )?.[1];
  if (found === undefined) throw new RangeError(`no button ${label} in ${JSON.stringify(blocks)}`);
  return String(JSON.parse(JSON.parse(`"${found}"`)).text);
};

/** What each of four names meets: well, in plaintext (which it always was), shut, and half alive. */
const mixed = (request: ProbeRequest): ProbeResult => {
  const { requestId, hostname, port, sslMode } = request;
  const of = (...addresses: Parameters<typeof report>[0]): ProbeResult => ({
    ok: true,
    report: report(addresses, { requestId, hostname, port, sslMode }),
  });
  switch (hostname.split('.')[0]) {
    case 'shut':
      return of(refusing('10.0.0.1'));
    case 'half':
      return of(encrypted('10.0.0.2'), refusing('10.0.0.3'));
    case 'bare':
      return of(plain('10.0.0.4'));
    case 'hidden':
      return {
        ok: false,
        failure: { kind: 'busy', message: 'The prober is busy (TooManyRequestsException). Check again in a minute.' },
      };
    case 'greylist':
      return of({
        ...encrypted('10.0.0.5'),
        stages: [...hello().slice(0, 1), answered('banner', '421 4.7.0 too busy')],
      });
    case 'silent':
      return of(dropping('10.0.0.6'));
    default:
      return { ok: true, report: healthyReport(request) };
  }
};
const mixedNames = ['bare', 'greylist', 'half', 'hidden', 'shut', 'silent', 'well'].map(
  (name) => `${name}.mail.corp.internal`,
);

describe('check all', () => {
  it('shows the worst first, with counts by state on top, and never calls down what the prober could not see', async () => {
    const worker = await withNames(mixedNames);
    worker.over.probe = mixed;
    await worker.work(worker.message('check all'), 1, { clock: createManualClock() });
    const rows = rowsOf(lastBlocks(worker));
    expect(hostnamesIn(rows).map((name) => name.split('.')[0])).toEqual([
      'shut',
      'silent',
      'half',
      'greylist',
      'hidden',
      'well',
      'bare',
    ]);
    expect(rows[0]).toContain('❌ down');
    expect(rows[0]).toContain('retries, then bounces');
    expect(rows[4]).toContain('❔ inconclusive');
    expect(rows[4]).toContain('unknown: the prober failed');
    expect(rows[6]).toContain('PLAINTEXT');
    expect(rows[6]).toContain(' ms');
    expect(worker.lastReply()).toContain('❌ 2 down   ⚠️ 1 degraded   ❔ 2 inconclusive   ✅ 2 up');
    expect(worker.lastReply()).toContain('The prober is busy (TooManyRequestsException). Check again in a minute.');
  });

  it('keeps what it saw as the last probe of each, so that list says the same, and nothing where the prober failed', async () => {
    const worker = await withNames(mixedNames);
    worker.over.probe = mixed;
    await worker.say('check all');
    expect(await lastProbe(worker.ports.state, 'shut.mail.corp.internal', signal)).toMatchObject({
      result: { ok: true },
    });
    expect(await lastProbe(worker.ports.state, 'hidden.mail.corp.internal', signal)).toBeUndefined();
    await worker.say('list');
    expect(worker.lastReply()).toContain('❌ 2 down   ⚠️ 1 degraded   ❔ 2 inconclusive   ✅ 2 up');
    await worker.say('list --state down');
    expect(hostnamesIn(rowsOf(lastBlocks(worker)))).toEqual(['shut.mail.corp.internal', 'silent.mail.corp.internal']);
  });

  it('leaves a server alone that answered 421 just now, and says so', async () => {
    const worker = await withNames(mixedNames);
    worker.over.probe = mixed;
    await worker.say('check all');
    const before = worker.probes.length;
    await worker.say('check all');
    expect(worker.probes.slice(before).map(({ hostname }) => hostname)).not.toContain('greylist.mail.corp.internal');
    expect(worker.lastReply()).toContain('not checked again: it answered 421 just now');
  });

  it('turns the pages of the same check, and looks no second time', async () => {
    const names = hosts(45);
    const worker = await withNames(names);
    await worker.say('check all');
    const probed = worker.probes.length;
    expect(probed).toBe(45);
    const seen = [...hostnamesIn(rowsOf(lastBlocks(worker)))];
    for (let page = 2; page <= 3; page += 1) {
      const line = commandOf(lastBlocks(worker), 'Next');
      await worker.work({ ...worker.message(line), replaceOriginal: true });
      seen.push(...hostnamesIn(rowsOf(lastBlocks(worker))));
    }
    expect(seen.toSorted()).toEqual(names);
    expect(() => commandOf(lastBlocks(worker), 'Next')).toThrow('no button');
    expect(worker.probes).toHaveLength(probed);
    expect(worker.messenger.replies.at(-1)?.replaceOriginal).toBe(true);
  });

  it('says that the pages are gone after an hour', async () => {
    const worker = await withNames(hosts(25));
    await worker.say('check all');
    const line = commandOf(lastBlocks(worker), 'Next');
    await worker.clock.advance(3_601_000);
    await worker.say(line);
    expect(worker.lastReply()).toContain('kept for an hour and are gone');
    expect(worker.probes).toHaveLength(25);
  });

  it('keeps thousands of the longest names there can be, and shows them within what Slack takes', async () => {
    const long = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}`;
    const names = Array.from(
      { length: 1_100 },
      (_, index) => `h${String(index).padStart(4, '0')}.${long}.corp.internal`,
    );
    const worker = await withNames(names);
    worker.over.probe = () => ({ ok: false, failure: { kind: 'timeout', message: '<'.repeat(5_000) } });
    await worker.say('check all');
    await worker.say(commandOf(lastBlocks(worker), 'Next'));
    expect(worker.lastReply()).toContain('21–40 of 1100 · page 2 of 55');
    expect(worker.logged.filter((line) => line.includes('could not be answered'))).toEqual([]);
  });
});

describe('whose names a check of many is of', () => {
  it('takes those that fit the pattern', async () => {
    const worker = await withNames(['a.git.corp.internal', 'b.mail.corp.internal', 'c.git.corp.internal']);
    await worker.say('check *.GIT.corp.internal.');
    expect(worker.probes.map(({ hostname }) => hostname)).toEqual(['a.git.corp.internal', 'c.git.corp.internal']);
  });

  it('understands a pattern that Slack has made a link of', async () => {
    const worker = await withNames(['a.git.corp.internal', 'b.mail.corp.internal']);
    await worker.say('check *.<http://git.corp.internal|git.corp.internal>');
    expect(worker.probes.map(({ hostname }) => hostname)).toEqual(['a.git.corp.internal']);
  });

  it('leaves out what is not granted, in the check and in its pages', async () => {
    const worker = await withNames([...hosts(25), 'a.git.corp.internal']);
    await worker.say('check all', { user: 'li' });
    expect(worker.probes.map(({ hostname }) => hostname)).toEqual(['a.git.corp.internal']);
    await worker.say('check all');
    await worker.say(commandOf(lastBlocks(worker), 'Next'), { user: 'li' });
    expect(hostnamesIn(rowsOf(lastBlocks(worker)))).toEqual(['a.git.corp.internal']);
    expect(worker.lastReply()).not.toContain('mail.corp.internal');
  });

  it('denies who may not check anything', async () => {
    const worker = await withNames(hosts(2));
    await worker.say('check all', { user: 'reader' });
    expect(worker.lastReply()).toContain('No grant lets you');
    expect(worker.probes).toEqual([]);
  });

  it.each([
    ['check all --rcpt a@example.com', '--rcpt: this works for one hostname only'],
    ['check *.mail.corp.internal --port 25 --ssl-mode None', '--port, --ssl-mode: this works for one hostname only'],
    ['check all --rcpt a@example.com --deliver', '--rcpt, --deliver: '],
    ['check git*.corp.internal', 'hostname: "git*.corp.internal" is not a valid pattern'],
    ['check *.nobody.corp.internal', 'No endpoint that you may check matches *.nobody.corp.internal'],
    ['check h001.mail.corp.internal --page 2', 'these work only for a check of all'],
    ['check all --result 0123', 'kept for an hour'],
  ])('answers "%s" and probes nothing', async (line, said) => {
    const worker = await withNames(hosts(3));
    await worker.say(line);
    expect(worker.lastReply()).toContain(said);
    expect(worker.probes).toEqual([]);
  });
});

/** Answers one batch after the other, whenever it is told to. */
const heldProber = () => {
  const waiting: (() => void)[] = [];
  let onCall = (): void => undefined;
  const prober: BatchProber = {
    probeMany: async (requests) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        onCall();
      });
      return requests.map((request) => ({ ok: true, report: healthyReport(request) }));
    },
  };
  return {
    prober,
    untilCalled: async (times: number) => {
      while (waiting.length < times) await new Promise<void>((resolve) => (onCall = resolve));
    },
    release: (count: number) => {
      for (const resolve of waiting.splice(0, count)) resolve();
    },
  };
};

describe('a check of many, while it runs', () => {
  const begun = async (over: Partial<ReturnType<Worker['message']>>, line = 'check all') => {
    const worker = await withNames(hosts(40));
    const clock = createManualClock();
    const held = heldProber();
    const working = worker.work({ ...worker.message(line), ...over }, 1, { clock, batchProber: held.prober });
    await held.untilCalled(4);
    return { worker, clock, held, working };
  };

  it('has one word for a slash command, and that only when it takes long', async () => {
    const { worker, clock, held, working } = await begun({});
    expect(worker.messenger.replies).toHaveLength(0);
    held.release(2);
    await clock.advance(5_000);
    await expect.poll(() => worker.messenger.replies.length).toBe(1);
    expect(worker.lastReply()).toContain('▓▓▓▓▓▓░░░░░░ 20 of 40');
    held.release(2);
    await working;
    expect(worker.messenger.replies).toHaveLength(2);
    expect(worker.lastReply()).toContain('40 endpoints checked');
    expect(worker.messenger.posts).toEqual([]);
  });

  it('says nothing on the way when it is soon over', async () => {
    const worker = await withNames(hosts(40));
    await worker.work(worker.message('check all'), 1, { clock: createManualClock() });
    expect(worker.messenger.replies).toHaveLength(1);
  });

  it('has the message of a button give way, and never spends all that a response_url takes', async () => {
    const { worker, clock, held, working } = await begun({ replaceOriginal: true });
    await expect.poll(() => worker.messenger.replies.length).toBe(1);
    expect(worker.lastReply()).toContain('░░░░░░░░░░░░ 0 of 40');
    for (let batch = 0; batch < 4; batch += 1) {
      held.release(1);
      await clock.advance(10_000);
    }
    await working;
    expect(worker.messenger.replies.length).toBeLessThanOrEqual(4);
    expect(worker.messenger.replies.every(({ replaceOriginal }) => replaceOriginal)).toBe(true);
    expect(worker.lastReply()).toContain('40 endpoints checked');
  });

  it('fills in one message in the channel with --share, edited every two seconds at most', async () => {
    const { worker, clock, held, working } = await begun({}, 'check all --share');
    const shownText = () => JSON.stringify(worker.messenger.posts[0]?.message.blocks);
    await expect.poll(() => worker.messenger.posts.length).toBe(1);
    expect(shownText()).toContain('0 of 40');
    held.release(1);
    await clock.untilSleeping();
    expect(shownText()).toContain('0 of 40');
    await clock.advance(2_000);
    await expect.poll(shownText).toContain('10 of 40');
    held.release(3);
    await working;
    expect(worker.messenger.posts).toHaveLength(1);
    expect(shownText()).toContain('40 endpoints checked');
    expect(worker.messenger.replies).toEqual([]);
  });

  it('says nothing more of how far it is once something broke', async () => {
    const { worker, clock, held, working } = await begun({});
    worker.ports.state.list = () => Promise.reject(new Error('gone'));
    held.release(4);
    expect(await working).toMatchObject({ kind: 'retry' });
    await clock.advance(10_000);
    expect(worker.messenger.replies).toHaveLength(1);
    expect(worker.lastReply()).toContain('Something went wrong on my side. Nothing was changed.');
  });

  it('goes on with the message of a delivery that died', async () => {
    const worker = await withNames(hosts(3));
    const message = worker.message('check all --share');
    const dies: BatchProber = { probeMany: () => Promise.reject(new Error('killed')) };
    await worker.work(message, 1, { batchProber: dies });
    await worker.work(message, 2);
    expect(worker.messenger.posts).toHaveLength(1);
    expect(JSON.stringify(worker.messenger.posts[0]?.message.blocks)).toContain('3 endpoints checked');
  });

  it('answers by the response_url where the bot is no member', async () => {
    const worker = await withNames(hosts(3));
    await worker.work(worker.message('check all --share', { channel: 'C0STRANGE' }));
    expect(worker.messenger.replies.at(-1)).toMatchObject({ inChannel: true });
    expect(worker.lastReply()).toContain('3 endpoints checked');
  });
});

describe('a check of many against the deadline', () => {
  it('says what was not reached in time, and saves nothing of it', async () => {
    const worker = await withNames(hosts(40), '10.0.0.1');
    // All lead to one address, so that no two invocations run at once; each takes until there is no time for another.
    const clock = worker.clock;
    const slow: BatchProber = {
      probeMany: async (requests) => {
        await clock.advance(40_000);
        return requests.map((request) => ({ ok: true, report: healthyReport(request) }));
      },
    };
    await worker.work(worker.message('check all'), 1, { batchProber: slow });
    expect(worker.lastReply()).toMatch(/\d+ endpoints checked/);
    expect(worker.lastReply()).toContain('not reached in time. Check fewer');
    const reached = Number(/(\d+) endpoints? checked/.exec(worker.lastReply())?.[1]);
    const left = Number(/⌛ (\d+) not reached/.exec(worker.lastReply())?.[1]);
    expect(reached + left).toBe(40);
    expect(left).toBeGreaterThan(0);
    await worker.say('list --state inconclusive');
    expect(worker.lastReply()).toContain(`${left} endpoints`);
    expect(worker.lastReply()).toContain('not probed yet');
  });
});
