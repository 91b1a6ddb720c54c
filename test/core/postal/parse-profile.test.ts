import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadPostalProfile } from '../../../lib/adapters/config-files.ts';
import { ConfigInvalid } from '../../../lib/core/base/config-error.ts';

const folder = mkdtempSync(join(tmpdir(), 'postal-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'postal-profile.json');
const load = (document: unknown) => {
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return loadPostalProfile(file);
};

const good = { heloHostname: 'postal.corp.internal', returnPathDomain: 'rp.corp.internal', nameservers: ['10.0.0.2'] };

describe('loadPostalProfile', () => {
  test("fills in Postal's defaults", () => {
    expect(load(good)).toEqual({
      ...good,
      version: '3.3.7',
      openTimeoutSeconds: 30,
      readTimeoutSeconds: 30,
      dnsTimeoutSeconds: 5,
    });
  });

  test.each(['10.0.0.2', '10.0.0.2:53', 'fd00::2', '[fd00::2]:5353', '127.0.0.1:65535'])(
    'nameserver %s',
    (nameserver) => {
      expect(load({ ...good, nameservers: [nameserver] }).nameservers).toEqual([nameserver]);
    },
  );

  test('the example deployment is good', () => {
    expect(loadPostalProfile(new URL('../../../config/postal-profile.json', import.meta.url).pathname).version).toBe(
      '3.3.7',
    );
  });

  test.each([
    ['', 'no json'],
    ['heloHostname', { ...good, heloHostname: undefined }],
    ['heloHostname', { ...good, heloHostname: '10.0.0.1' }],
    ['returnPathDomain', { ...good, returnPathDomain: 'a b' }],
    ['osHostname', { ...good, osHostname: 'a_b' }],
    ['version', { ...good, version: '3.3' }],
    ['nameservers', { ...good, nameservers: [] }],
    ['nameservers[1]', { ...good, nameservers: ['10.0.0.2', 'dns.corp.internal'] }],
    ['nameservers[0]', { ...good, nameservers: ['10.0.0.2:0'] }],
    ['nameservers[0]', { ...good, nameservers: ['10.0.0.2:65536'] }],
    ['nameservers[0]', { ...good, nameservers: ['[10.0.0.2]:53'] }],
    ['nameservers[0]', { ...good, nameservers: ['[fd00::2]'] }],
    ['openTimeoutSeconds', { ...good, openTimeoutSeconds: 0 }],
    ['webUrl', { ...good, webUrl: 'javascript:alert(1)' }],
    ['webUrl', { ...good, webUrl: 'postal' }],
    ['typo', { ...good, typo: 1 }],
  ])('%s of %j is named', (path, document) => {
    expect(() => load(document)).toThrow(ConfigInvalid);
    expect(() => load(document)).toThrow(path === '' ? 'cannot be used' : `- ${path}: `);
  });

  test('every mistake is listed', () => {
    expect(() => load({ ...good, heloHostname: 'a b', nameservers: ['x'], webUrl: 'ftp://x' })).toThrow(
      /heloHostname: .*nameservers\[0\]: .*webUrl: /s,
    );
  });
});
