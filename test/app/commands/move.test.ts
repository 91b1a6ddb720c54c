import { describe, expect, it } from 'vitest';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { healthyReport, zoneId } from '../../support/memory-ports.ts';
import { refusing } from '../../support/sample-probe.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = new AbortController().signal;

const registered = async (options: Parameters<typeof workerUnderTest>[0] = {}) => {
  const worker = workerUnderTest(options);
  await worker.say('add gitlab.mail.corp.internal 10.0.4.12 --ttl 300');
  await worker.say('add wiki.mail.corp.internal 10.0.9.9 --standby 10.0.4.12 --port 2525');
  await worker.say('add both.corp.internal 10.0.4.12 10.0.4.13');
  await worker.say('add other.corp.internal 10.0.4.120');
  worker.probes.splice(0);
  return worker;
};

describe('move', () => {
  it('shows every name and standby with the address in one list, and changes nothing yet', async () => {
    const worker = await registered();
    await worker.say('move 10.0.4.12 10.0.5.12');
    const reply = worker.lastReply();
    expect(reply).toContain('Move 10.0.4.12 to 10.0.5.12: 3 updates');
    for (const name of ['gitlab.mail', 'wiki.mail', 'both']) expect(reply).toContain(`${name}.corp.internal`);
    expect(reply).not.toContain('other.corp.internal');
    expect(await worker.records('gitlab.mail.corp.internal')).toMatchObject([{ values: ['10.0.4.12'] }, {}]);
  });

  it('probes the new address once for each port and mode in use, and says what Postal will meet and how long the old one lasts', async () => {
    const worker = await registered();
    await worker.say('move 10.0.4.12 10.0.5.12');
    expect(worker.probes.map(({ port, sslMode, targets }) => [port, sslMode, targets])).toEqual([
      [25, 'Auto', ['10.0.5.12']],
      [2525, 'Auto', ['10.0.5.12']],
    ]);
    expect(worker.lastReply()).toContain('✅ 10.0.5.12, port 25, Auto: Postal will get in, encrypted.');
    expect(worker.lastReply()).toContain('Resolvers may return 10.0.4.12 for up to 300 s');
  });

  it('says when Postal could not deliver there', async () => {
    const worker = await registered();
    worker.over.probe = () => ({ ok: false, failure: { kind: 'unavailable', message: 'The prober is down.' } });
    await worker.say('move 10.0.4.12 10.0.5.12');
    expect(worker.lastReply()).toContain('❔ 10.0.5.12, port 25, Auto: Not probed. The prober is down.');
  });

  it('asks once more before names lead where Postal does not get in', async () => {
    const worker = await registered();
    await worker.say('move 10.0.4.12 10.0.5.12');
    expect(worker.lastReply()).not.toContain('"style":"danger"');
    worker.over.probe = (request) => {
      const report = healthyReport(request, ['10.0.5.12']);
      return { ok: true, report: { ...report, addresses: [refusing('10.0.5.12')] } };
    };
    await worker.say('move 10.0.4.12 10.0.5.12');
    expect(worker.lastReply()).toContain('❌ 10.0.5.12, port 25, Auto: Postal will not get in');
    expect(worker.lastReply()).toContain('"style":"danger"');
    expect(worker.lastReply()).toContain('A probe of the new address failed at a port in use');
  });

  it('shows whoever has to approve what the probes said, and asks them once more, too', async () => {
    const protection = {
      name: 'production',
      hostnames: ['*.mail.corp.internal'],
      approvers: { users: ['U0LI'] },
      channel: 'C0OTHER',
    };
    const worker = await registered();
    worker.over.probe = (request) => {
      const report = healthyReport(request, ['10.0.5.12']);
      return { ok: true, report: { ...report, addresses: [refusing('10.0.5.12')] } };
    };
    const policy = { ...worker.ports.policy, protected: [protection] };
    await worker.work(worker.message('move 10.0.4.12 10.0.5.12'), 1, { policy });
    await worker.work(worker.message(worker.button('Apply 3')), 1, { policy });
    const asked = JSON.stringify(worker.messenger.posts.at(-1)?.message.blocks);
    expect(asked).toContain('asks to change 3 names');
    expect(asked).toContain('❌ 10.0.5.12, port 25, Auto: Postal will not get in');
    expect(asked).toContain('A probe of the new address failed at a port in use');
  });

  it('is narrowed by a pattern', async () => {
    const worker = await registered();
    await worker.say('move 10.0.4.12 10.0.5.12 --only *.mail.corp.internal');
    expect(worker.lastReply()).toContain('2 updates');
    expect(worker.lastReply()).not.toContain('both.corp.internal');
  });

  it('finds an IPv6 address in any spelling', async () => {
    const worker = workerUnderTest();
    await worker.say('add six.corp.internal fd00::12');
    await worker.say('move FD00:0:0:0::0012 fd00::0:13');
    expect(worker.lastReply()).toContain('Move fd00::12 to fd00::13: 1 update');
  });

  it('says that names which nobody registered have the address, too', async () => {
    const worker = await registered();
    const recordSet = { name: 'old.corp.internal', type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] };
    await worker.ports.zones.submit(zoneId, [{ action: 'CREATE', recordSet }], '', signal);
    await worker.say('move 10.0.4.12 10.0.5.12');
    expect(worker.lastReply()).toContain(
      '1 unregistered name also has 10.0.4.12 and will not be changed: /postal-endpoint list --unregistered --target 10.0.4.12',
    );
  });

  it.each([
    ['move 10.0.4.12 10.0.4.12', 'it is the same address'],
    ['move gitlab.mail.corp.internal 10.0.5.12', 'is a name. Only an address can be moved'],
    ['move 10.0.4 10.0.5.12', '3 of 4 parts'],
    ['move 10.0.4.12 10.0.5.12 --only Foo..', 'only:'],
    ['move 10.0.77.1 10.0.5.12', 'No registered name has the address 10.0.77.1'],
  ])('%s: %s', async (line, said) => {
    const worker = await registered();
    await worker.say(line);
    expect(worker.lastReply()).toContain(said);
    expect(worker.lastReply()).toContain('Nothing was changed.');
    expect(worker.probes).toEqual([]);
  });

  it('moves only names for which the person has the right, and says that others stay', async () => {
    const [grant] = examplePolicy().grants;
    if (grant === undefined) throw new Error('no grant');
    const grants = [
      { ...grant, users: ['U0MARIA'] },
      { ...grant, users: ['U0LI'], hostnames: ['*.mail.corp.internal'] },
    ];
    const worker = await registered({ policy: { grants } });
    await worker.say('move 10.0.4.12 10.0.5.12', { user: 'li' });
    expect(worker.lastReply()).toContain('2 updates');
    expect(worker.lastReply()).toContain('a name that you may not see');
    expect(worker.lastReply()).not.toContain('both.corp.internal');
    await worker.say('move 10.0.4.12 10.0.5.12 --only both.corp.internal', { user: 'li' });
    expect(worker.lastReply()).toContain('1 registered name has the address 10.0.4.12, but you may not move it.');
  });

  it('proposes the same bulk once, however often it is delivered', async () => {
    const worker = await registered();
    const message = worker.message('move 10.0.4.12 10.0.5.12');
    await worker.work(message);
    const probes = worker.probes.length;
    await worker.work(message, 2);
    expect(worker.probes).toHaveLength(probes);
    expect(worker.lastReply()).toContain('3 updates');
  });
});
