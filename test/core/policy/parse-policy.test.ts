import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { loadPolicy } from '../../../lib/adapters/config-files.ts';
import { ConfigInvalid } from '../../../lib/core/base/config-error.ts';
import { parsePolicy } from '../../../lib/core/policy/parse-policy.ts';

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
    if (!(error instanceof ConfigInvalid)) throw error;
    for (const { path, message } of error.mistakes)
      expect(error.message).toContain(path === '' ? message : `${path}: ${message}`);
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
      protected: [],
      confirm: { verbs: ['update', 'remove'] },
      planMinutes: 15,
      bulk: { names: 50, share: { of: 0.25, atLeast: 10 }, planMinutes: 60 },
      watch: {
        mention: ['down', 'plaintext'],
        reminder: { minutes: 15, times: 2 },
        intervalSeconds: 300,
        down: { looks: 2, of: 3 },
        recoverAfter: 2,
        flapping: { minutes: 60 },
        many: { share: 0.4, atLeast: 5 },
        blindMinutes: 60,
        destinations: [],
        maintenance: [],
        certificateDays: [21, 7, 1],
      },
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
    expect(
      loadPolicy(new URL('../../../config/policy.json', import.meta.url).pathname).zones.map(({ name }) => name),
    ).toEqual(['corp.internal']);
  });

  const grant = (more: object) => ({ ...good, grants: [{ ...good.grants[0], ...more }] });
  const zone = (more: object) => ({ ...good, zones: [{ ...good.zones[0], ...more }] });
  const naming = (more: object) => ({ ...good, naming: { pattern: '.+', example: 'gitlab.corp.internal', ...more } });

  const rule = (more: object) => ({
    name: 'prod',
    hostnames: ['*.prod.corp.internal'],
    approvers: { userGroups: ['S0OPS'] },
    channel: 'C0OPS',
    ...more,
  });
  const rules = (...more: readonly object[]) => ({ ...good, protected: more.map(rule) });
  const breakGlass = (more: object) => ({ ...good, breakGlass: more });

  test('takes everything that a deployment may say', () => {
    const whole = {
      ...rules(
        {},
        {
          name: 'relay',
          hostnames: ['relay.corp.internal'],
          verbs: ['update', 'remove'],
          approvers: { users: ['U0A', 'U0B'] },
        },
      ),
      grants: [
        {
          ...good.grants[0],
          userGroups: ['S0OPS'],
          verbs: ['*', 'check:rcpt', 'check:deliver', 'approve', 'drift', 'explain'],
        },
      ],
      confirm: { verbs: [] },
      breakGlass: { users: ['U0ONCALL'], userGroups: ['S0ONCALL'], verbs: ['update'] },
      planMinutes: 60,
    };
    // The users of a rule may approve through the group of the grant; only Slack knows who is in it.
    expect(mistakesOf(whole)).toEqual([]);
    const { version: _, ...read } = load(whole);
    expect(read).toMatchObject(whole);
  });

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
    ['watch.channel', { ...good, watch: { channel: '#oncall' } }],
    ['watch.userGroup', { ...good, watch: { userGroup: '@oncall' } }],
    ['watch.escalation.channel', { ...good, watch: { escalation: { channel: '#chief' } } }],
    ['watch.escalation.userGroup', { ...good, watch: { escalation: { userGroup: '@chief' } } }],
    ['watch.escalation', { ...good, watch: { escalation: { minutes: 30 } } }],
    ['watch.mention[0]', { ...good, watch: { mention: ['broken'] } }],
    ['watch.down', { ...good, watch: { down: { looks: 4, of: 3 } } }],
    ['grants[0].teams[0]', grant({ teams: ['example.slack.com'] })],
    ['grants[0].channels[0]', grant({ channels: ['#mail'] })],
    ['grants[0].users[1]', grant({ users: ['U0MARIA', '@maria'] })],
    ['grants[0].verbs[1]', grant({ verbs: ['add', 'delete'] })],
    ['grants[0].verbs[0]', grant({ verbs: ['constructor'] })],
    ['grants[0].hostnames[0]', grant({ hostnames: ['*.example.com'] })],
    ['grants[0].hostnames[0]', grant({ hostnames: ['*.internal'] })],
    ['grants[0].hostnames[0]', grant({ hostnames: ['git*.corp.internal'] })],
    ['grants[1].name', { ...good, grants: [good.grants[0], good.grants[0]] }],
    ['grants[0].userGroups[0]', grant({ userGroups: ['@mail-team'] })],
    ['grants[0].userGroups', grant({ userGroups: [] })],
    ['grants[0].verbs[0]', grant({ verbs: ['check:all'] })],
    ['auditChannel', { ...good, auditChannel: 'D0DIRECT' }],
    ['protected[0].name', rules({ name: '' })],
    ['protected[1].name', rules({}, { hostnames: ['x.corp.internal'] })],
    ['protected[0].hostnames', rules({ hostnames: [] })],
    ['protected[0].hostnames[0]', rules({ hostnames: ['*.example.com'] })],
    ['protected[0].hostnames[0]', rules({ hostnames: ['prod*.corp.internal'] })],
    ['protected[0].verbs[0]', rules({ verbs: ['show'] })],
    ['protected[0].verbs', rules({ verbs: [] })],
    ['protected[0].approvers', rules({ approvers: {} })],
    ['protected[0].approvers.users', rules({ approvers: { users: [] } })],
    ['protected[0].approvers.users[0]', rules({ approvers: { users: ['@maria', 'U0LI'] } })],
    ['protected[0].approvers.userGroups[0]', rules({ approvers: { userGroups: ['mail-team'] } })],
    ['protected[0].approvers.team', rules({ approvers: { team: 'x' } })],
    ['protected[0].channel', rules({ channel: '#mail' })],
    ['protected[0].channel', rules({ channel: 'D0DIRECT' })],
    ['protected[0].channel', rules({ channel: undefined })],
    ['confirm.verbs[0]', { ...good, confirm: { verbs: ['delete'] } }],
    ['breakGlass', breakGlass({})],
    ['breakGlass', breakGlass({ verbs: ['update'] })],
    ['breakGlass.users[0]', breakGlass({ users: ['@oncall'] })],
    ['breakGlass.userGroups[0]', breakGlass({ userGroups: ['oncall'] })],
    ['breakGlass.verbs[0]', breakGlass({ users: ['U0A'], verbs: ['approve'] })],
    ['planMinutes', { ...good, planMinutes: 0 }],
    ['planMinutes', { ...good, planMinutes: 61 }],
    ['planMinutes', { ...good, planMinutes: 1.5 }],
  ])('%s of %j', (path, document) => expect(mistakesOf(document)).toContain(path));

  const granting = (...grants: readonly object[]) =>
    grants.map((more, index) => ({ ...good.grants[0], name: `${index}`, ...more }));

  describe('a rule that nobody could ever satisfy', () => {
    const only = { approvers: { users: ['U0A'] } };
    test.each([
      ['the only approver is the only one who may change', [only], [{ users: ['U0A'] }], ['protected[0].approvers']],
      ['somebody else may change', [only], [{ users: ['U0A'] }, { users: ['U0B'], verbs: ['remove'] }], []],
      ['a group may change', [only], [{ users: ['U0A'] }, { userGroups: ['S0X'] }], []],
      ['everyone may change', [only], [{}], []],
      [
        'somebody else may change, but only other names',
        [only],
        [{ users: ['U0A'] }, { users: ['U0B'], hostnames: ['*.git.corp.internal'] }],
        ['protected[0].approvers'],
      ],
      [
        'somebody else may change, some of the names',
        [only],
        [{ users: ['U0A'] }, { users: ['U0B'], hostnames: ['db.*.corp.internal'] }],
        [],
      ],
      [
        'somebody else may look',
        [only],
        [{ users: ['U0A'] }, { users: ['U0B'], verbs: ['show'] }],
        ['protected[0].approvers'],
      ],
      [
        'somebody else may make a change that is not protected',
        [{ ...only, verbs: ['remove'] }],
        [{ users: ['U0A'] }, { users: ['U0B'], verbs: ['add'] }],
        ['protected[0].approvers'],
      ],
      [
        'the same person twice is one',
        [{ approvers: { users: ['U0A', 'U0A'] } }],
        [{ users: ['U0A'] }],
        ['protected[0].approvers'],
      ],
      ['two approvers', [{ approvers: { users: ['U0A', 'U0B'] } }], [{ users: ['U0A', 'U0B'] }], []],
      ['one approver and a group', [{ approvers: { users: ['U0A'], userGroups: ['S0X'] } }], [{ users: ['U0A'] }], []],
      [
        'an approver without the verb',
        [{ approvers: { users: ['U0A', 'U0B'] } }],
        [{ users: ['U0A'] }, { users: ['U0B'], verbs: ['add'] }],
        ['protected[0].approvers.users[1]'],
      ],
      [
        'an approver without the names',
        [{ approvers: { users: ['U0A', 'U0B'] } }],
        [{ users: ['U0A'] }, { users: ['U0B'], hostnames: ['*.git.corp.internal'] }],
        ['protected[0].approvers.users[1]'],
      ],
      [
        'an approver without the channel',
        [{ approvers: { users: ['U0A', 'U0B'] } }],
        [{ users: ['U0A'] }, { users: ['U0B'], channels: ['C0ELSE'] }],
        ['protected[0].approvers.users[1]'],
      ],
      [
        'an approver with them all',
        [{ approvers: { users: ['U0A', 'U0B'] } }],
        [
          { users: ['U0A'] },
          { users: ['U0B'], verbs: ['approve'], channels: ['C0OPS'], hostnames: ['*.corp.internal'] },
        ],
        [],
      ],
    ] as const)('%s', (_, given, grants, paths) =>
      expect(mistakesOf({ ...rules(...given), grants: granting(...grants) })).toEqual(paths),
    );
  });

  test.each([
    ['the same names', [{}, { name: 'again' }], ['protected[1].hostnames[0]']],
    ['narrower names', [{ hostnames: ['*.corp.internal'] }, { name: 'again' }], ['protected[1].hostnames[0]']],
    ['wider names', [{}, { name: 'again', hostnames: ['*.corp.internal'] }], []],
    [
      'one of two',
      [{}, { name: 'again', hostnames: ['db.prod.corp.internal', 'corp.internal'] }],
      ['protected[1].hostnames[0]'],
    ],
    ['the same names, other changes', [{ verbs: ['remove'] }, { name: 'again', verbs: ['remove', 'update'] }], []],
    [
      'the same names, some of the changes',
      [{ verbs: ['remove', 'update'] }, { name: 'again', verbs: ['remove'] }],
      ['protected[1].hostnames[0]'],
    ],
  ] as const)('a rule behind another, %s', (_, given, paths) => expect(mistakesOf(rules(...given))).toEqual(paths));

  test.each([
    ['no grant for the change', { users: ['U0B'], verbs: ['remove'] }, ['breakGlass.users[0]']],
    ['no grant at all', { users: ['U0C'] }, ['breakGlass.users[0]']],
    ['a grant', { users: ['U0B'], verbs: ['update', 'remove'] }, []],
    ['a group, of which nobody knows', { userGroups: ['S0X'] }, []],
  ])('breaking glass with %s', (_, given, paths) =>
    expect(
      mistakesOf({ ...breakGlass(given), grants: granting({ users: ['U0A'] }, { users: ['U0B'], verbs: ['update'] }) }),
    ).toEqual(paths),
  );

  test('lists every mistake at once, schema and sense', () => {
    const paths = mistakesOf({
      zones: [{ name: 'Corp.internal', id: 'Z1', vpcs: [] }],
      cidrs: ['10.0.0.0'],
      ports: ['25'],
      ttl: { minimum: 100, maximum: 50 },
      grants: [{ name: 'all', teams: ['team'], verbs: ['delete'] }],
      protected: [{ name: 'prod', hostnames: ['x_y'], approvers: {}, channel: 'ops' }],
      breakGlass: { users: ['oncall'] },
      planMinutes: 90,
    });
    expect([...paths].sort()).toEqual([
      'auditChannel',
      'breakGlass.users[0]',
      // An id that is none, and a person whom no grant lets change anything.
      'breakGlass.users[0]',
      'cidrs[0]',
      'grants[0].teams[0]',
      'grants[0].verbs[0]',
      'planMinutes',
      'ports[0]',
      'protected[0].approvers',
      'protected[0].channel',
      'protected[0].hostnames[0]',
      'ttl',
      'zones[0].name',
    ]);
  });

  test.each([
    ['', 'it is empty'],
    [' \n', 'it is empty'],
    ['{"zones": [}', 'it is not valid JSON: '],
    ['{"timeZone": "Asia/Kolkatta"}', '- timeZone: "Asia/Kolkatta" is not a time zone such as Europe/Berlin'],
  ])('%j: %s', (text, said) => {
    expect(() => parsePolicy('policy.json', text)).toThrow(said);
  });

  test('a missing file is named', () => {
    expect(() => loadPolicy(join(folder, 'none.json'))).toThrow(/none\.json cannot be used:\n- there is no such file/);
  });
});

describe('a pattern that is malformed', () => {
  test('is named once, and shadows no other rule', () => {
    const rule = (name: string, hostname: string) => ({
      name,
      hostnames: [hostname],
      approvers: { userGroups: ['S0MAIL'] },
      channel: 'C0OPS',
    });
    const rules = [rule('malformed', '*.*.*.*.corp.internal'), rule('good', 'a.b.c.d.corp.internal')];
    expect(mistakesOf({ ...good, protected: rules })).toEqual(['protected[0].hostnames[0]']);
  });
});

describe('a file of settings', () => {
  test('a setting that is written twice is a mistake, at any depth', () => {
    const text = JSON.stringify({
      ...good,
      protected: [
        { name: 'p', hostnames: ['*.corp.internal'], approvers: { userGroups: ['S0MAIL'] }, channel: 'C0OPS' },
      ],
    });
    expect(mistakesOf(`${text.slice(0, -1)},"protected":[]}`)).toEqual(['protected']);
    expect(mistakesOf(text.replace('"verbs":["*"]', '"verbs":["*"],"verbs":["show"]'))).toEqual(['grants[0].verbs']);
  });

  test.each([
    [{ ...good, ports: ['25'] }, 'ports[0]: it is a text in quotes, and has to be a number'],
    [{ ...good, ports: [25.5] }, 'ports[0]: 25.5 is not a whole number'],
    [{ ...good, ports: [0] }, 'ports[0]: 0 is below 1'],
    [{ ...good, ports: [] }, 'ports: the list is empty; it needs at least one entry'],
    [{ ...good, planMinutes: 61 }, 'planMinutes: 61 is above 60'],
    [{ ...good, cidrs: undefined }, 'cidrs: it is missing, and has to be a list in square brackets'],
    [{ ...good, auditChannel: '' }, 'auditChannel: it is empty'],
    [{ ...good, confirm: { verbs: ['delete'] } }, 'confirm.verbs[0]: "delete" is not one of add, update'],
    [
      { ...good, zones: [{ name: 'corp.internal', id: 'corp' }] },
      'zones[0].id: "corp" is not a hosted zone id such as',
    ],
    [{ ...good, watch: null }, 'watch: it is null, and has to be an object in braces'],
    [[], 'it is a list in square brackets, and has to be an object in braces'],
    [
      { ...good, naming: { pattern: '(?=x)', example: 'a.corp.internal' } },
      'naming.pattern: of "(?…" only "(?:" is known',
    ],
  ])('%j: %s', (document, line) => {
    expect(() => load(document)).toThrow(line);
    expect(() => load(document)).not.toThrow(/Invalid|expected|Too (small|big)|received/);
  });

  test('editors may name the schema, and Windows may begin the file', () => {
    expect(load(`\uFEFF${JSON.stringify({ $schema: './policy.schema.json', ...good })}`).version).toBe(
      load(good).version,
    );
  });
});

describe('maintenance windows', () => {
  const window = {
    name: 'patch night',
    days: ['sat'],
    from: '22:00',
    to: '02:00',
    hostnames: ['*.mail.corp.internal'],
  };
  test.each([
    [{ ...window, from: '24:00' }, 'watch.maintenance[0].from'],
    [{ ...window, to: '22:00' }, 'watch.maintenance[0].to'],
    [{ ...window, days: ['saturday'] }, 'watch.maintenance[0].days[0]'],
    [{ ...window, timeZone: 'Berlin' }, 'watch.maintenance[0].timeZone'],
    [{ ...window, hostnames: ['*.*.*.*'] }, 'watch.maintenance[0].hostnames[0]'],
    [{ ...window, targets: ['10.0.4'] }, 'watch.maintenance[0].targets[0]'],
    [{ name: 'nothing', from: '22:00', to: '02:00' }, 'watch.maintenance[0]'],
  ])('%j is wrong at %s', (wrong, path) => {
    expect(mistakesOf({ ...good, watch: { maintenance: [wrong] } })).toEqual([path]);
  });
});

describe('destinations', () => {
  const hook = { kind: 'webhook', name: 'ops', url: 'https://hooks.example.com/a' };
  const topic = { kind: 'sns', name: 'on-call', topicArn: 'arn:aws:sns:eu-central-1:123456789012:on-call' };

  test('may be topics of SNS and webhooks', () => {
    const inside = { ...hook, name: 'inside', ranges: ['10.0.0.0/8', 'fd00::/8'] };
    expect(mistakesOf({ ...good, watch: { destinations: [hook, topic, inside] } })).toEqual([]);
  });

  test.each([
    [{ ...hook, url: 'http://hooks.example.com/a' }, 'watch.destinations[0].url'],
    [{ ...hook, url: 'https://user:secret@hooks.example.com/a' }, 'watch.destinations[0].url'],
    [{ ...hook, name: 'Ops team' }, 'watch.destinations[0].name'],
    [{ ...hook, form: 'xml' }, 'watch.destinations[0].form'],
    [{ ...hook, ranges: ['127.0.0.0/8'] }, 'watch.destinations[0].ranges[0]'],
    [{ ...hook, ranges: ['10.0.0.1/8'] }, 'watch.destinations[0].ranges[0]'],
    [{ ...hook, ranges: ['10.0.0.0/8', '198.51.100.0/24'] }, 'watch.destinations[0].ranges[1]'],
    [{ ...hook, severities: [] }, 'watch.destinations[0].severities'],
    [{ ...topic, topicArn: 'on-call' }, 'watch.destinations[0].topicArn'],
  ])('%j is wrong at %s', (wrong, path) => {
    expect(mistakesOf({ ...good, watch: { destinations: [wrong] } })).toEqual([path]);
  });

  test('have names of their own', () => {
    expect(mistakesOf({ ...good, watch: { destinations: [hook, hook] } })).toEqual(['watch.destinations[1].name']);
  });
});
