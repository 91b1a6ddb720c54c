import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import { saveProbe } from '../../../lib/app/state/directory.ts';
import { watch } from '../../../lib/app/watch/watch.ts';
import { markerName } from '../../../lib/core/dns/marker.ts';
import { budgets, lambdaPayloadOctets, messageBudget, viewBudget } from '../../../lib/core/limits/limits.ts';
import { jsonOctets } from '../../../lib/core/limits/octets.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import { boundedResult } from '../../../lib/core/probe-report/bounded-report.ts';
import type { ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { charactersOf } from '../../../lib/messages/block-kit/fit.ts';
import type { Message } from '../../../lib/messages/message.ts';
import { hostileReport, hostileText } from '../../support/hostile-report.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const count = 500;
const padding = [63, 63, 63, 20].map((length) => 'a'.repeat(length)).join('.');
/** As long as a name may be, whose marker has 253 octets. */
const nameOf = (index: number): string => `h${String(index).padStart(3, '0')}.${padding}.mail.corp.internal`;
const addresses = Array.from({ length: 8 }, (_, index) => `fd00:1234:5678:9abc:def0:1234:5678:${1000 + index}`);

/** What left the program and was larger than it may be. */
const complaints: string[] = [];
const within = (what: string, size: number, limit: number): void => {
  if (size > limit) complaints.push(`${what}: ${size}, above ${limit}`);
};
const checkMessage = (what: string, { text, blocks }: Message): void => {
  within(`${what}, text`, text.length, messageBudget.textCharacters);
  within(`${what}, characters of blocks`, charactersOf(blocks), messageBudget.characters);
  within(`${what}, blocks`, blocks.length, messageBudget.blocks);
};

/** Ports that look at all that goes through them. */
const watched = (ports: Ports): Ports => {
  const { messenger, state, ledger, queue, batchProber } = ports;
  return {
    ...ports,
    messenger: {
      ...messenger,
      reply: (to, message, ...rest) => {
        checkMessage('reply', message);
        return messenger.reply(to, message, ...rest);
      },
      post: (channelId, message, metadata, ...rest) => {
        checkMessage(`post ${metadata.event_type}`, message);
        within('metadata', jsonOctets(metadata.event_payload), messageBudget.metadataOctets);
        return messenger.post(channelId, message, metadata, ...rest);
      },
      postInThread: (thread, message, ...rest) => {
        checkMessage('thread', message);
        return messenger.postInThread(thread, message, ...rest);
      },
      edit: (channelId, ts, message, ...rest) => {
        checkMessage('edit', message);
        return messenger.edit(channelId, ts, message, ...rest);
      },
      publishHome: (userId, blocks, ...rest) => {
        within('Home, characters', charactersOf(blocks), viewBudget.characters);
        within('Home, blocks', blocks.length, viewBudget.blocks);
        return messenger.publishHome(userId, blocks, ...rest);
      },
    },
    state: {
      ...state,
      put: (item, ...rest) => {
        within(`state ${item.collection}`, jsonOctets(item), budgets.stateItem);
        return state.put(item, ...rest);
      },
    },
    ledger: {
      ...ledger,
      append: (entry, ...rest) => {
        within(`ledger ${entry.body.kind}`, jsonOctets(entry), budgets.ledgerEntry);
        return ledger.append(entry, ...rest);
      },
    },
    queue: {
      send: (message, ...rest) => {
        within(`queue ${message.kind}`, jsonOctets(message), budgets.queueMessage);
        return queue.send(message, ...rest);
      },
    },
    batchProber: {
      probeMany: async (requests, ...rest) => {
        within('prober, request', jsonOctets(requests), lambdaPayloadOctets);
        const results = await batchProber.probeMany(requests, ...rest);
        within('prober, response', jsonOctets(results), lambdaPayloadOctets);
        return results;
      },
    },
  };
};

describe(`${count} endpoints with the longest names, eight IPv6 targets and servers that say the worst`, () => {
  const policy = {
    cidrs: ['10.0.0.0/8', 'fd00::/8'],
    confirm: { verbs: [] },
    watch: watchRulesSchema.parse({ channel: 'C0ONCALL' }),
  };
  const channels = ['C0AUDIT', 'C0OTHER', 'C0ONCALL'];
  const worker = workerUnderTest({ policy, channels });
  let ports: Ports;
  const work = async (message: Parameters<typeof worker.work>[0]): Promise<void> => {
    expect(await worker.work(message, 1, ports), JSON.stringify(message).slice(0, 300)).toEqual({ kind: 'done' });
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift())
      await worker.work(next, 1, ports);
  };

  beforeAll(async () => {
    expect(markerName(nameOf(1))).toHaveLength(253);
    ports = watched(worker.ports);
    const [sample] = fc.sample(hostileReport('x'), { numRuns: 1, seed: 11 });
    if (sample === undefined) throw new Error('no report');
    const text = fc.sample(hostileText(200), { numRuns: count, seed: 12 });
    const bounded = boundedResult({ ok: true, report: sample });
    if (!bounded.ok) throw new Error('no report');
    worker.over.probe = ({ requestId, hostname, port, sslMode }): ProbeResult => ({
      ok: true,
      report: { ...bounded.report, requestId, hostname, port, sslMode },
    });
    for (let index = 0; index < count; index += 1) {
      const message = worker.message(`add ${nameOf(index)} ${addresses.join(' ')} --standby 10.0.5.12`);
      if (message.command.verb !== 'add') throw new Error('no addition');
      const said = { name: (text[index] ?? '').slice(0, 60), note: text[index] ?? '' };
      const { definition } = message.command;
      await worker.work(
        { ...message, command: { ...message.command, definition: { ...definition, ...said } } },
        1,
        ports,
      );
      // One whose texts are not taken is added without them.
      if ((await worker.records(nameOf(index))).length === 0) await worker.work(worker.message(message.text), 1, ports);
    }
  }, 240_000);

  it('are all registered', async () => {
    expect(await worker.ports.state.list('directory', signal)).toHaveLength(count);
    expect(worker.lastReply()).toContain('added');
    expect(complaints).toEqual([]);
  });

  it('are announced, each once, within the limits of messages', async () => {
    for (const message of worker.queued.splice(0)) await work(message);
    const entries = await worker.ledger.read('_audit', signal);
    const names = entries.flatMap(({ body }) =>
      body.kind === 'announced' ? body.changes.map(({ hostname }) => hostname) : [],
    );
    expect(new Set(names).size).toBe(count);
    expect(names).toHaveLength(count);
    expect(complaints).toEqual([]);
  });

  it('are watched within the limits of items, payloads and alerts', async () => {
    const watchPorts = {
      ...ports,
      zones: ports.zoneListing,
      prober: ports.batchProber,
      deadLetters: { receive: async () => [], remove: async () => undefined },
      newToken: () => 'token',
    };
    const said = fc.sample(hostileText(500), { numRuns: 1, seed: 13 });
    worker.over.probe = (request) => {
      const report = healthyReport(request, addresses);
      const refused = {
        stage: 'connect',
        status: 'failed',
        reason: 'refused',
        detail: said.join(),
        durationMs: 1,
      } as const;
      return {
        ok: true,
        report: { ...report, addresses: report.addresses.map((each) => ({ ...each, stages: [refused] })) },
      };
    };
    const alerts = () => worker.messenger.posts.filter(({ channelId }) => channelId === 'C0ONCALL');
    for (let round = 0; round < 10 && alerts().length === 0; round += 1) {
      await watch(watchPorts, { atMs: worker.clock.now() + 110_000, signal });
      for (const message of worker.queued.splice(0)) await work(message);
      await worker.clock.advance(60_000);
    }
    expect(alerts().length).toBeGreaterThan(0);
    expect(worker.logged.filter((line) => /could not (?:keep|judge)|refuses an incident/.test(line))).toEqual([]);
    expect(complaints).toEqual([]);
  }, 240_000);

  it.each([
    'list',
    'list --page 9',
    'list --page 500',
    'list --state down',
    `list --target ${addresses[0]}`,
    'check all',
    'check *.mail.corp.internal',
    'drift',
    'drift --page 2',
    'history',
    'history --page 40',
    'history --by @maria',
    'history --verify',
    'pending',
    'status',
    'doctor',
    `show ${nameOf(7)}`,
    `check ${nameOf(7)}`,
    `history ${nameOf(7)}`,
    `failover ${nameOf(7)}`,
    `update ${nameOf(7)} 10.0.4.13`,
    `remove ${nameOf(8)}`,
    'mute *.mail.corp.internal 2h',
  ])(
    'are answered for within the limits: %s',
    async (line) => {
      const said = worker.messenger.replies.length;
      await work(worker.message(line));
      expect(worker.messenger.replies.length).toBeGreaterThan(said);
      expect(worker.logged.filter((each) => /could not be (?:answered|worked)/.test(each))).toEqual([]);
      expect(complaints).toEqual([]);
    },
    120_000,
  );

  it('that have drifted, all of them, are listed within the limits', async () => {
    const { zones } = worker.ports;
    for (let index = 0; index < count; index += 1) {
      const changes = (await worker.records(nameOf(index))).map((recordSet) => ({
        action: 'DELETE' as const,
        recordSet,
      }));
      if (changes.length > 0) await zones.submit('Z0CORP', changes, 'by hand', signal);
    }
    await work(worker.message('drift'));
    await work(worker.message('drift --page 2'));
    expect(complaints).toEqual([]);
  }, 120_000);

  it('fit into Home', async () => {
    await work({ ...worker.message('list', { channel: 'U0MARIA' }), command: { verb: 'home' }, text: 'home' });
    expect(worker.messenger.homes.get('U0MARIA')?.length).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
  });

  it('keep a probe of any server', async () => {
    await fc.assert(
      fc.asyncProperty(hostileReport(nameOf(3)), async (report) => {
        await saveProbe(
          ports.state,
          nameOf(3),
          { at: '2026-03-02T14:02:00.000Z', result: { ok: true, report } },
          signal,
        );
      }),
      { numRuns: 5 },
    );
    expect(complaints).toEqual([]);
  });
});
