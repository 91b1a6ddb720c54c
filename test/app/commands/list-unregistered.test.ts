import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { zoneId } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = new AbortController().signal;
type Worker = ReturnType<typeof workerUnderTest>;

const record = (name: string, address = '10.0.4.12', type = 'A'): RecordSet => ({
  name: `${name}.corp.internal`,
  type,
  ttlSeconds: 300,
  values: [address],
});

const put = async (worker: Worker, ...recordSets: readonly RecordSet[]): Promise<void> => {
  const changes = recordSets.map((recordSet) => ({ action: 'CREATE', recordSet }) as const);
  const sent = await worker.ports.zones.submit(zoneId, changes, 'by hand', signal);
  if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
};

describe('list --unregistered', () => {
  it('shows what nobody registered, what looks like mail first, and how to take it over', async () => {
    const worker = workerUnderTest();
    await worker.say('add ours.corp.internal 10.0.9.9');
    await put(worker, record('db'), record('smtp'), record('lb', 'smtp.corp.internal', 'CNAME'));
    await worker.say('list --unregistered');
    const reply = worker.lastReply();
    expect(reply).toContain('3 names are not registered');
    expect(reply).toContain('📬 1 looks like mail');
    expect(reply).toContain('CNAME of lb.corp.internal; “smtp” in its name');
    expect(reply.indexOf('smtp.corp.internal ·')).toBeLessThan(reply.indexOf('db.corp.internal ·'));
    expect(reply).toContain('adopt smtp.corp.internal');
    expect(reply).not.toContain('ours.corp.internal');
  });

  it('leaves alone what external-dns manages, and says whose it is', async () => {
    const worker = workerUnderTest();
    const txt = '"heritage=external-dns,external-dns/owner=<prod>,external-dns/resource=service/mail/smtp"';
    await put(worker, record('smtp'), record('a-smtp', txt, 'TXT'));
    await worker.say('list --unregistered');
    expect(worker.lastReply()).toContain('left alone: managed by external-dns, owner &lt;prod&gt; (service/mail/smtp)');
    expect(worker.lastReply()).toContain('external-dns would change back');
    expect(worker.lastReply()).not.toContain('`adopt ');
  });

  it('is narrowed by a target in any spelling', async () => {
    const worker = workerUnderTest();
    await put(worker, record('one', 'FD00:0:0::1', 'AAAA'), record('two'));
    await worker.say('list --unregistered --target fd00::0:1');
    expect(worker.lastReply()).toContain('one.corp.internal');
    expect(worker.lastReply()).not.toContain('two.corp.internal');
    await worker.say('list --unregistered --target 10.9.9.9');
    expect(worker.lastReply()).toContain('No unregistered name with target `10.9.9.9`');
  });

  it('says that all is registered, and that a zone could not be read', async () => {
    const worker = workerUnderTest();
    await worker.say('list --unregistered');
    expect(worker.lastReply()).toContain('Every name with an address or a CNAME in the zones is registered');
    const zoneListing: Ports['zoneListing'] = {
      ...worker.ports.zoneListing,
      list: async () => ({ ok: false, failure: { kind: 'denied', message: 'AccessDenied' } }),
    };
    await worker.work(worker.message('list --unregistered'), 1, { zoneListing });
    expect(worker.lastReply()).toContain('could not be read: AccessDenied');
    expect(worker.lastReply()).not.toContain('is registered.');
  });

  it('shows nobody names that they may not list', async () => {
    const grants = examplePolicy().grants.map((grant) => ({ ...grant, hostnames: ['*.team.corp.internal'] }));
    const worker = workerUnderTest({ policy: { grants } });
    await put(worker, record('smtp'), record('smtp.team'));
    await worker.say('list --unregistered');
    expect(worker.lastReply()).toContain('smtp.team.corp.internal');
    expect(worker.lastReply()).toContain('1 name is not registered');
  });

  it('is not mixed with states or the file', async () => {
    const worker = workerUnderTest();
    await worker.say('list --unregistered --state down');
    expect(worker.lastReply()).toContain('Leave out --state');
  });

  it('pages through the names of a large zone within what Slack takes, and loses none', async () => {
    const worker = workerUnderTest();
    const label = 'a'.repeat(63);
    const names = Array.from({ length: 60 }, (_, index) => `h${String(index).padStart(2, '0')}.${label}.${label}`);
    await put(worker, ...names.map((name) => record(name)));
    const seen: string[] = [];
    for (let page = 1; page === 1 || worker.lastReply().includes(`--page ${page}`); page += 1) {
      await worker.say(`list --unregistered --page ${page}`);
      seen.push(...names.filter((name) => worker.lastReply().includes(name)));
    }
    expect(seen).toEqual(names);
    expect(worker.logged.filter((line) => line.includes('could not be answered'))).toEqual([]);
  });
});
