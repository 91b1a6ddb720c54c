import { describe, expect, test } from 'vitest';
import { understand } from '../../../lib/core/grammar/grammar.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const signal = new AbortController().signal;

const withNames = async (...hostnames: readonly string[]) => {
  const worker = workerUnderTest();
  for (const [index, hostname] of hostnames.entries()) await worker.say(`add ${hostname} 10.0.4.${index + 10}`);
  return worker;
};

describe('a short name', () => {
  test.each(['show', 'drift', 'history', 'check', 'mute', 'update', 'remove'])(
    '%s finds the only registered name that begins so, and says which',
    async (verb) => {
      const worker = await withNames('gitlab.mail.corp.internal', 'crm.corp.internal');
      await worker.say(`${verb} gitlab${verb === 'mute' ? ' 1h' : verb === 'update' ? ' 10.0.4.99' : ''}`);
      expect(worker.lastReply()).toContain('gitlab was read as gitlab.mail.corp.internal');
      expect(worker.lastReply()).toContain('gitlab.mail.corp.internal');
    },
  );

  test('several names are offered, each with its command, and nothing is done', async () => {
    const worker = await withNames('gitlab.mail.corp.internal', 'gitlab.lab.corp.internal');
    await worker.say('remove gitlab');
    expect(worker.lastReply()).toContain('/postal-endpoint remove gitlab.mail.corp.internal');
    expect(worker.lastReply()).toContain('/postal-endpoint remove gitlab.lab.corp.internal');
    expect(await worker.records('gitlab.mail.corp.internal')).toHaveLength(2);
  });

  test.each(['drift', 'show', 'mute'])('%s of one that begins none says so, and invents no name', async (verb) => {
    const worker = await withNames('crm.corp.internal');
    await worker.say(`${verb} gitlab${verb === 'mute' ? ' 1h' : ''}`);
    expect(worker.lastReply()).toContain('no registered name begins with it');
    expect(worker.lastReply()).not.toContain('gitlab.corp.internal');
  });

  test('names that the person may not see are neither taken nor offered', async () => {
    const worker = workerUnderTest({
      policy: {
        grants: [
          { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
          { name: 'one', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['show'], hostnames: ['*.lab.corp.internal'] },
        ],
      },
    });
    await worker.say('add gitlab.mail.corp.internal 10.0.4.10');
    await worker.say('show gitlab', { user: 'li' });
    expect(worker.lastReply()).not.toContain('gitlab.mail.corp.internal');
  });
});

describe('a person whom nobody knows', () => {
  test('is said, with who did something', async () => {
    const worker = await withNames('gitlab.mail.corp.internal');
    await worker.say('history --by nobody');
    expect(worker.lastReply()).toContain('no request here from \\"nobody\\" since 7d');
    expect(worker.lastReply()).toContain('@maria');
  });

  test('one who is known by name is found', async () => {
    const worker = await withNames('gitlab.mail.corp.internal');
    await worker.say('history --by maria');
    expect(worker.lastReply()).toContain('gitlab.mail.corp.internal');
  });
});

describe('a line that cannot be read', () => {
  test.each([
    ['hello there', 'help'],
    ['helo', 'help'],
    ['shwo gitlab.corp.internal', 'show'],
    ['lits', 'list'],
  ])('"%s" gets one message with the nearest verb', (line, verb) => {
    const understood = understand(line);
    expect(understood).toMatchObject({
      kind: 'mistaken',
      problems: [{ argument: 'verb', right: `Did you mean ${verb}?` }],
    });
  });

  test.each([
    ['add gitlab.corp.internal 10.0.4.12 \uff0d\uff0dport 25', 'U+FF0D'],
    ['add gitlab.corp.internal 10.0.4.12 \ufe63port 25', 'U+FE63'],
  ])('a dash of another kind is named, and the line is put right: %s', (line, codePoint) => {
    const understood = understand(line);
    expect(JSON.stringify(understood)).toContain(`Character 1 is ${codePoint}`);
    expect(understood).toMatchObject({ kind: 'mistaken', suggestion: 'add gitlab.corp.internal 10.0.4.12 --port 25' });
  });

  test.each([
    ['add gitlab.corp.internal 10.0.4.12\ufe0f', 'Character 10 is U+FE0F, which is invisible.'],
    ['add gitlab.corp.internal fd00::1\ufe0f', 'Character 8 is U+FE0F, which is invisible.'],
    ['add gitlab.corp.internal \uff11\uff10.0.4.12', 'Character 1 is U+FF11'],
    ['add gitlab.corp.internal mx.corp.internal\ufe0f', 'Character 17 is U+FE0F'],
    ['add gitlab.corp.internal 10.0.4.12 --port 2\uff15', 'Character 2 is U+FF15'],
    ['add gitlab.corp.internal 10.0.4.12 --ttl 6\uff10', 'Character 2 is U+FF10'],
    ['add gitlab.corp.internal 10.0.4.12 --ssl-mode Aut\u043e', 'Character 4 is U+043E'],
    ['add gitl\u0430b.corp.internal 10.0.4.12', 'Character 5 is U+0430'],
    ['check gitl\u0430b.corp.internal', 'Character 5 is U+0430'],
  ])('an unexpected character is named with its code point and position: %s', async (line, said) => {
    const worker = workerUnderTest();
    await worker.say(line);
    expect(worker.lastReply()).toContain(said);
    const read = await worker.ports.zones.readNames('Z0CORP', ['gitlab.corp.internal'], signal);
    expect(read.ok && read.value).toEqual([]);
  });
});

test('drift of a name outside the zones says so, and not that Route 53 could not be read', async () => {
  const worker = workerUnderTest();
  await worker.say('drift mx.example.com');
  expect(worker.lastReply()).toContain('mx.example.com is not in the zone corp.internal');
  expect(worker.lastReply()).not.toContain('could not be read');
});

test.each(['show', 'drift', 'check', 'remove'])(
  '%s offers a name without the characters that nobody sees',
  async (verb) => {
    const worker = workerUnderTest();
    await worker.say(`${verb} gitlab.corp.internal\u{E0041}`);
    expect(worker.lastReply()).toContain('Character 21 is U+E0041, which is invisible');
    expect(worker.lastReply()).toContain(`/postal-endpoint ${verb} gitlab.corp.internal\n`);
  },
);

test('undo of a hostname says where its changes are', async () => {
  const worker = await withNames('gitlab.mail.corp.internal');
  await worker.say('undo GitLab.mail.corp.internal');
  expect(worker.lastReply()).toContain('/postal-endpoint history gitlab.mail.corp.internal');
});

test.each([
  'check bad_name',
  'drift -x.internal.acme.test',
  'remove 10.1.1.1',
  'history *.x',
  'mute *a.b 2h',
  'mute ?? 2h',
  'check *.x.y!',
  'move a.internal.acme.test 192.168.7.9',
  'add x.internal.acme.test 10.0.4',
  'adopt *!',
])('the examples in the refusal of %s are the deployment’s', async (line) => {
  const worker = workerUnderTest({
    policy: { zones: [{ name: 'internal.acme.test', id: 'Z1', vpcs: [] }], cidrs: ['192.168.7.0/24'] },
  });
  await worker.say(line);
  expect(worker.lastReply()).not.toMatch(/corp\.internal|10\.0\.4\.1/);
});

test('what a person typed is not taken for an example', async () => {
  const worker = workerUnderTest({
    policy: { zones: [{ name: 'internal.acme.test', id: 'Z1', vpcs: [] }], cidrs: ['192.168.7.0/24'] },
  });
  await worker.say('add x.internal.acme.test ::ffff:10.0.4.12');
  expect(worker.lastReply()).toContain('Write 10.0.4.12.');
});
