import { expect, it } from 'vitest';
import { externalDnsNames } from '../../../lib/core/dns/external-dns.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';

const record = (name: string, type = 'A', values = ['10.0.4.12']): RecordSet => ({
  name: `${name}.corp.internal`,
  type,
  ttlSeconds: 300,
  values,
});
const owned = (name: string, owner = 'cluster-a', resource = 'service/mail/web'): RecordSet =>
  record(name, 'TXT', [`"heritage=external-dns,external-dns/owner=${owner},external-dns/resource=${resource}"`]);

const found = (...sets: readonly RecordSet[]): readonly string[] =>
  [...externalDnsNames(sets).keys()].map((name) => name.replace('.corp.internal', '')).sort();

it.each([
  ['no prefix', 'a-web'],
  ['no prefix, version 0.17 or older', 'web'],
  ['alias, older versions', 'cname-web'],
  ['--txt-prefix=ext.', 'ext.a-web'],
  ['--txt-prefix=ext., version 0.17 or older', 'ext.web'],
  ['--txt-prefix=extdns', 'extdnsa-web'],
  ['--txt-prefix=%{record_type}-ext.', 'aaaa-ext.web'],
  ['--txt-prefix=_%{record_type}.', '_cname.web'],
  ['--txt-suffix=-%{record_type}', 'web-a'],
  ['--txt-suffix=-ext', 'a-web-ext'],
  ['--txt-suffix=-.%{record_type}', 'web-.cname'],
])('knows the record of a name with %s', (_, txtName) => {
  expect(found(record('web'), record('other'), owned(txtName))).toEqual(['web']);
});

it('says whose it is, and by which record', () => {
  expect(externalDnsNames([record('web'), owned('a-web', 'prod', 'ingress/mail/gitlab')])).toEqual(
    new Map([
      ['web.corp.internal', { owner: 'prod', resource: 'ingress/mail/gitlab', recordName: 'a-web.corp.internal' }],
    ]),
  );
});

it('takes the whole name where its end is a name too', () => {
  const sets = [record('web'), record('gitlab-web'), record('b'), owned('a-gitlab-web')];
  expect(found(...sets)).toEqual(['gitlab-web']);
});

it('goes by the affix that explains most records of one owner', () => {
  // "mail" and "webmail" are names, and the prefix is "web": only the other records tell.
  const sets = ['mail', 'gitlab', 'jira'].flatMap((name) => [record(name), owned(`web${name}`)]);
  expect(found(record('webmail'), ...sets)).toEqual(['gitlab', 'jira', 'mail']);
});

it('knows the apex of a zone by a prefix that is a label', () => {
  const apex = { ...record('x'), name: 'corp.internal' };
  expect([...externalDnsNames([apex, owned('a-ext')]).keys()]).toEqual(['corp.internal']);
});

it('takes an encrypted value for an ownership record only under the plain form of its name', () => {
  const secret = ['"q7S0aZ1hVQ0Zc8n8kYbBqk0yC3W1fNn0x2mZJ3dT9w8b0oWfJv3xKQ=="'];
  expect(externalDnsNames([record('web'), record('a-web', 'TXT', secret)])).toEqual(
    new Map([['web.corp.internal', { recordName: 'a-web.corp.internal' }]]),
  );
  expect(found(record('web'), record('key._domainkey-web', 'TXT', secret))).toEqual([]);
});

it('takes no other TXT record for one', () => {
  const spf = record('a-web', 'TXT', ['"v=spf1 -all"', '"heritage=terraform,external-dns/owner=x"']);
  expect(found(record('web'), spf, record('txt', 'TXT', ['not quoted']))).toEqual([]);
});

it('is quick in a zone of 10,000 names', () => {
  const sets = Array.from({ length: 10_000 }, (_, index) => [record(`app-${index}`), owned(`a-app-${index}`)]).flat();
  const began = performance.now();
  expect(externalDnsNames(sets).size).toBe(10_000);
  expect(performance.now() - began).toBeLessThan(10_000);
});
