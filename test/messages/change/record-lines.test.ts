import { describe, expect, it } from 'vitest';
import { makePlan, recordSetsOf } from '../../../lib/core/dns/plan.ts';
import type { Definition } from '../../../lib/core/endpoint/definition.ts';
import { checkDefinition } from '../../../lib/core/validation/check-definition.ts';
import { recordLines } from '../../../lib/messages/change/record-lines.ts';
import { examplePolicy, exampleProfile } from '../../core/validation/example-policy.ts';

const definitionOf = (target: string): Definition => {
  const { definition } = checkDefinition(
    { hostname: 'gitlab.corp.internal', targets: [target] },
    examplePolicy(),
    exampleProfile(),
  );
  if (definition === undefined) throw new Error('the test wants a valid definition');
  return definition;
};

const [first, second] = [definitionOf('10.0.4.12'), definitionOf('10.0.4.13')];
const standing = recordSetsOf(first, { changeId: '01JD0000000000000000000000', generation: 1 });
const withoutMarker = standing.filter(({ type }) => type !== 'TXT');
const frame = {
  hostname: first.hostname,
  zoneId: 'Z0CORP',
  changeId: '01JD0000000000000000000001',
  generation: 2,
  policyVersion: '0123456789ab',
  now: 0,
};

describe('the records of a plan', () => {
  it.each([
    [
      'added',
      { verb: 'add', existing: [], definitionAfter: first },
      ['+ A     10.0.4.12  TTL 60', '+ TXT   ownership marker, generation 2'],
    ],
    [
      'updated',
      { verb: 'update', existing: standing, definitionAfter: second },
      ['− A     10.0.4.12  TTL 60', '+ A     10.0.4.13  TTL 60', '± TXT   ownership marker, generation 2'],
    ],
    [
      'adopted',
      { verb: 'adopt', existing: withoutMarker, definitionAfter: first },
      ['  A     10.0.4.12  TTL 60', '+ TXT   ownership marker, generation 2'],
    ],
    ['removed', { verb: 'remove', existing: standing }, ['− A     10.0.4.12  TTL 60', '− TXT   ownership marker']],
    ['removed, its marker being gone', { verb: 'remove', existing: withoutMarker }, ['− A     10.0.4.12  TTL 60']],
  ] as const)('%s', (_, request, expected) => {
    expect(recordLines(makePlan({ ...frame, ...request })).split('\n')).toEqual(expected);
  });
});
