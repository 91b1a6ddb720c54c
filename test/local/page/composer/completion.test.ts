import { describe, expect, test } from 'vitest';
import { table } from '../../../../lib/core/grammar/table.ts';
import { readCommandTable, usageOf } from '../../../../lib/local/page/composer/command-table.ts';
import { complete } from '../../../../lib/local/page/composer/completion.ts';

const rows = readCommandTable(JSON.parse(JSON.stringify(table)));
const source = {
  command: '/postal-endpoint',
  rows,
  hostnames: ['gitlab.mail.corp.internal', 'tickets.mail.corp.internal'],
  users: [{ name: 'maria', realName: 'Maria' }],
  servers: ['acme/production'],
};
const labels = (text: string) => complete(text, source).items.map(({ label }) => label);
const taken = (text: string) => {
  const { from, to, items } = complete(text, source);
  return items[0] === undefined ? text : `${text.slice(0, from)}${items[0].insert}${text.slice(to)}`;
};

describe('completes', () => {
  test.each([
    ['/po', '/postal-endpoint '],
    ['/postal-endpoint ch', '/postal-endpoint check '],
    ['/postal-endpoint help sh', '/postal-endpoint help show '],
    ['/postal-endpoint show git', '/postal-endpoint show gitlab.mail.corp.internal '],
    ['/postal-endpoint show tickets', '/postal-endpoint show tickets.mail.corp.internal '],
    ['/postal-endpoint add x 10.0.4.12 --ss', '/postal-endpoint add x 10.0.4.12 --ssl-mode '],
    ['/postal-endpoint add x 10.0.4.12 —po', '/postal-endpoint add x 10.0.4.12 --port '],
    ['/postal-endpoint add x 10.0.4.12 --ssl-mode T', '/postal-endpoint add x 10.0.4.12 --ssl-mode TLS '],
    ['/postal-endpoint add x y --owner @m', '/postal-endpoint add x y --owner @maria '],
    ['/postal-endpoint list tick', '/postal-endpoint list tickets.mail.corp.internal '],
    ...['list', 'check all', 'report', 'mute all 2h', 'unmute all'].flatMap((line) => [
      [`/postal-endpoint ${line} --ow`, `/postal-endpoint ${line} --owner `],
      [`/postal-endpoint ${line} --owner @m`, `/postal-endpoint ${line} --owner @maria `],
      [`/postal-endpoint ${line} --state dr`, `/postal-endpoint ${line} --state drifted `],
      [`/postal-endpoint ${line} --server acme`, `/postal-endpoint ${line} --server acme/production `],
      [`/postal-endpoint ${line} --in-postal n`, `/postal-endpoint ${line} --in-postal no `],
      [`/postal-endpoint ${line} --target gitlab`, `/postal-endpoint ${line} --target gitlab.mail.corp.internal `],
    ]),
    ['/postal-endpoint list --a', '/postal-endpoint list --at '],
  ])('%s to %s', (text, expected) => {
    expect(taken(text)).toBe(expected);
  });
});

test('offers every verb, and each option once', () => {
  expect(labels('/postal-endpoint ')).toEqual([...Object.keys(table), 'help']);
  expect(labels('/postal-endpoint list --share ')).toEqual([
    '--target',
    '--state',
    '--owner',
    '--server',
    '--in-postal',
    '--unregistered',
    '--format',
    '--json',
    '--at',
    '--page',
  ]);
  expect(labels('/postal-endpoint list --at 2026-11-20 --un')).toEqual(['--unregistered']);
  expect(labels('/postal-endpoint check all --un')).toEqual(['--unregistered']);
  // These understand it only to say why not.
  for (const line of ['mute all 2h', 'unmute all', 'report'])
    expect(labels(`/postal-endpoint ${line} --un`)).toEqual([]);
});

test.each(['', 'hello', '/postal-endpoint nonsense x', '/other add', '/postal-endpoint add x y --port '])(
  'offers nothing for %j',
  (text) => {
    expect(labels(text)).toEqual([]);
  },
);

test('shows how a verb is used', () => {
  expect(complete('/postal-endpoint show x', source).usage).toBe('/postal-endpoint show <hostname> [--share]');
  expect(rows.map(usageOf).every((usage) => usage.length > 3)).toBe(true);
});

test.each([null, 3, 'x', [], [null, {}, { verb: 7 }], { add: null }])(
  'a table that is none (%j) has no rows',
  (json) => {
    expect(readCommandTable(json)).toEqual([]);
  },
);
