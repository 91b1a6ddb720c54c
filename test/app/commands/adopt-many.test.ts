import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { zoneId } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = new AbortController().signal;

const record = (name: string, type = 'A', value = '10.0.4.12'): RecordSet => ({
  name: `${name}.corp.internal`,
  type,
  ttlSeconds: 300,
  values: [value],
});

const withRecords = async (...recordSets: readonly RecordSet[]) => {
  const worker = workerUnderTest();
  const changes = recordSets.map((recordSet) => ({ action: 'CREATE', recordSet }) as const);
  const sent = await worker.ports.zones.submit(zoneId, changes, '', signal);
  if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
  return worker;
};

describe('adopt <pattern>', () => {
  it('proposes every record that fits and that nobody registered, and names what it leaves out with the reason', async () => {
    const worker = await withRecords(
      record('a.mail'),
      record('b.mail', 'AAAA', 'fd00::1'),
      record('c.mail'),
      record('c.mail', 'TXT', '"v=spf1"'),
      record('d.mail'),
      record('a-d.mail', 'TXT', '"heritage=external-dns,external-dns/owner=prod"'),
      record('elsewhere'),
    );
    await worker.say('add ours.mail.corp.internal 10.0.9.9');
    await worker.say('adopt *.mail.corp.internal --port 2525');
    const reply = worker.lastReply();
    expect(reply).toContain('Adopt *.mail.corp.internal: 2 adoptions');
    expect(reply).toContain('Apply 2 of 4');
    expect(reply).toContain('managed by external-dns, owner prod');
    expect(reply).toContain('Only plain A, AAAA and CNAME records can be adopted');
    for (const absent of ['elsewhere', 'ours.mail']) expect(reply).not.toContain(absent);
  });

  it('says why nothing can be adopted', async () => {
    const worker = await withRecords(record('d'), record('a-d', 'TXT', '"heritage=external-dns"'));
    await worker.say('adopt *.corp.internal');
    expect(worker.lastReply()).toContain('No record that fits *.corp.internal can be adopted');
    expect(worker.lastReply()).toContain('d.corp.internal: It is managed by external-dns');
    expect(worker.lastReply()).toContain('Nothing was changed');
  });

  it('says that a zone could not be read', async () => {
    const worker = await withRecords(record('d'));
    const zoneListing: Ports['zoneListing'] = {
      ...worker.ports.zoneListing,
      list: async () => ({ ok: false, failure: { kind: 'denied', message: 'AccessDenied' } }),
    };
    await worker.work(worker.message('adopt *.corp.internal'), 1, { zoneListing });
    expect(worker.lastReply()).toContain('Zone corp.internal could not be read: AccessDenied');
  });

  it.each([
    ['adopt *x.corp.internal', 'lower-case labels'],
    ['adopt *.corp.internal --name GitLab', '--name: each name needs its own'],
    ['adopt *.corp.internal --standby 10.0.4.13', '--standby: each name needs its own'],
  ])('%s: %s', async (line, said) => {
    const worker = await withRecords(record('d'));
    await worker.say(line);
    expect(worker.lastReply()).toContain(said);
  });

  it('still adopts one name as before', async () => {
    const worker = await withRecords(record('one'));
    await worker.say('adopt one.corp.internal');
    expect((await worker.records('one.corp.internal')).map(({ type }) => type).sort()).toEqual(['A', 'TXT']);
  });
});
