import { describe, expect, test } from 'vitest';
import type { DefinitionInput } from '../../../lib/core/endpoint/definition.ts';
import { type Argument, type Finding, type RuleId, ruleIds } from '../../../lib/core/endpoint/finding.ts';
import type { PolicyDocument } from '../../../lib/core/policy/policy.ts';
import type { PostalProfile } from '../../../lib/core/postal/profile.ts';
import { checkDefinition } from '../../../lib/core/validation/check-definition.ts';
import { examplePolicy, exampleProfile } from './example-policy.ts';

type Row = {
  readonly id: RuleId;
  readonly input: Partial<DefinitionInput>;
  readonly argument: Argument;
  readonly severity?: Finding['severity'];
  readonly policy?: Partial<PolicyDocument>;
  readonly profile?: Partial<PostalProfile>;
};

const hostname = (id: RuleId, ...texts: readonly string[]): Row[] =>
  texts.map((text) => ({ id, argument: 'hostname', input: { hostname: text } }));
const target = (id: RuleId, ...lists: readonly (readonly string[])[]): Row[] =>
  lists.flatMap((texts) => [
    { id, argument: 'target', input: { targets: texts } },
    { id, argument: 'standby', input: { targets: ['10.9.9.9'], standby: texts } },
  ]);
const port = (id: RuleId, ...texts: readonly string[]): Row[] =>
  texts.map((text) => ({ id, argument: 'port', input: { port: text } }));
const ttl = (...texts: readonly string[]): Row[] =>
  texts.map((text) => ({ id: 'ttl-range', argument: 'ttl', input: { ttl: text } }));
const sslMode = (id: RuleId, text: string, more: Partial<DefinitionInput> = {}): Row => ({
  id,
  argument: 'ssl-mode',
  severity: id === 'ssl-mode' ? 'block' : 'warn',
  input: { sslMode: text, ...more },
});

const label64 = 'a'.repeat(64);
const naming = { pattern: '[a-z]+\\.mail\\.corp\\.internal', example: 'gitlab.mail.corp.internal' };
const openPolicy = { cidrs: ['0.0.0.0/0', '::/0'] };
const nineAddresses = Array.from({ length: 9 }, (_, index) => `10.0.4.${index + 1}`);

const rows: readonly Row[] = [
  ...hostname(
    'hostname-is-ip',
    '10.0.4.12',
    '[fd00::1]',
    'fd00::1',
    '10.0.4.12:25',
    '10.0.4.12/32',
    '10.0.4',
    '010.0.4.12',
    '0x0a000001',
    '167773196',
  ),
  ...hostname('label-length', `${label64}.corp.internal`, `gitlab.${label64}.corp.internal`),
  ...hostname('name-length', `${'a.'.repeat(112)}corp.internal`),
  ...hostname(
    'hostname-syntax',
    'git_lab.corp.internal',
    '-x.corp.internal',
    'x-.corp.internal',
    'a..b.corp.internal',
    '.gitlab.corp.internal',
  ),
  ...hostname(
    'hostname-syntax',
    'git lab.corp.internal',
    '*.corp.internal',
    'gitlab.corp.internal:25',
    'http://gitlab.corp.internal',
    '',
    '.',
    'a\u0000.corp.internal',
  ),
  { id: 'hostname-case', argument: 'hostname', severity: 'warn', input: { hostname: 'GitLab.corp.internal' } },
  ...hostname(
    'idn',
    'почта.corp.internal',
    'gitlab\u3002corp.internal',
    '\u212Aube.corp.internal',
    'git\u200Blab.corp.internal',
  ),
  {
    id: 'naming-convention',
    argument: 'hostname',
    input: { hostname: 'gitlab.corp.internal' },
    policy: { naming: { ...naming, severity: 'block' } },
  },
  {
    id: 'naming-convention',
    argument: 'hostname',
    severity: 'warn',
    input: { hostname: 'gitlab.corp.internal' },
    policy: { naming: { ...naming, severity: 'warn' } },
  },
  ...hostname(
    'outside-zones',
    'gitlab.corp.internal.evil.com',
    'fooocorp.internal',
    'gitlab',
    'internal',
    'gitlab.corp.internal\u3002evil.com',
  ),
  ...hostname(
    'repeated-zone',
    'gitlab.corp.internal.corp.internal',
    'corp.internal.corp.internal',
    'a.corp.internal.corp.internal.corp.internal',
  ),
  ...hostname('apex', 'corp.internal', 'Corp.Internal.'),
  ...target(
    'target-is-ip-or-name',
    ['10.0.4'],
    ['10.0.4.256'],
    ['010.0.4.12'],
    ['fe80::1%eth0'],
    ['0x0a.0.4.12'],
    ['1.2.3.4.5'],
    ['1::2::3'],
  ),
  ...target(
    'target-is-ip-or-name',
    ['[fd00::1]'],
    ['10.0.4.12:25'],
    ['git_lab.corp.internal'],
    ['почта.corp.internal'],
    ['::ffff:10.0.4.12'],
    [''],
  ),
  { id: 'target-is-ip-or-name', argument: 'target', input: { targets: [] } },
  ...[
    ['127.0.0.1'],
    ['0.0.0.0'],
    ['169.254.169.254'],
    ['224.0.0.1'],
    ['::'],
    ['255.255.255.255'],
    ['::1'],
    ['fe80::1'],
    ['ff02::1'],
  ].flatMap((texts) => [
    ...target('target-not-routable', texts),
    // A policy that allows everything does not make an address routable.
    ...target('target-not-routable', texts).map((row) => ({
      ...row,
      policy: { cidrs: [...openPolicy.cidrs, '169.254.0.0/16', '10.9.9.9/32'] },
    })),
  ]),
  ...target('target-not-routable', ['0.1.2.3'], ['240.0.0.1'], ['fd00:ec2::254']),
  ...target('target-outside-cidrs', ['8.8.8.8'], ['192.168.1.1'], ['2a00::1']),
  ...target(
    'target-duplicate',
    ['10.0.4.12', '10.0.4.12'],
    ['fd00::1', 'fd00:0::1'],
    ['a.corp.internal', 'A.corp.internal.'],
  ),
  ...target('target-count', nineAddresses),
  ...target('cname-alone', ['a.corp.internal', '10.0.4.12'], ['a.corp.internal', 'b.corp.internal']),
  ...target('cname-target', ['gitlab.corp.internal'], ['GitLab.corp.internal.']),
  ...port('port-range', '0', '70000', '65536', '-1', '25.5', 'smtp', '', ' 25', '025', '1e2', '٢٥', '9'.repeat(400)),
  ...port('port-allowed', '26', '22', '65535'),
  { id: 'port-allowed', argument: 'port', input: {}, policy: { ports: [587] } },
  sslMode('ssl-mode', 'ssl'),
  sslMode('ssl-mode', 'tls1.2'),
  sslMode('ssl-mode', ''),
  sslMode('ssl-mode', 'constructor'),
  ...['3.3.7', '3.3.6', '3.0.0', '3.2.10', '3.4.0', '3.10.0', '4.0.0', '0.0.1'].map((version) => ({
    ...sslMode('ssl-mode-starttls', 'StartTLS'),
    profile: { version },
  })),
  sslMode('ssl-mode-port', 'TLS', { port: '25' }),
  sslMode('ssl-mode-port', 'TLS', { port: '587' }),
  sslMode('ssl-mode-port', 'Auto', { port: '465' }),
  sslMode('ssl-mode-port', 'None', { port: '465' }),
  sslMode('ssl-mode-port', 'STARTTLS', { port: '465' }),
  sslMode('ssl-mode-none', 'none'),
  ...ttl('29', '3601', '0', '-1', '60.5', 'abc', '1e3', '', '060', '9'.repeat(400)),
  ...['8.8.8.8', '2a00::1', '100.128.0.1', '172.32.0.1'].flatMap((text) =>
    target('aws-port-25', [text]).map((row): Row => ({ ...row, severity: 'warn', policy: openPolicy })),
  ),
  ...target('aaaa-first', ['10.0.4.12', 'fd00::1']).map((row): Row => ({ ...row, severity: 'warn' })),
  { id: 'standby-overlap', argument: 'standby', input: { standby: ['10.0.4.13', '10.0.4.12'] } },
  { id: 'standby-overlap', argument: 'standby', input: { targets: ['fd00::12'], standby: ['FD00:0::12'] } },
  {
    id: 'standby-overlap',
    argument: 'standby',
    input: { targets: ['a.corp.internal'], standby: ['a.corp.internal.'] },
  },
  { id: 'text-length', argument: 'name', input: { name: 'x'.repeat(81) } },
  { id: 'text-length', argument: 'owner', input: { owner: 'x'.repeat(81) } },
  { id: 'text-length', argument: 'note', input: { note: '📮'.repeat(501) } },
  ...(['name', 'owner', 'note'] as const).flatMap((argument) =>
    [
      'a\u0007b',
      'two\nlines',
      'a\u202Eb',
      '\uD800',
      'hi <!channel>',
      'hi <@U1>',
      'see <#C1|mail>',
      'hi &lt;!here&gt;',
      '<!everyone',
    ].map((text): Row => ({ id: 'text-characters', argument, input: { [argument]: text } })),
  ),
];

/** Rules that need facts from Route 53; their table is in surroundings.test.ts. */
const ofSurroundings: readonly RuleId[] = [
  'cname-outside',
  'shadowed',
  'conflicting-record',
  'protected-record',
  'pointed-at',
  'zone-missing',
  'zone-public',
  'zone-name',
  'zone-vpcs',
  'could-not-check',
];

const check = (row: Omit<Row, 'id' | 'argument'>) =>
  checkDefinition(
    { hostname: 'gitlab.corp.internal', targets: ['10.0.4.12'], ...row.input },
    examplePolicy(row.policy),
    exampleProfile(row.profile),
  );

describe('every validation rule', () => {
  test('has a row here or among the surroundings', () => {
    expect([...new Set([...rows.map(({ id }) => id), ...ofSurroundings])].sort()).toEqual([...ruleIds].sort());
  });

  test.each(rows.map((row) => [row.id, row.argument, JSON.stringify(row.input).slice(0, 80), row] as const))(
    '%s on %s: %s',
    (id, argument, _, row) => {
      const { definition, findings } = check(row);
      const severity = row.severity ?? 'block';
      expect(findings).toContainEqual({
        id,
        severity,
        argument,
        wrong: expect.stringMatching(/\S.*\.$/s),
        right: expect.stringMatching(/\S.*\.$/s),
      });
      expect(definition === undefined).toBe(findings.some((finding) => finding.severity === 'block'));
      if (severity === 'warn') expect(definition).toBeDefined();
    },
  );
});

describe('what the rules let pass', () => {
  const passing: readonly (Omit<Row, 'id' | 'argument'> & { readonly why: string })[] = [
    { why: 'one IPv4 address', input: {} },
    { why: 'a trailing dot', input: { hostname: 'gitlab.corp.internal.' } },
    { why: 'a label of 63', input: { hostname: `${'a'.repeat(63)}.corp.internal` } },
    { why: 'a name of 236, whose marker has 253', input: { hostname: `${'a.'.repeat(110)}bb.corp.internal` } },
    { why: 'digits and inner hyphens', input: { hostname: '1-2.3.corp.internal' } },
    { why: 'an xn-- name', input: { hostname: 'xn--80a1acny.corp.internal' } },
    { why: 'eight addresses', input: { targets: nineAddresses.slice(1) } },
    { why: 'a CNAME target in our zones', input: { targets: ['A.corp.internal.'] } },
    {
      why: 'a CNAME target below a listed suffix',
      input: { targets: ['x.example.com'] },
      policy: { cnameSuffixes: ['example.com'] },
    },
    {
      why: 'loopback where policy names a loopback range',
      input: { targets: ['127.0.0.5'] },
      policy: { cidrs: ['127.0.0.0/8'] },
    },
    { why: 'IPv6 loopback likewise', input: { targets: ['::1'] }, policy: { cidrs: ['::1/128'] } },
    { why: 'RFC 6598 on port 25', input: { targets: ['100.64.0.1'] }, policy: { cidrs: ['100.64.0.0/10'] } },
    { why: 'a public address on another port', input: { targets: ['8.8.8.8'], port: '587' }, policy: openPolicy },
    { why: 'STARTTLS before it broke', input: { sslMode: 'STARTTLS' }, profile: { version: '2.3.2' } },
    { why: 'STARTTLS in any 2.x', input: { sslMode: 'STARTTLS' }, profile: { version: '2.10.0' } },
    { why: 'TLS on 465', input: { sslMode: 'tls', port: '465' } },
    { why: 'TTL at both edges', input: { ttl: '30' } },
    { why: 'TTL at both edges', input: { ttl: '3600' } },
    { why: 'text at its longest', input: { name: '📮'.repeat(80), owner: 'x'.repeat(80), note: 'é'.repeat(500) } },
    {
      why: 'an agreed name',
      input: { hostname: 'gitlab.mail.corp.internal' },
      policy: { naming: { ...naming, severity: 'block' } },
    },
    { why: 'an empty standby, which is none', input: { standby: [] } },
  ];

  test.each(passing.map((row) => [row.why, row] as const))('%s', (_, row) => {
    const { definition, findings, corrected } = check(row);
    expect(findings).toEqual([]);
    expect(definition).toBeDefined();
    expect(corrected).toBeUndefined();
  });
});
