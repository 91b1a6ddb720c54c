import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DefinitionInput } from '../../../lib/core/endpoint/definition.ts';
import { addCommandLine } from '../../../lib/core/grammar/add-command-line.ts';
import type { PolicyDocument } from '../../../lib/core/policy/policy.ts';
import { checkDefinition } from '../../../lib/core/validation/check-definition.ts';
import { examplePolicy, exampleProfile } from './example-policy.ts';

const check = (input: Partial<DefinitionInput>, policy: Partial<PolicyDocument> = {}) =>
  checkDefinition(
    { hostname: 'gitlab.corp.internal', targets: ['10.0.4.12'], ...input },
    examplePolicy(policy),
    exampleProfile(),
  );

describe('checkDefinition', () => {
  test('makes a definition, normalised, with the defaults', () => {
    const { definition } = check({
      hostname: 'GitLab.Corp.Internal.',
      targets: ['10.0.4.12', 'FD00:0::12'],
      name: ' GitLab ',
      owner: '<@U012AB|maria>',
      note: ' ',
    });
    expect(definition).toEqual({
      hostname: 'gitlab.corp.internal',
      targets: { kind: 'addresses', addresses: ['10.0.4.12', 'fd00::12'] },
      port: 25,
      sslMode: 'Auto',
      ttlSeconds: 60,
      name: 'GitLab',
      owner: 'U012AB',
    });
  });

  test('keeps the id of an owning user group', () => {
    expect(check({ owner: '<!subteam^S012AB|@mail>' }).definition?.owner).toBe('S012AB');
    expect(check({ owner: '<#C012AB345|mail-ops>' }).definition?.owner).toBe('C012AB345');
    expect(check({ owner: '<#C012AB345|>' }).definition?.owner).toBe('C012AB345');
  });

  test('a CNAME and a standby', () => {
    expect(
      check({ targets: ['A.corp.internal.'], standby: ['10.0.5.12'], port: '587', sslMode: 'none', ttl: '300' })
        .definition,
    ).toMatchObject({
      targets: { kind: 'cname', cname: 'a.corp.internal' },
      standby: { kind: 'addresses', addresses: ['10.0.5.12'] },
      port: 587,
      sslMode: 'None',
      ttlSeconds: 300,
    });
  });

  test('shows every finding at once, in the order of the arguments', () => {
    const { findings, definition } = check({
      hostname: '10.0.4.12',
      targets: ['127.0.0.1', '8.8.8.8', '10.0.4'],
      standby: ['::'],
      port: '70000',
      sslMode: 'ssl',
      ttl: '1',
      name: 'x'.repeat(81),
      owner: '<!here>',
      note: '\u0000',
    });
    expect(definition).toBeUndefined();
    expect(findings.map(({ id, argument }) => `${argument} ${id}`)).toEqual([
      'hostname hostname-is-ip',
      'target target-is-ip-or-name',
      'target target-not-routable',
      'target target-outside-cidrs',
      'standby target-not-routable',
      'port port-range',
      'ssl-mode ssl-mode',
      'ttl ttl-range',
      'name text-length',
      'owner text-characters',
      'note text-characters',
    ]);
  });

  test('says what is wrong and what would be right', () => {
    const naming = { pattern: '.+', severity: 'warn', example: 'gitlab.mail.corp.internal' } as const;
    const { findings } = check({ hostname: '10.0.4.12', port: '70000' }, { naming });
    expect(findings.map(({ wrong, right }) => `${wrong} ${right}`)).toEqual([
      '10.0.4.12 is an address. Postal never delivers to one ("No hosts to try"). Try gitlab.mail.corp.internal.',
      '70000 is above 65535. Postal would connect to port 4464. Use a whole number from 1 to 65535, most often 25.',
    ]);
  });

  test('makes unprintable text visible and says how long the long is', () => {
    const { findings } = check({ hostname: `a\u0000${'b'.repeat(3000)}.corp.internal` });
    expect(findings.find(({ id }) => id === 'hostname-syntax')?.wrong).toMatch(
      /^a\\u\{0\}b+… \(3016 characters\) contains "\\u\{0\}"/,
    );
  });
});

describe('the command put right', () => {
  const naming = {
    pattern: '[a-z]+\\.mail\\.corp\\.internal',
    severity: 'block',
    example: 'gitlab.mail.corp.internal',
  } as const;
  const mended: readonly (readonly [string, Partial<DefinitionInput>, Partial<PolicyDocument>?])[] = [
    ['gitlab.corp.internal 10.0.4.12', { hostname: '10.0.4.12', targets: ['GitLab.corp.internal'] }],
    ['gitlab.corp.internal 10.0.4.12', { hostname: '10.0.4.12', targets: ['gitlab'] }],
    [
      'gitlab.mail.corp.internal 10.0.4.12 --port 25 --name GitLab',
      { hostname: '10.0.4.12', port: '70000', name: 'GitLab' },
      { naming },
    ],
    ['gitlab.corp.internal 10.0.4.12', { hostname: 'gitlab' }],
    ['gitlab.mail.corp.internal 10.0.4.12', { hostname: 'gitlab' }, { naming }],
    ['gitlab.corp.internal 10.0.4.12', { hostname: 'gitlab.corp' }],
    ['gitlab.corp.internal 10.0.4.12', { hostname: 'gitlab.crop.internal' }],
    ['gitlab.corp.internal 10.0.4.12', { hostname: 'gitlab.corp.internal.corp.internal' }],
    ['gitlab.corp.internal 10.0.4.12 --port 2525', { hostname: 'smtp://gitlab.corp.internal:2525/' }],
    ['git-lab.corp.internal 10.0.4.12', { hostname: 'git_lab.corp.internal' }],
    ['a.b.corp.internal 10.0.4.12', { hostname: 'a..b.corp.internal.,' }],
    ['xn--80a1acny.corp.internal 10.0.4.12', { hostname: 'почта' }],
    [
      'gitlab.corp.internal 10.0.4.12 fd00::1',
      { targets: ['10.0.4.12', '10.0.4.12', '[FD00:0::1]', '::ffff:10.0.4.12'] },
    ],
    ['gitlab.corp.internal 10.0.4.12 --standby 10.0.4.13', { standby: ['10.0.4.12', '10.0.4.13'] }],
    ['gitlab.corp.internal 10.0.4.12', { standby: ['10.0.4.12'] }],
    ['gitlab.corp.internal 10.0.4.12 --port 587', { targets: ['10.0.4.12:587'] }],
    ['gitlab.corp.internal 10.0.4.12 --port 587', { port: 'submission' }],
    ['gitlab.corp.internal 10.0.4.12 --port 465 --ssl-mode TLS', { port: '0465', sslMode: 'TLS1.2' }],
    ['gitlab.corp.internal 10.0.4.12 --ttl 300', { ttl: '5m' }],
    ['gitlab.corp.internal 10.0.4.12 --ttl 3600', { ttl: '2h' }],
    [
      'gitlab.corp.internal 10.0.4.12 --name "Git Lab" --note "hi all"',
      { name: 'Git\nLab', note: 'hi <!channel> all' },
    ],
  ];

  test.each(mended.map(([command, input, policy]) => ({ command, input, policy })))(
    '$command',
    ({ command, input, policy }) => {
      const { corrected, definition } = check(input, policy);
      expect(definition).toBeUndefined();
      expect(corrected && addCommandLine(corrected)).toBe(`/postal-endpoint add ${command}`);
    },
  );

  const unknown: readonly Partial<DefinitionInput>[] = [
    { hostname: '10.0.4.12' },
    { hostname: 'gitlab.evil.com' },
    { hostname: 'git lab.corp.internal' },
    { hostname: '*.corp.internal' },
    { hostname: 'corp.internal' },
    { targets: ['010.0.4.12'] },
    { targets: ['10.0.4'] },
    { targets: ['8.8.8.8'] },
    { targets: ['a.corp.internal', '10.0.4.12'] },
    { port: '26' },
    { sslMode: 'yes' },
    { ttl: 'long' },
    { name: 'x'.repeat(81) },
    // One argument can be put right and another cannot: the command would be refused again.
    { port: '70000', targets: ['10.0.4'] },
  ];

  test.each(unknown)('is not guessed for %o', (input) => {
    const { corrected, definition } = check(input);
    expect(definition).toBeUndefined();
    expect(corrected).toBeUndefined();
  });

  test('is not guessed where a name would fit two zones', () => {
    const zones = ['corp.internal', 'lab.internal'].map((name, index) => ({ name, id: `Z${index}`, vpcs: [] }));
    expect(check({ hostname: 'gitlab' }, { zones }).corrected).toBeUndefined();
  });
});

describe('on any text', () => {
  const noise = fc.string({ unit: 'binary', maxLength: 40 });
  const pieces = fc.constantFrom(
    ...[
      'gitlab',
      'corp',
      'internal',
      'corp.internal',
      '.',
      '..',
      '-',
      '_',
      '*',
      '10.0.4.12',
      '::',
      'fd00::1',
      ':25',
      '/',
      '%eth0',
      '[',
      ']',
      '0',
      '65536',
      '-1',
    ],
    ...[
      'GitLab',
      'почта',
      '\u3002',
      '\u0000',
      '\uD800',
      '<!channel>',
      '<@U1>',
      'ssl',
      'tls1.2',
      'TLS',
      '5m',
      ' ',
      'xn--',
      '"',
      '—',
      '1e9',
      '0x7f',
      '127.0.0.1',
    ],
  );
  const text = fc.oneof(
    noise,
    fc.array(pieces, { maxLength: 6 }).map((parts) => parts.join('')),
    pieces,
  );
  const mostly = (good: fc.Arbitrary<string>, other: fc.Arbitrary<string> = text): fc.Arbitrary<string> =>
    fc.oneof({ arbitrary: good, weight: 6 }, { arbitrary: other, weight: 1 });
  const hostnames = fc.oneof(
    text.map((start) => `${start}.corp.internal`),
    fc.constantFrom(
      'gitlab.corp.internal',
      'a.b.corp.internal',
      'gitlab',
      'git_lab.corp.internal',
      'GitLab.corp.internal.',
    ),
  );
  const addresses = fc.oneof(fc.ipV4(), fc.ipV6());
  const inputs: fc.Arbitrary<DefinitionInput> = fc.record(
    {
      hostname: mostly(hostnames),
      targets: fc.oneof(
        fc.array(mostly(addresses), { minLength: 1, maxLength: 3 }),
        fc.array(fc.oneof(addresses, text, hostnames), { maxLength: 10 }),
      ),
      standby: fc.array(mostly(addresses), { maxLength: 2 }),
      port: mostly(fc.constantFrom('25', '465', '70000'), fc.oneof(text, fc.integer().map(String))),
      sslMode: mostly(fc.constantFrom('auto', 'tls', 'none', 'starttls', 'ssl')),
      ttl: mostly(fc.integer({ min: 0, max: 4000 }).map(String)),
      name: mostly(fc.constant('GitLab')),
      owner: mostly(fc.constant('<@U012AB>')),
      note: mostly(fc.constantFrom('hello', 'hi <!channel>')),
    },
    { requiredKeys: ['hostname', 'targets'] },
  );

  test('never throws; what is accepted, Postal can save and lies in a zone; what is put right is accepted', () => {
    const policy = examplePolicy({ cidrs: ['0.0.0.0/0', '::/0'] });
    const profile = exampleProfile();
    let accepted = 0;
    let mended = 0;
    fc.assert(
      fc.property(inputs, (input) => {
        const { definition, findings, corrected } = checkDefinition(input, policy, profile);
        expect(definition === undefined).toBe(findings.some(({ severity }) => severity === 'block'));
        if (definition !== undefined) {
          accepted += 1;
          expect(definition.hostname).toMatch(/^[a-z0-9.-]*$/);
          expect(definition.hostname.endsWith('.corp.internal')).toBe(true);
          expect(policy.ports).toContain(definition.port);
        }
        if (corrected !== undefined) {
          mended += 1;
          expect(definition).toBeUndefined();
          expect(checkDefinition(corrected, policy, profile).definition).toBeDefined();
        }
      }),
      { numRuns: 3000 },
    );
    // Or the property would say nothing.
    expect(accepted).toBeGreaterThan(10);
    expect(mended).toBeGreaterThan(10);
  });

  test('long text does not take long', () => {
    const started = performance.now();
    for (const unit of ['a.', '"', '-', ':', '1.', '[', '0x', '_', 'ш', '<!', '/', '.']) {
      const long = unit.repeat(4000 / unit.length);
      check({
        hostname: long,
        targets: [long, `${long}x`],
        port: long,
        sslMode: long,
        ttl: long,
        name: long,
        owner: long,
        note: long,
      });
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
