import { describe, expect, it } from 'vitest';
import { audit } from '../../../../lib/core/postal/audit/audit.ts';
import { auditExitCode, auditJson } from '../../../../lib/core/postal/audit/audit-json.ts';
import type { Registration } from '../../../../lib/core/postal/audit/registry.ts';
import type { PostalEndpoint, PostalServer, Snapshot } from '../../../../lib/core/postal/audit/snapshot.ts';
import type { NameState } from '../../../../lib/core/postal/audit/subject.ts';

const server: PostalServer = {
  id: 1,
  name: 'acme/production',
  mode: 'Live',
  isSuspended: false,
  oldestLockAtMs: null,
  deliveries: { kind: 'read', notQueued: 0 },
};
const atMs = Date.UTC(2026, 0, 2);

type Case = {
  readonly endpoint?: Partial<PostalEndpoint>;
  readonly server?: Partial<PostalServer>;
  readonly resolves?: NameState;
  /** `null`: not registered. */
  readonly registered?: Registration | null;
  readonly snapshot?: Partial<Snapshot>;
};

const auditOf = ({
  endpoint = {},
  server: changed = {},
  resolves = 'address',
  registered = { port: 25, sslMode: 'Auto' },
  snapshot = {},
}: Case) => {
  const one: PostalEndpoint = {
    id: 5,
    serverId: 1,
    name: 'GitLab',
    hostname: 'gitlab.example.test',
    port: null,
    sslMode: 'Auto',
    wasUsed: true,
    ...endpoint,
  };
  const hostname = one.hostname.toLowerCase().replace(/\.$/, '');
  const registrations = new Map(registered === null ? [] : [[hostname, registered]]);
  return audit(
    {
      atMs,
      postalSchema: '20240311205229',
      servers: [{ ...server, ...changed }],
      endpoints: [one],
      routes: [
        {
          id: 9,
          serverId: 1,
          address: 'gitlab@acme.example',
          mode: 'Endpoint',
          isSmtp: true,
          endpointId: 5,
          additionalEndpointIds: [],
        },
      ],
      queue: [],
      deliveries: new Map(),
      ...snapshot,
    },
    { registrations, isComplete: true, unknown: new Set() },
    { names: new Map([[hostname, resolves]]) },
  );
};

const codes = (given: Case): readonly string[] =>
  auditOf(given).endpoints.flatMap(({ findings }) => findings.map(({ code }) => code));

describe('findings of an endpoint', () => {
  const cases: readonly (readonly [string, Case, readonly string[]])[] = [
    ['nothing wrong', {}, []],
    ['an upper-case hostname with a trailing dot', { endpoint: { hostname: 'GitLab.example.test.' } }, []],
    ['an IPv4 address', { endpoint: { hostname: '10.0.4.12' }, resolves: 'unknown', registered: null }, ['ip-literal']],
    [
      'an IPv4 address with a trailing dot',
      { endpoint: { hostname: '10.0.4.12.' }, resolves: 'none', registered: null },
      ['ip-literal'],
    ],
    ['an IPv6 address', { endpoint: { hostname: 'fd00::1' }, resolves: 'none', registered: null }, ['ip-literal']],
    ['a name without address', { resolves: 'none' }, ['dead-name']],
    ['a name about which DNS is silent', { resolves: 'unknown' }, []],
    ['a name that nobody registered', { registered: null }, ['unregistered']],
    [
      'STARTTLS on Postal 3',
      { endpoint: { sslMode: 'STARTTLS' }, registered: { port: 25, sslMode: 'STARTTLS' } },
      ['starttls-plaintext'],
    ],
    [
      'STARTTLS on Postal 2',
      {
        endpoint: { sslMode: 'STARTTLS' },
        registered: { port: 25, sslMode: 'STARTTLS' },
        snapshot: { postalSchema: '20240206173036' },
      },
      [],
    ],
    [
      'STARTTLS on 3.0.0',
      {
        endpoint: { sslMode: 'STARTTLS' },
        registered: { port: 25, sslMode: 'STARTTLS' },
        snapshot: { postalSchema: '20240223141501' },
      },
      ['starttls-plaintext'],
    ],
    ['no SSL mode', { endpoint: { sslMode: null } }, ['ssl-mode-missing']],
    ['another SSL mode than registered', { endpoint: { sslMode: 'None' } }, ['drift-ssl-mode']],
    ['another port than registered', { endpoint: { port: 2525 } }, ['drift-port']],
    ['port 25 registered, and blank', { endpoint: { port: null }, registered: { port: 25, sslMode: 'Auto' } }, []],
    [
      'TLS on port 587',
      { endpoint: { port: 587, sslMode: 'TLS' }, registered: { port: 587, sslMode: 'TLS' } },
      ['port-mode-swapped'],
    ],
    ['TLS on port 465', { endpoint: { port: 465, sslMode: 'TLS' }, registered: { port: 465, sslMode: 'TLS' } }, []],
    [
      'None on port 465',
      { endpoint: { port: 465, sslMode: 'None' }, registered: { port: 465, sslMode: 'None' } },
      ['port-mode-swapped'],
    ],
    ['port 0', { endpoint: { port: 0 } }, ['port-out-of-range', 'drift-port']],
    ['port 65536', { endpoint: { port: 65_536 } }, ['port-out-of-range', 'drift-port']],
    ['no route', { snapshot: { routes: [] } }, ['unused']],
    [
      'a server in Development',
      { server: { mode: 'Development' }, endpoint: { wasUsed: false } },
      ['server-development'],
    ],
    ['a suspended server', { server: { isSuspended: true }, endpoint: { wasUsed: false } }, ['server-suspended']],
    ['never used', { endpoint: { wasUsed: false } }, ['never-delivered']],
    ['never used, and without a route', { endpoint: { wasUsed: false }, snapshot: { routes: [] } }, ['unused']],
  ];
  it.each(cases)('%s', (_name, given, expected) => {
    expect(codes(given)).toEqual(expected);
  });

  it('have a sentence and a remedy each, and no placeholder in them', () => {
    for (const [, given] of cases)
      for (const { message, remedy } of auditOf(given).endpoints.flatMap(({ findings }) => findings)) {
        expect(message).toMatch(/^\S.*\.$/);
        expect(remedy).toMatch(/^[A-Z].*\.$/);
        expect(`${message}${remedy}`).not.toMatch(/undefined|null|NaN|\[object/);
      }
  });
});

describe('without the right to read deliveries', () => {
  const ungranted = { deliveries: { kind: 'not granted', grants: ['GRANT …'] } } as const;
  const waiting = (tried: number, maxAttempts: number) => ({
    queue: [{ batchKey: 'incoming-rt:9-ep:5-SMTPEndpoint', count: 3, tried, oldestAtMs: atMs - 1000, maxAttempts }],
  });

  it.each([
    ['two attempts', waiting(1, 2), ['fails-now']],
    ['one attempt', waiting(3, 1), []],
    ['nothing tried', waiting(0, 2), []],
  ])('%s', (_name, snapshot, expected) => {
    expect(codes({ server: ungranted, snapshot })).toEqual(expected);
  });

  it('says null, not nothing, of what they would tell', () => {
    const [endpoint] = auditJson(auditOf({ server: ungranted, snapshot: waiting(1, 2) })).endpoints;
    expect(endpoint).toMatchObject({
      failingNow: true,
      failingSince: null,
      lastSentAt: null,
      sentPlaintext: null,
      lastFailure: null,
      deliveries: null,
    });
  });
});

describe('the exit status', () => {
  it.each([
    [0, {}],
    [0, { snapshot: { routes: [] } }],
    [1, { registered: null }],
    [2, { resolves: 'none' }],
    [2, { server: { oldestLockAtMs: atMs - 3_600_001 } }],
    [0, { server: { oldestLockAtMs: atMs - 3_600_000 } }],
    [2, { server: { deliveries: { kind: 'read', notQueued: 1 } } }],
  ] as const)('%i', (exitCode, given) => {
    expect(auditExitCode(auditOf(given))).toBe(exitCode);
  });
});

it('takes a route for dangling only where its endpoint is nowhere, not where its server is being deleted', () => {
  const route = {
    id: 9,
    serverId: 1,
    address: 'a@acme.example',
    mode: 'Endpoint',
    isSmtp: true,
    additionalEndpointIds: [],
  };
  const elsewhere = {
    id: 6,
    serverId: 2,
    name: 'Other',
    hostname: 'x.example.test',
    port: null,
    sslMode: 'Auto',
    wasUsed: true,
  };
  const own = { ...elsewhere, id: 5, serverId: 1 };
  const routes = [
    { ...route, endpointId: 6 },
    { ...route, id: 10, endpointId: 77 },
    { ...route, id: 11, endpointId: null },
    { ...route, id: 12, isSmtp: false, endpointId: 77 },
    { ...route, id: 13, isSmtp: false, endpointId: 1, additionalEndpointIds: [5, 78] },
    { ...route, id: 14, mode: 'Reject', endpointId: null },
    { ...route, id: 15, serverId: 2, endpointId: 77 },
  ];
  const found = auditOf({ snapshot: { endpoints: [own, elsewhere], routes } });
  expect(found.routes.map(({ id, findings }) => [id, ...findings.map(({ code }) => code)])).toEqual([
    [10, 'route-dangling'],
    [11, 'route-dangling'],
    [13, 'route-dangling'],
    [14, 'route-rejects'],
  ]);
  expect(found.endpoints.map(({ subject }) => subject.endpoint.id)).toEqual([5]);
});
