import fc from 'fast-check';
import { type Person, people } from '../cloud/cloud.ts';
import { type Permissions, protectionChoices, rangeChoices, zoneChoices } from './permissions.ts';
import {
  type LedgerFault,
  ledgerFaults,
  type SlackFault,
  type SubmitFault,
  slackFaults,
  submitFaults,
} from './unreliable-ports.ts';

/** Two names that anybody with the right may change, and one that needs a second person. */
export const hostnames = ['a.mail.corp.internal', 'b.mail.corp.internal', 'c.prod.corp.internal'] as const;
export type ModelHostname = (typeof hostnames)[number];
const targets = ['10.0.4.1', '10.0.4.2', 'fd00::3'] as const;

/** What somebody or something does next. `nth` counts changes back from the newest; `released`: whoever has to say yes does so at once. */
export type Action =
  | {
      readonly kind: 'ask';
      readonly by: Person;
      readonly line: string;
      readonly works: boolean;
      readonly released?: boolean;
    }
  | {
      readonly kind: 'undo';
      readonly by: Person;
      readonly nth: number;
      readonly works: boolean;
      readonly released?: boolean;
    }
  | {
      readonly kind: 'decide';
      readonly verb: 'approve' | 'reject' | 'cancel';
      readonly by: Person | 'requester' | 'approver';
      readonly nth: number;
      readonly digest: 'right' | 'wrong';
      readonly works: boolean;
    }
  /** Changes many names at once. A move is of an address that is registered, where there is one; an undo is by whoever made the last change. */
  | {
      readonly kind: 'bulk';
      readonly by: Person;
      readonly what: 'move' | 'adopt' | 'undo --since 5m' | 'undo --since 2h';
      readonly nth: number;
      readonly target: string;
      readonly only: '' | '*.mail.corp.internal' | '*.prod.corp.internal';
      readonly works: boolean;
      readonly released?: boolean;
    }
  /** Takes a bulk back: `nth` counts back from the newest that is over. */
  | {
      readonly kind: 'undo-bulk';
      readonly by: Person;
      readonly nth: number;
      readonly works: boolean;
      readonly released?: boolean;
    }
  | {
      readonly kind: 'decide-bulk';
      readonly verb: 'approve' | 'reject' | 'cancel';
      readonly by: Person | 'requester' | 'approver';
      readonly nth: number;
      readonly digest: 'right' | 'wrong';
      readonly works: boolean;
    }
  | { readonly kind: 'work'; readonly atOnce: number; readonly twice: boolean; readonly seed: number }
  | { readonly kind: 'die'; readonly at: number; readonly when: 'before' | 'after' }
  | { readonly kind: 'route53'; readonly faults: readonly SubmitFault[] }
  | { readonly kind: 'ledger'; readonly faults: readonly LedgerFault[] }
  | { readonly kind: 'slack'; readonly faults: readonly SlackFault[] }
  | { readonly kind: 'land-late' }
  /** Somebody's rights are taken away, until they are given back. */
  | { readonly kind: 'rights'; readonly of: Person; readonly given: boolean }
  /** The policy changes, or the zone does. */
  | { readonly kind: 'ranges'; readonly are: Permissions['ranges'] }
  | { readonly kind: 'protection'; readonly is: Permissions['protection'] }
  | { readonly kind: 'zone'; readonly is: Permissions['zone'] }
  | { readonly kind: 'jump'; readonly seconds: number }
  | { readonly kind: 'watch' }
  | {
      readonly kind: 'outsider';
      readonly hostname: ModelHostname;
      readonly does: OutsiderDeed;
      readonly target: string;
    };

export const outsiderDeeds = [
  'set the record',
  'delete the record',
  'delete the marker',
  'set a marker of their own',
  'put back the record',
] as const;
export type OutsiderDeed = (typeof outsiderDeeds)[number];

const hostname = fc.constantFrom(...hostnames, hostnames[0], hostnames[2]);
const person = fc.constantFrom<Person>('maria', 'maria', 'li', 'oncall', 'guest');
const target = fc.constantFrom(...targets);
const works = fc.constantFrom(true, true, false);
const released = fc.boolean();
const nth = fc.constantFrom(0, 0, 0, 1, 2, 3);
const glass = fc.constantFrom('', '', '', ' --break-glass "nobody there, mail is down"');

const line = fc.oneof(
  fc.record({ hostname, target, glass }).map((it) => `add ${it.hostname} ${it.target}${it.glass}`),
  fc.record({ hostname, target, glass }).map((it) => `add ${it.hostname} ${it.target}${it.glass}`),
  fc
    .record({ hostname, target, standby: target })
    .map((it) => `add ${it.hostname} ${it.target} --standby ${it.standby}`),
  fc.record({ hostname, target, glass }).map((it) => `update ${it.hostname} ${it.target}${it.glass}`),
  fc.record({ hostname, glass }).map((it) => `failover ${it.hostname}${it.glass}`),
  fc.record({ hostname, glass }).map((it) => `remove ${it.hostname}${it.glass}`),
  fc.record({ hostname }).map((it) => `adopt ${it.hostname}`),
);

const decision = {
  verb: fc.constantFrom('approve', 'approve', 'approve', 'approve', 'reject', 'cancel'),
  by: fc.constantFrom<Person | 'requester' | 'approver'>(
    'requester',
    'requester',
    'requester',
    'approver',
    'approver',
    ...people,
  ),
  nth,
  digest: fc.constantFrom('right', 'right', 'right', 'right', 'wrong'),
  works,
} as const;

const ordinary: readonly fc.WeightedArbitrary<Action>[] = [
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('ask' as const), by: person, line, works, released }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('undo' as const), by: person, nth, works, released }) },
  {
    weight: 11,
    arbitrary: fc.record({ kind: fc.constant('decide' as const), ...decision }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      kind: fc.constant('bulk' as const),
      by: fc.constantFrom<Person>('maria', 'maria', 'oncall'),
      what: fc.constantFrom('move', 'move', 'adopt', 'undo --since 5m', 'undo --since 2h'),
      nth,
      target,
      only: fc.constantFrom('', '', '*.mail.corp.internal', '*.prod.corp.internal'),
      works,
      released: fc.constantFrom(true, true, false),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo-bulk' as const), by: person, nth, works, released }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('decide-bulk' as const), ...decision }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('work' as const),
      atOnce: fc.integer({ min: 2, max: 4 }),
      twice: fc.boolean(),
      seed: fc.nat(2 ** 31),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('die' as const),
      at: fc.nat(35),
      when: fc.constantFrom('before', 'after'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('route53' as const),
      faults: fc.array(fc.constantFrom(...submitFaults), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('ledger' as const),
      faults: fc.array(fc.constantFrom(...ledgerFaults), { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('slack' as const),
      faults: fc.array(fc.constantFrom(...slackFaults), { minLength: 1, maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ kind: 'land-late' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rights' as const), of: person, given: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('ranges' as const), are: fc.constantFrom('usual', ...rangeChoices) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('protection' as const),
      is: fc.constantFrom('usual', ...protectionChoices),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('zone' as const), is: fc.constantFrom('usual', ...zoneChoices) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('jump' as const), seconds: fc.constantFrom(5, 60, 240, 960) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'watch' as const }) },
];

const outsider: fc.WeightedArbitrary<Action> = {
  weight: 3,
  arbitrary: fc.record({
    kind: fc.constant('outsider' as const),
    hostname,
    does: fc.constantFrom(...outsiderDeeds),
    target,
  }),
};

/** All names lead to one address, so that there is something for bulks to do. */
const registered: readonly Action[] = hostnames.map((name) => ({
  kind: 'ask',
  by: 'oncall',
  line: `add ${name} ${targets[0]}${name === hostnames[2] ? ' --break-glass "first of all"' : ''}`,
  works: true,
}));

/** Histories of a while; with the outsider's hand in them or without. Half of them begin with registered names. */
export const history = (withOutsider: boolean, maxLength: number): fc.Arbitrary<Action[]> =>
  fc
    .tuple(
      fc.constantFrom([], registered),
      fc.array(fc.oneof(...ordinary, ...(withOutsider ? [outsider] : [])), {
        minLength: Math.min(8, maxLength),
        maxLength,
        size: 'max',
      }),
    )
    .map(([before, actions]) => [...before, ...actions]);
