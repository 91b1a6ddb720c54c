import { describe, expect, it } from 'vitest';
import { parseSince } from '../../../lib/app/commands/history.ts';
import { readRegistry } from '../../../lib/core/postal/audit/registry-file.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { answered, passed, reply } from '../../support/sample-probe.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = new AbortController().signal;

const withOne = async () => {
  const worker = workerUnderTest();
  await worker.say(`add ${host} 10.0.4.12 --name GitLab --owner <@U0MARIA> --note "kept & <b>"`);
  return worker;
};

describe('show', () => {
  it('shows definition, records, last probe and what to type in Postal', async () => {
    const worker = await withOne();
    await worker.say(`show ${host}`);
    for (const part of [
      'with ownership marker',
      'Postal will get in, encrypted.',
      'SSL Mode',
      'Note: kept & <b>',
      '<@U0MARIA>',
    ]) {
      expect(worker.lastReply()).toContain(part);
    }
  });

  it('says when Route 53 differs', async () => {
    const worker = await withOne();
    const [a] = (await worker.records(host)).filter(({ type }) => type === 'A');
    if (a === undefined) throw new Error('no A record');
    const changes = [
      { action: 'DELETE', recordSet: a },
      { action: 'CREATE', recordSet: { ...a, values: ['10.66.0.1'] } },
    ] as const;
    await worker.ports.zones.submit('Z0CORP', changes, '', signal);
    await worker.say(`show ${host}`);
    expect(worker.lastReply()).toContain('Route 53 differs');
    expect(worker.lastReply()).toContain('10.66.0.1');
  });

  it('says how to register a name that is not', async () => {
    const worker = workerUnderTest();
    await worker.say(`show ${host}`);
    expect(worker.lastReply()).toContain('is not registered');
    expect(worker.lastReply()).toContain(`/postal-endpoint add ${host}`);
  });
});

describe('list', () => {
  it('says how to add the first one', async () => {
    const worker = workerUnderTest();
    await worker.say('list');
    expect(worker.lastReply()).toContain('No endpoint is registered yet');
    expect(worker.lastReply()).toContain('open-form:add');
  });

  it('pages through the longest names that there can be, and loses none', async () => {
    const worker = workerUnderTest();
    const label = 'a'.repeat(63);
    const names = Array.from(
      { length: 45 },
      (_, index) => `h${String(index).padStart(2, '0')}.${label}.${label}.${'b'.repeat(20)}.corp.internal`,
    );
    const addresses = [1, 2, 3, 4, 5, 6, 7, 8]
      .map((octet) => `fd00:1111:2222:3333:4444:5555:6666:000${octet}`)
      .join(' ');
    for (const name of names) await worker.say(`add ${name} ${addresses}`);
    const seen: string[] = [];
    for (let page = 1; page === 1 || worker.lastReply().includes(`--page ${page}`); page += 1) {
      await worker.say(`list --page ${page}`);
      seen.push(...names.filter((name) => worker.lastReply().includes(name)));
    }
    expect(seen).toEqual(names);
    expect(worker.logged.filter((line) => line.includes('could not be answered'))).toEqual([]);
  });

  it('lists what leads to one target', async () => {
    const worker = await withOne();
    await worker.say('add other.corp.internal 10.0.9.9');
    await worker.say('list --target 10.0.9.9');
    expect(worker.lastReply()).toContain('other.corp.internal');
    expect(worker.lastReply()).not.toContain(host);
  });

  it('finds a target however it is written', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} fd00::1`);
    await worker.say('list --target FD00:0:0::0001');
    expect(worker.lastReply()).toContain(host);
  });
});

describe('list --owner', () => {
  it('lists the hostnames of an owner alone, on every page', async () => {
    const worker = await withOne();
    for (let index = 0; index < 21; index += 1)
      await worker.say(`add h${index}.corp.internal 10.0.9.9 --owner "mail team"`);
    await worker.say('list --owner "mail team"');
    expect(worker.lastReply()).toContain('21 endpoints');
    expect(worker.lastReply()).not.toContain(host);
    expect(worker.lastReply()).toMatch(/list --owner \\*"mail team\\*" --page 2/);
    await worker.say('list --owner nobody');
    expect(worker.lastReply()).toContain('No endpoint owned by');
  });
});

describe('list --json', () => {
  it('hands over the registry as the file that an audit reads', async () => {
    const worker = await withOne();
    await worker.say('add other.corp.internal 10.0.9.9 --port 587');
    await worker.say('list --json');
    const [upload] = worker.files.uploads;
    const registry = readRegistry(Buffer.from(upload?.bytes ?? []).toString());
    expect(registry).toMatchObject({
      registrations: new Map([
        [host, { port: 25, sslMode: 'Auto' }],
        ['other.corp.internal', { port: 587, sslMode: 'Auto' }],
      ]),
      isComplete: true,
    });
    expect(upload?.destination).toBe('U0MARIA');
    expect(worker.lastReply()).toContain('is in your direct messages with me: 2 hostnames');
    await worker.say('list --json --share');
    expect(worker.files.uploads[1]?.destination).toBe('C0OTHER');
  });

  it('is the whole registry or nothing, and says so', async () => {
    const worker = await withOne();
    await worker.say('list --json --target 10.0.4.12');
    expect(worker.lastReply()).toContain('json: this file always contains the whole registry');
    expect(worker.files.uploads).toEqual([]);
  });
});

describe('what people ask to see', () => {
  const grants = [
    { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
    { name: 'git', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'], hostnames: ['*.git.corp.internal'] },
  ];
  const withTwo = async () => {
    const worker = workerUnderTest({ policy: { grants } });
    await worker.say('add secret.mail.corp.internal 10.0.4.12');
    await worker.say('add open.git.corp.internal 10.0.4.12');
    await worker.say('add secret..corp.internal 10.0.4.12');
    return worker;
  };
  const homeOf = async (worker: Awaited<ReturnType<typeof withTwo>>, user: string): Promise<string> => {
    await worker.work({
      ...worker.message('whoami', { user, channel: `U0${user.toUpperCase()}` }),
      requestId: `home-${user}`,
      command: { verb: 'home' },
    });
    return JSON.stringify(worker.messenger.homes.get(`U0${user.toUpperCase()}`));
  };

  it.each(['list', 'history', 'list --target 10.0.4.12'])(
    'leaves out of "%s" what their grants do not name',
    async (line) => {
      const worker = await withTwo();
      await worker.say(line, { user: 'li' });
      expect(worker.lastReply()).toContain('open.git.corp.internal');
      expect(worker.lastReply()).not.toContain('secret');
      await worker.say(line);
      expect(worker.lastReply()).toContain('secret.mail.corp.internal');
    },
  );

  it('leaves out of drift and pending what their grants do not name', async () => {
    const worker = await withTwo();
    for (const host of ['secret.mail.corp.internal', 'open.git.corp.internal']) {
      const [record] = (await worker.records(host)).filter(({ type }) => type === 'A');
      if (record === undefined) throw new Error('no record');
      await worker.ports.zones.submit('Z0CORP', [{ action: 'DELETE', recordSet: record }], '', signal);
    }
    await worker.say('update secret.mail.corp.internal 10.0.4.13');
    for (const line of ['drift', 'pending']) {
      await worker.say(line, { user: 'li' });
      expect(worker.lastReply()).not.toContain('secret');
      await worker.say(line);
      expect(worker.lastReply()).toContain('secret.mail.corp.internal');
    }
    await worker.say('drift', { user: 'li' });
    expect(worker.lastReply()).toContain('1 of 1 has drifted');
    expect(worker.lastReply()).toContain('open.git.corp.internal');
  });

  it('leaves it out of the App Home too, and shows no names to who may list none', async () => {
    const worker = await withTwo();
    expect(await homeOf(worker, 'maria')).toContain('secret.mail.corp.internal');
    expect(await homeOf(worker, 'li')).toContain('open.git.corp.internal');
    expect(await homeOf(worker, 'li')).not.toContain('secret');
    expect(await homeOf(worker, 'guest')).toContain('No grant of the policy');
    expect(await homeOf(worker, 'guest')).not.toContain('corp.internal');
  });

  it.each([
    'history &lt;!channel&gt; --share',
    'history "&lt;https://example.com|click&gt;" --share',
    'history ""',
    `history ${'a'.repeat(3000)}`,
    'list --target &lt;!channel&gt; --share',
    'list --target "&lt;@U0MARIA&gt; and more"',
    `list --target ${'a'.repeat(3000)}`,
  ])('names the argument of "%.60s", and speaks to nobody else with it', async (line) => {
    const worker = workerUnderTest();
    expect(await worker.say(line)).toEqual({ kind: 'done' });
    expect(worker.lastReply()).toMatch(/✗ \*(?:hostname|target)\*: /);
    expect(worker.lastReply()).not.toMatch(/<[!@#h]/);
    expect(worker.logged).toEqual([]);
  });
});

describe('check', () => {
  it('probes a registered name as it is registered, stages and all', async () => {
    const worker = await withOne();
    await worker.say(`check ${host}`);
    expect(worker.probes.at(-1)).toMatchObject({ hostname: host, port: 25, sslMode: 'Auto', recordTypes: ['A'] });
    expect(worker.lastReply()).toContain('220 <mx> ESMTP & more');
    expect(worker.lastReply()).toContain('session-ticket');
  });

  it('does not ask the resolver for a name that Route 53 does not have', async () => {
    const worker = workerUnderTest();
    await worker.say(`check ${host}`);
    expect(worker.probes).toEqual([]);
    expect(worker.lastReply()).toContain('No hosts to try');
  });

  it('refuses a port outside policy and an address for a name', async () => {
    const worker = workerUnderTest();
    await worker.say(`check ${host} --port 22`);
    expect(worker.lastReply()).toContain('Port 22 is not allowed here');
    await worker.say('check 10.0.4.12');
    expect(worker.lastReply()).toContain('Postal never delivers to one');
    expect(worker.probes).toEqual([]);
  });

  it('stays within what Slack takes, whatever the servers say and however many there are', async () => {
    const worker = await withOne();
    const talk = `220 ${'<'.repeat(8000)}`;
    worker.over.probe = (request) => {
      const report = healthyReport(
        request,
        Array.from(
          { length: 32 },
          (_, index) => `fd00:1111:2222:3333:4444:5555:6666:77${String(index).padStart(2, '0')}`,
        ),
      );
      const refuse = (stage: 'ehlo' | 'helo') => answered(stage, `550 ${'<'.repeat(8000)}`);
      const stages = [passed('connect'), passed('banner', { reply: reply(talk) }), refuse('ehlo'), refuse('helo')];
      return {
        ok: true,
        report: {
          ...report,
          addresses: report.addresses.map(({ ip, port }) => ({ ip, port, banner: talk, stages, capabilities: [] })),
        },
      };
    };
    await worker.say(`check ${host}`);
    expect(worker.lastReply()).toContain('Postal will not get in');
    expect(worker.lastReply()).toContain('stages of 24 more addresses are left out');
    await worker.say(`show ${host}`);
    expect(worker.lastReply()).toContain('with ownership marker');
    expect(worker.logged.filter((line) => line.includes('could not be answered'))).toEqual([]);
  });

  it('answers in the channel with --share only', async () => {
    const worker = await withOne();
    await worker.say(`check ${host}`);
    expect(worker.messenger.replies.at(-1)?.inChannel).toBe(false);
    await worker.say(`check ${host} --share`);
    expect(worker.messenger.replies.at(-1)?.inChannel).toBe(true);
  });
});

describe('history', () => {
  it('shows changes and refusals, newest first, each change with its link', async () => {
    const worker = await withOne();
    await worker.clock.advance(60_000);
    await worker.say(`add ${host} 10.9.9.9`, { user: 'li' });
    await worker.say(`history ${host}`);
    const reply = worker.lastReply();
    expect(reply).toContain('https://local.example/archives/C0AUDIT/');
    expect(reply.indexOf('✗ refused')).toBeGreaterThan(0);
    expect(reply.indexOf('✗ refused')).toBeLessThan(reply.indexOf('✅ applied'));
  });

  it('finds by person and over days without a hostname', async () => {
    const worker = await withOne();
    await worker.clock.advance(3 * 86_400_000);
    await worker.say('add other.corp.internal 10.0.9.9', { user: 'li' });
    await worker.say('history');
    expect(worker.lastReply()).toContain(host);
    await worker.say('history --since 2d');
    expect(worker.lastReply()).not.toContain(host);
    await worker.say('history --by <@U0LI>');
    expect(worker.lastReply()).toContain('other.corp.internal');
    expect(worker.lastReply()).not.toContain(host);
  });

  it('names the argument that it cannot read', async () => {
    const worker = workerUnderTest();
    await worker.say('history --since yesterday');
    expect(worker.lastReply()).toContain('since: "yesterday"');
  });

  it.each([
    ['90m', 90 * 60_000],
    ['12h', 12 * 3_600_000],
    ['7d', 7 * 86_400_000],
    ['2w', 14 * 86_400_000],
  ])('reads %s', (text, spanMs) => {
    expect(parseSince(text, 1e12)).toBe(1e12 - spanMs);
  });

  it.each(['', '7', 'd', '-7d', '400d', '2999-01-01', '2026-13-01'])('does not read "%s"', (text) => {
    expect(parseSince(text, Date.parse('2026-03-02'))).toBeUndefined();
  });
});

describe('status, whoami and home', () => {
  it('says that the bot is well, or what is not', async () => {
    const worker = await withOne();
    await worker.say('status');
    expect(worker.lastReply()).toContain('The bot works.');
    worker.over.probe = () => ({ ok: false, failure: { kind: 'unavailable', message: 'The prober does not answer.' } });
    await worker.say('status');
    expect(worker.lastReply()).toContain('1 of 6 parts needs attention');
    expect(worker.lastReply()).toContain('The prober does not answer.');
  });

  it('says what a person may do and why', async () => {
    const worker = workerUnderTest({
      policy: {
        grants: [
          {
            name: 'mail team',
            teams: ['T0TEAM'],
            users: ['U0MARIA'],
            verbs: ['add', 'show'],
            hostnames: ['*.mail.corp.internal'],
          },
        ],
      },
    });
    await worker.say('whoami');
    expect(worker.lastReply()).toContain('*mail team*: `add` `show` on `*.mail.corp.internal`');
    await worker.say('whoami', { user: 'guest' });
    expect(worker.lastReply()).toContain('No grant of the policy covers you');
  });

  it('publishes the App Home with those that need a person first', async () => {
    const worker = await withOne();
    const message = worker.message('whoami');
    await worker.work({ ...message, requestId: 'home-1', command: { verb: 'home' } });
    expect(JSON.stringify(worker.messenger.homes.get('U0MARIA'))).toContain(host);
  });
});

describe('pending gives each reader the buttons that they may press', () => {
  const policy = {
    grants: [
      { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA', 'U0LI'], verbs: ['*'] },
      { name: 'look', teams: ['T0TEAM'], users: ['U0BO'], verbs: ['pending'] },
    ],
    protected: [
      {
        name: 'production',
        hostnames: ['*.prod.corp.internal'],
        verbs: ['add' as const],
        approvers: { users: ['U0LI'] },
        channel: 'C0OTHER',
      },
    ],
  };
  const labels = async (line: string, user: string, share = false): Promise<readonly string[]> => {
    const worker = workerUnderTest({ policy });
    await worker.say('add a.corp.internal 10.0.4.12');
    await worker.say(line);
    await worker.say(`pending${share ? ' --share' : ''}`, { user });
    const blocks = worker.messenger.replies.at(-1)?.message.blocks ?? [];
    return blocks.flatMap((block) =>
      block.type === 'actions'
        ? block.elements.flatMap((element) => (element.type === 'button' ? [element.text.text] : []))
        : [],
    );
  };
  const [confirmation, approval] = ['update a.corp.internal 10.0.4.13', 'add a.prod.corp.internal 10.0.4.14'];

  it.each([
    [confirmation, 'maria', ['Apply', 'Cancel']],
    [confirmation, 'li', []],
    [confirmation, 'bo', []],
    [approval, 'maria', ['Cancel']],
    [approval, 'li', ['Approve', 'Reject']],
    [approval, 'bo', []],
  ] as const)('%s, seen by %s: %j', async (line, user, expected) => {
    expect(await labels(line, user)).toEqual(expected);
  });

  it('and in a channel every button, for others read it, too', async () => {
    expect(await labels(approval, 'maria', true)).toEqual(['Approve', 'Reject', 'Cancel']);
  });
});
