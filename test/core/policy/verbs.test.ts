import { expect, test } from 'vitest';
import { changeVerbs } from '../../../lib/core/dns/plan.ts';
import { grantVerbs, includesVerb } from '../../../lib/core/policy/verbs.ts';

test('every change can be granted', () => expect(grantVerbs).toEqual(expect.arrayContaining([...changeVerbs])));

test('* stands for every verb but those that reach others', () => {
  expect(grantVerbs.filter((verb) => !includesVerb(['*'], verb))).toEqual([
    'check:rcpt',
    'check:deliver',
    'undo:others',
  ]);
});

test('a verb stands for itself alone, but whoever may mute may acknowledge', () => {
  for (const granted of grantVerbs) {
    const included = grantVerbs.filter((verb) => includesVerb([granted], verb));
    expect(included.toSorted()).toEqual(granted === 'mute' ? ['acknowledge', 'mute'] : [granted]);
  }
});
