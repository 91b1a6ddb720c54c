import { describe, expect, it } from 'vitest';
import { listMutes, mutesIn } from '../../../lib/app/state/mute-store.ts';
import { endpointStates } from '../../../lib/app/watch/endpoint-states.ts';
import { mutesStream } from '../../../lib/core/ledger/entry.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = new AbortController().signal;

const registered = async (policy: Parameters<typeof workerUnderTest>[0] = {}) => {
  const worker = workerUnderTest(policy);
  await worker.say(`add ${host} 10.0.4.12`);
  return worker;
};
type Worker = Awaited<ReturnType<typeof registered>>;
const mutes = (worker: Worker) => listMutes(worker.ports.state, signal);
const kinds = async (worker: Worker) =>
  (await worker.kinds(host)).filter((kind) => kind === 'muted' || kind === 'unmuted');

describe('mute', () => {
  it('holds from now on, is written down with its reason, and says until when', async () => {
    const worker = await registered();
    const now = worker.clock.now();
    await worker.say(`mute ${host} 2h --reason "new <rack>"`);
    expect(await mutes(worker)).toEqual([
      { hostname: host, fromMs: now, untilMs: now + 7_200_000, by: 'U0MARIA', reason: 'new <rack>' },
    ]);
    const entry = (await worker.ports.ledger.read(host, signal)).at(-1);
    expect(entry?.body).toMatchObject({
      kind: 'muted',
      until: new Date(now + 7_200_000).toISOString(),
      reason: 'new <rack>',
    });
    expect(worker.lastReply()).toContain('muted until');
    expect(worker.lastReply()).toContain('new &lt;rack&gt;');
  });

  it.each([
    ['--from 2h', 7_200_000],
    ['--from 2026-03-03T22:00', undefined],
    ['--from 2026-03-03T23:00+01:00', undefined],
  ])('plans a window with %s', async (option, afterMs) => {
    const worker = await registered();
    const now = worker.clock.now();
    await worker.say(`mute ${host} 1h ${option}`);
    const [entered] = await mutes(worker);
    const fromMs = afterMs === undefined ? Date.parse('2026-03-03T22:00:00Z') : now + afterMs;
    expect(entered).toMatchObject({ fromMs, untilMs: fromMs + 3_600_000 });
    expect(worker.lastReply()).toContain('muted from');
  });

  it.each([
    [undefined, '03:00', 'T03:00'],
    ['Europe/Berlin', '03:00', 'T02:00'],
    ['America/New_York', '2026-03-20T22:00', '2026-03-21T02:00'],
  ])('reads a time in the time zone of the policy: %s', async (timeZone, from, expected) => {
    const worker = await registered({ policy: examplePolicy({ ...(timeZone && { timeZone }) }) });
    const now = worker.clock.now();
    await worker.say(`mute ${host} 1h --from ${from}`);
    const [entered] = await mutes(worker);
    expect(new Date(entered?.fromMs ?? 0).toISOString()).toContain(expected);
    expect(entered?.fromMs).toBeGreaterThan(now);
  });

  it.each([
    [`mute ${host} 2`, 'duration'],
    [`mute ${host} 1m`, 'duration'],
    [`mute ${host} 99w`, 'duration'],
    [`mute ${host} 2h --from tomorrow`, 'from'],
    [`mute ${host} 2h --from 2020-01-01T00:00`, 'from'],
    [`mute ${host} 2h --from 99w`, 'from'],
    [`mute ${host} 2h --reason ${'x'.repeat(501)}`, 'reason'],
    ['mute other.mail.corp.internal 2h', 'not registered'],
    ['mute 10.0.4 2h', 'hostname'],
  ])('refuses "%s" and names %s', async (line, named) => {
    const worker = await registered();
    await worker.say(line);
    expect(worker.lastReply()).toContain(named);
    expect(await mutes(worker)).toEqual([]);
    expect(await kinds(worker)).toEqual([]);
  });

  it('is written down once, whenever its delivery breaks off', async () => {
    const worker = await registered();
    const message = worker.message(`mute ${host} 2h`);
    const state = { ...worker.ports.state, put: () => Promise.reject(new Error('killed')) };
    await worker.work(message, 1, { state });
    await worker.clock.advance(60_000);
    await worker.work(message, 2);
    expect(await kinds(worker)).toEqual(['muted']);
    const entry = (await worker.ports.ledger.read(host, signal)).at(-1);
    expect((await mutes(worker)).map(({ untilMs }) => new Date(untilMs).toISOString())).toEqual([
      entry?.body.kind === 'muted' ? entry.body.until : undefined,
    ]);
  });

  it('is a right like any other', async () => {
    const worker = await registered({
      policy: { grants: [{ name: 'looking', teams: ['T0TEAM'], verbs: ['show', 'add'] }] },
    });
    await worker.say(`mute ${host} 2h`);
    expect(await mutes(worker)).toEqual([]);
    expect((await worker.kinds('_refused')).at(-1)).toBe('refused');
  });
});

describe('the history', () => {
  it('shows what was muted, until when and why', async () => {
    const worker = await registered();
    await worker.say(`mute ${host} 2h --reason rack`);
    await worker.say(`unmute ${host}`);
    await worker.say(`history ${host}`);
    for (const part of ['🔕 muted until', ': rack', '🔔 unmuted']) expect(worker.lastReply()).toContain(part);
  });
});

describe('unmute', () => {
  it('ends what holds and what is planned, and is written down', async () => {
    const worker = await registered();
    await worker.say(`mute ${host} 2h`);
    await worker.say(`mute ${host} 2h --from 1d`);
    await worker.say(`unmute ${host}`);
    expect(await mutes(worker)).toEqual([]);
    expect(await kinds(worker)).toEqual(['muted', 'muted', 'unmuted']);
  });

  it('says so where nothing was muted', async () => {
    const worker = await registered();
    await worker.say(`unmute ${host}`);
    expect(worker.lastReply()).toContain('was not muted');
    expect(await kinds(worker)).toEqual([]);
  });
});

const other = 'wiki.mail.corp.internal';
const group = 'S0GITLAB1';

describe('mute of more than one name', () => {
  const fleet = async (policy: Parameters<typeof workerUnderTest>[0] = {}) => {
    const worker = workerUnderTest(policy);
    await worker.say(`add ${host} 10.0.4.12 --owner ${group}`);
    await worker.say(`add ${other} 10.0.4.13`);
    return worker;
  };
  const mutedNames = async (worker: Worker) =>
    (await endpointStates(worker.ports, signal)).flatMap(({ registered, mute }) =>
      mute === undefined ? [] : [registered.definition.hostname],
    );

  it.each([
    ['*.mail.corp.internal', [host, other]],
    ['10.0.4.12', [host]],
    [`<!subteam^${group}|@gitlab>`, [host]],
  ])('covers what fits %s, ends with unmute, and is in the history', async (what, names) => {
    const worker = await fleet();
    await worker.say(`mute ${what} 2h --reason rack`);
    expect(await mutedNames(worker)).toEqual(names);
    expect(worker.lastReply()).toContain(`${names.length} registered ${names.length === 1 ? 'name' : 'names'} now`);
    await worker.say('list --state muted');
    expect(worker.lastReply()).toContain(`${names.length} ${names.length === 1 ? 'endpoint' : 'endpoints'}`);
    await worker.say('status');
    expect(worker.lastReply()).toContain('by <@U0MARIA>: rack');
    await worker.work({ ...worker.message('status'), command: { verb: 'home' } });
    expect(JSON.stringify(worker.messenger.homes.get('U0MARIA'))).toContain('*Muted*');
    const entries = await worker.ports.ledger.read(mutesStream, signal);
    expect(mutesIn(entries, worker.clock.now())).toEqual(await mutes(worker));
    await worker.say(`unmute ${what}`);
    expect(await mutedNames(worker)).toEqual([]);
    expect(mutesIn(await worker.ports.ledger.read(mutesStream, signal), worker.clock.now())).toEqual([]);
  });

  it('covers a name that is registered later, and expires', async () => {
    const worker = await fleet();
    await worker.say('mute *.mail.corp.internal 2h');
    await worker.say('add late.mail.corp.internal 10.0.4.14');
    expect(await mutedNames(worker)).toContain('late.mail.corp.internal');
    await worker.clock.advance(2 * 3_600_000);
    expect(await mutedNames(worker)).toEqual([]);
  });

  it('says at unmute what else covers the hostname', async () => {
    const worker = await fleet();
    await worker.say('mute *.mail.corp.internal 2h');
    await worker.say(`mute ${host} 2h`);
    await worker.say(`unmute ${host}`);
    expect(worker.lastReply()).toContain('still muted by');
    expect(worker.button('Unmute that, too')).toBe('unmute *.mail.corp.internal');
  });

  it('is refused where it covers a name of others', async () => {
    const grants = [
      { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
      { name: 'own', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['mute'], hostnames: [host] },
    ];
    const worker = await fleet({ policy: { grants } });
    await worker.say('mute *.mail.corp.internal 2h', { user: 'li' });
    expect(worker.lastReply()).toContain('covers 2 names, and you may not mute 1 of them');
    expect(await mutedNames(worker)).toEqual([]);
    await worker.say('mute 10.0.4.12 2h', { user: 'li' });
    expect(await mutedNames(worker)).toEqual([host]);
  });

  it('is refused where it covers nothing', async () => {
    const worker = await fleet();
    await worker.say('mute 10.9.9.9 2h');
    expect(worker.lastReply()).toContain('covers no registered name');
  });

  it('comes again with a maintenance window of the policy', async () => {
    const watch = watchRulesSchema.parse({
      maintenance: [{ name: 'patch night', from: '14:00', to: '16:00', hostnames: ['gitlab.*.corp.internal'] }],
    });
    const worker = await fleet({ policy: { watch } });
    for (let day = 0; day < 2; day += 1) {
      expect(await mutedNames(worker)).toEqual([host]);
      await worker.say('status');
      expect(worker.lastReply()).toContain('Maintenance window `patch night`');
      await worker.clock.advance(2 * 3_600_000);
      expect(await mutedNames(worker)).toEqual([]);
      await worker.clock.advance(22 * 3_600_000);
    }
  });
});
