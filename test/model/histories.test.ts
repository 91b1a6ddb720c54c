import { expect, it } from 'vitest';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';
import type { Action } from '../support/model/action.ts';
import { complaintsAbout } from '../support/model/invariants.ts';
import { bulksOf, play } from '../support/model/play.ts';
import { undoEverything } from '../support/model/undo-everything.ts';

const host = 'a.mail.corp.internal';
const ask = (line: string, works = true): Action => ({ kind: 'ask', by: 'maria', line, works });
const add = ask(`add ${host} 10.0.4.1`);
const undo: Action = { kind: 'undo', by: 'maria', nth: 0, works: true };
const confirm: Action = { kind: 'decide', verb: 'approve', by: 'requester', nth: 0, digest: 'right', works: true };
const route53 = (...faults: Extract<Action, { kind: 'route53' }>['faults']): Action => ({ kind: 'route53', faults });

/** Each of these went wrong once. */
const histories: readonly (readonly [string, readonly Action[]])[] = [
  [
    'a change that goes at once has waited in the queue until its plan expired',
    [{ kind: 'ledger', faults: ['lost-answer'] }, add, { kind: 'jump', seconds: 960 }, add],
  ],
  ['an addition settles after it was undone', [{ kind: 'die', at: 12, when: 'before' }, add, undo]],
  [
    'the first sending of an addition lands when the name has been removed',
    [route53('lands-late'), add, ask(`remove ${host}`), confirm, { kind: 'land-late' }],
  ],
  ['a removal is confirmed after an undo has made it needless', [add, ask(`remove ${host}`), undo, confirm]],
  [
    'an undo fails, is announced as failed without an answer, and lands late',
    [
      add,
      route53('lost-request', 'lands-late', 'denied'),
      { kind: 'slack', faults: ['lost-answer'] },
      undo,
      { kind: 'land-late' },
      { kind: 'watch' },
    ],
  ],
  [
    'a removal fails, the next one is applied, and the name is asked for again',
    [
      add,
      ask(`remove ${host}`),
      route53('lost-request', 'lost-request', 'lost-request'),
      confirm,
      { kind: 'jump', seconds: 960 },
      ask(`remove ${host}`),
      confirm,
      add,
    ],
  ],
];

it.each(histories)('comes to rest when %s', async (_, actions) => {
  expect(await complaintsAbout(await play(createMemoryCloud(), actions))).toEqual([]);
});

const names = ['a.mail', 'b.mail', 'c.prod'].map((label) => `${label}.corp.internal`);
const [a = '', b = '', c = ''] = names;
/** Three names with one address, and a bulk that is to move them; the third needs a second person. */
const moving: readonly Action[] = [
  ask(`add ${a} 10.0.4.1`),
  ask(`add ${b} 10.0.4.1`),
  { kind: 'ask', by: 'oncall', line: `add ${c} 10.0.4.1 --break-glass "first of all"`, works: true },
  ask('move 10.0.4.1 10.0.4.2'),
];
const decideBulk = (by: 'requester' | 'approver'): Action => ({
  kind: 'decide-bulk',
  verb: 'approve',
  by,
  nth: 0,
  digest: 'right',
  works: true,
});
const released = [decideBulk('requester'), decideBulk('approver')];
const meddling = (hostname: Extract<Action, { kind: 'outsider' }>['hostname']): Action => ({
  kind: 'outsider',
  hostname,
  does: 'set the record',
  target: '10.0.4.9',
});

const bulkHistories: readonly (readonly [string, readonly Action[], readonly string[]])[] = [
  ['everything is released', [...moving, ...released], ['applied', 'applied', 'applied']],
  [
    'somebody else changes a record after it was approved by one, before the other',
    [...moving, decideBulk('requester'), meddling('b.mail.corp.internal'), decideBulk('approver')],
    ['applied', 'conflict', 'applied'],
  ],
  [
    'the ranges are narrowed before it is released',
    [...moving, { kind: 'ranges', are: 'narrow' }, ...released],
    ['failed', 'failed', 'failed'],
  ],
  [
    'the requester loses all rights before it is approved',
    [...moving, decideBulk('requester'), { kind: 'rights', of: 'maria', given: false }, decideBulk('approver')],
    ['failed', 'failed', 'failed'],
  ],
  [
    'everything is protected before it is released',
    [...moving, { kind: 'protection', is: 'everything' }, ...released],
    ['failed', 'failed', 'applied'],
  ],
  ['nobody approves it', [...moving, decideBulk('requester')], []],
  [
    'its batch lands after it was given up',
    [
      ...moving,
      route53('lands-late', 'lands-late', 'lands-late', 'lands-late', 'lands-late'),
      ...released,
      { kind: 'land-late' },
    ],
    ['failed', 'failed', 'failed'],
  ],
];

it.each(bulkHistories)('comes to rest, and the zone with it, when of a bulk %s', async (_, actions, ends) => {
  const played = await play(createMemoryCloud(), actions);
  expect(await complaintsAbout(played)).toEqual([]);
  const [bulk] = await bulksOf(played.cloud, played.asked);
  const outcomes = new Map([...(bulk?.outcomes.values() ?? [])].map((each) => [each.hostname, each.state]));
  expect(names.flatMap((name) => outcomes.get(name) ?? [])).toEqual(ends);
});

it('takes a bulk back, and the undo of it, whoever changed a name between', async () => {
  const undoBulk: Action = { kind: 'undo-bulk', by: 'maria', nth: 0, works: true };
  const played = await play(createMemoryCloud(), [
    ...moving,
    ...released,
    undoBulk,
    ...released,
    undoBulk,
    ...released,
    meddling('a.mail.corp.internal'),
    undoBulk,
    ...released,
  ]);
  expect(await complaintsAbout(played)).toEqual([]);
  const bulks = await bulksOf(played.cloud, played.asked);
  expect(bulks.map(({ source, state, outcomes }) => [source, state, outcomes.size])).toEqual([
    ['move', 'closed', 3],
    ['undo', 'closed', 3],
    ['undo', 'closed', 3],
    ['undo', 'closed', 2],
  ]);
});

it.each([
  ['an undo', [add, undo]],
  ['an undo of an undo', [add, undo, undo]],
  ['an undo of an undo of an update', [add, ask(`update ${host} 10.0.4.2`), confirm, undo, undo]],
] as const)('undoes everything, %s included, step by step', async (_, actions) => {
  const played = await play(createMemoryCloud(), actions);
  expect(await undoEverything(played)).toEqual([]);
  expect(await played.cloud.zone()).toEqual([]);
});

/** More calls than a worker makes for an addition. */
const callsOfAdd = 60;
const laterChanges: readonly Action[] = [
  { kind: 'rights', of: 'maria', given: false },
  { kind: 'ranges', are: 'narrow' },
  { kind: 'protection', is: 'everything' },
  { kind: 'zone', is: 'public' },
  { kind: 'zone', is: 'shadowed' },
];

it.each(laterChanges.map((change) => [JSON.stringify(change), change] as const))(
  'sends nothing that is not permitted when a worker dies at any call of an addition, and then %s',
  async (_, change) => {
    for (let at = 0; at < callsOfAdd; at += 1) {
      for (const when of ['before', 'after'] as const) {
        const actions: readonly Action[] = [
          route53('lost-request'),
          { kind: 'die', at, when },
          ask(`add ${host} 10.0.4.2`),
          change,
          { kind: 'jump', seconds: 240 },
          { kind: 'watch' },
        ];
        expect([at, when, ...(await complaintsAbout(await play(createMemoryCloud(), actions)))]).toEqual([at, when]);
      }
    }
  },
);
