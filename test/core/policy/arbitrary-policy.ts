import * as fc from 'fast-check';
import { changeVerbs } from '../../../lib/core/dns/plan.ts';
import type { Actor } from '../../../lib/core/ledger/entry.ts';
import type { PolicyDocument } from '../../../lib/core/policy/policy.ts';

const userIds = ['U1', 'U2', 'U3'];
const groupIds = ['S1', 'S2'];
const patterns = ['*.a', '*.b.a', 'x.b.a', 'x.a'];

const someOf = <Value>(values: readonly Value[]): fc.Arbitrary<Value[]> => fc.subarray([...values], { minLength: 1 });
const people = {
  users: fc.option(someOf(userIds), { nil: undefined }),
  userGroups: fc.option(someOf(groupIds), { nil: undefined }),
};

/** Names inside and outside of the patterns. */
export const anyHostname = fc.constantFrom('x.a', 'y.a', 'x.b.a', 'y.x.b.a', 'a', 'x.c');
export const anyChange = fc.constantFrom(...changeVerbs);
export const anyVerb = fc.constantFrom(
  ...changeVerbs,
  'show',
  'approve',
  'check',
  'check:rcpt',
  '*',
  'constructor',
  '',
);

/** Someone of a few teams, channels and people, so that grants and rules often fit them. */
export const anyActor: fc.Arbitrary<Actor> = fc.record({
  teamId: fc.constantFrom('T1', 'T2'),
  userId: fc.constantFrom(...userIds),
  userName: fc.constant('x'),
  channelId: fc.constantFrom('C1', 'C2', 'D1'),
});

/** Groups of which some were read. */
export const anyGroups = fc
  .record(Object.fromEntries(groupIds.map((id) => [id, fc.option(fc.subarray(userIds), { nil: undefined })])))
  .map(
    (read) =>
      new Map(Object.entries(read).flatMap(([id, members]) => (members === undefined ? [] : [[id, new Set(members)]]))),
  );

/** What decides who may do what, of a policy of a few of everything; it need not make sense. */
export const anyPolicy: fc.Arbitrary<Pick<PolicyDocument, 'grants' | 'protected' | 'confirm' | 'breakGlass'>> =
  fc.record({
    grants: fc.array(
      fc.record({
        name: fc.constantFrom('one', 'two', 'three'),
        teams: someOf(['T1', 'T2']),
        channels: fc.option(someOf(['C1', 'C2']), { nil: undefined }),
        ...people,
        verbs: someOf(['*', 'add', 'remove', 'show', 'approve', 'check:rcpt']),
        hostnames: fc.option(someOf(patterns), { nil: undefined }),
      }),
      { maxLength: 4 },
    ),
    protected: fc.array(
      fc.record({
        name: fc.constantFrom('first', 'second'),
        hostnames: someOf(patterns),
        verbs: fc.option(someOf(changeVerbs), { nil: undefined }),
        approvers: fc.record(people),
        channel: fc.constant('C9'),
      }),
      { maxLength: 3 },
    ),
    confirm: fc.record({ verbs: fc.subarray([...changeVerbs]) }),
    breakGlass: fc.option(fc.record({ ...people, verbs: fc.option(someOf(changeVerbs), { nil: undefined }) }), {
      nil: undefined,
    }),
  });
