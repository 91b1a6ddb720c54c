import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadPolicy, PolicyInvalid } from '../../lib/policy/load-policy.ts';

const folder = mkdtempSync(join(tmpdir(), 'policy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const file = join(folder, 'policy.json');
const load = (document: unknown) => {
  writeFileSync(file, typeof document === 'string' ? document : JSON.stringify(document));
  return loadPolicy(file);
};

const good = {
  zones: [{ name: 'corp.internal', id: 'Z0CORP' }],
  cidrs: ['10.0.0.0/8'],
  auditChannel: 'C0AUDIT',
  grants: [{ name: 'all', teams: ['T0TEAM'], verbs: ['*'] }],
};

const mistakesOf = (document: unknown): readonly string[] => {
  try {
    load(document);
  } catch (error) {
    if (!(error instanceof PolicyInvalid)) throw error;
    for (const { path, message } of error.mistakes) expect(error.message).toContain(path === '' ? message : `${path}: ${message}`);
    return error.mistakes.map(({ path }) => path);
  }
  return [];
};

describe('loadPolicy', () => {
  test('fills in the defaults', () => {
    expect(load(good)).toEqual({
      ...good,
      zones: [{ name: 'corp.internal', id: 'Z0CORP', vpcs: [] }],
      cnameSuffixes: [],
      ports: [25, 465, 587, 2525],
      ttl: { minimum: 30, maximum: 3600, default: 60 },
      version: expect.stringMatching(/^[0-9a-f]{12}$/),
    });
  });

  test('the version follows the meaning, not the spelling', () => {
    const { version } = load(good);
    expect(load(`\n${JSON.stringify({ ...good, grants: good.grants }, null, 4)}\n`).version).toBe(version);
    expect(load(Object.fromEntries(Object.entries(good).reverse())).version).toBe(version);
    expect(load({ ...good, ports: [25, 465, 587, 2525] }).version).toBe(version);
    expect(load({ ...good, ports: [25] }).version).not.toBe(version);
  });

  test('the example deployment is good', () => {
    expect(loadPolicy(new URL('../../config/policy.json', import.meta.url).pathname).zones.map(({ name }) => name)).toEqual(['corp.internal']);
  });

  const grant = (more: object) => ({ ...good, grants: [{ ...good.grants[0], ...more }] });
  const zone = (more: object) => ({ ...good, zones: [{ ...good.zones[0], ...more }] });
  const naming = (more: object) => ({ ...good, naming: { pattern: '.+', example: 'gitlab.corp.internal', ...more } });

  test.each([
    ['', 'no json'],
    ['', '[]'],
    ['typo', { ...good, typo: 1 }],
    ['zones', { ...good, zones: [] }],
    ['zones[0].id', zone({ id: '/hostedzone/Z0CORP' })],
    ['zones[0].name', zone({ name: 'Corp.internal' })],
    ['zones[0].name', zone({ name: 'corp.internal.' })],
    ['zones[0].name', zone({ name: '10.0.4.12' })],
    ['zones[0].name', zone({ name: 'corp_x.internal' })],
    ['zones[1].id', { ...good, zones: [good.zones[0], { name: 'lab.internal', id: 'Z0CORP' }] }],
    ['zones[1].name', { ...good, zones: [good.zones[0], { name: 'corp.internal', id: 'Z0LAB' }] }],
    ['cidrs[1]', { ...good, cidrs: ['10.0.0.0/8', '10.0.0.0/33'] }],
    ['cidrs[0]', { ...good, cidrs: ['10.0.0.0'] }],
    ['cidrs[0]', { ...good, cidrs: ['010.0.0.0/8'] }],
    ['cidrs[0]', { ...good, cidrs: ['10.1.2.3/16'] }],
    ['cidrs[0]', { ...good, cidrs: ['fd00::1/8'] }],
    ['cnameSuffixes[0]', { ...good, cnameSuffixes: ['.example.com'] }],
    ['ports[0]', { ...good, ports: [0] }],
    ['ttl', { ...good, ttl: { minimum: 600, maximum: 60 } }],
    ['ttl.default', { ...good, ttl: { default: 10 } }],
    ['ttl.minimum', { ...good, ttl: { minimum: -1 } }],
    ['ttl.maximum', { ...good, ttl: { maximum: 2 ** 31 } }],
    ['naming.pattern', naming({ pattern: '(' })],
    ['naming.example', naming({ pattern: 'x\\..+' })],
    ['naming.example', naming({ example: 'gitlab.example.com' })],
    ['auditChannel', { ...good, auditChannel: '#audit' }],
    ['grants[0].teams[0]', grant({ teams: ['example.slack.com'] })],
    ['grants[0].channels[0]', grant({ channels: ['#mail'] })],
    ['grants[0].users[1]', grant({ users: ['U0MARIA', '@maria'] })],
    ['grants[0].verbs[1]', grant({ verbs: ['add', 'delete'] })],
    ['grants[0].verbs[0]', grant({ verbs: ['constructor'] })],
    ['grants[0].hostnames[0]', grant({ hostnames: ['*.example.com'] })],
    ['grants[0].hostnames[0]', grant({ hostnames: ['*.internal'] })],
    ['grants[0].hostnames[0]', grant({ hostnames: ['git*.corp.internal'] })],
    ['grants[1].name', { ...good, grants: [good.grants[0], good.grants[0]] }],
  ])('%s of %j', (path, document) => expect(mistakesOf(document)).toContain(path));

  test('lists every mistake at once, schema and sense', () => {
    const paths = mistakesOf({
      zones: [{ name: 'Corp.internal', id: 'Z1', vpcs: [] }],
      cidrs: ['10.0.0.0'],
      ports: ['25'],
      ttl: { minimum: 100, maximum: 50 },
      grants: [{ name: 'all', teams: ['team'], verbs: ['delete'] }],
    });
    expect([...paths].sort()).toEqual(['auditChannel', 'cidrs[0]', 'grants[0].teams[0]', 'grants[0].verbs[0]', 'ports[0]', 'ttl', 'zones[0].name']);
  });

  test('a missing file is named', () => {
    expect(() => loadPolicy(join(folder, 'none.json'))).toThrow(/none\.json cannot be used:\n- ENOENT/);
  });
});
