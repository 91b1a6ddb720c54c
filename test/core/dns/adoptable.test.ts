import { expect, it } from 'vitest';
import { adoptable } from '../../../lib/core/dns/adoptable.ts';
import { dnsValue, type RecordSet, sameRecordSets } from '../../../lib/core/dns/record-set.ts';

const name = 'a.corp.internal';
const set = (type: string, ttlSeconds: number, ...values: readonly string[]): RecordSet => ({
  name,
  type,
  ttlSeconds,
  values,
});
const a = set('A', 60, '10.0.4.12');
const txt = set('TXT', 60, '"v=spf1 -all"');

it('says differently what can be done about a record set that is alone in the way, and about one beside others', () => {
  expect(adoptable(name, [{ ...a, foreign: 'weighted' }])).toMatchObject({
    wrong: expect.stringMatching(/can be adopted\.$/),
    right: expect.stringContaining('Leave it as it is and register another name that leads there'),
  });
  // A name that leads to one without an address would be refused.
  expect(adoptable(name, [txt])).toMatchObject({
    wrong: expect.stringMatching(/can be adopted\.$/),
    right: expect.not.stringContaining('leads there'),
  });
  expect(adoptable(name, [a, txt])).toMatchObject({
    wrong: expect.stringMatching(/, and only when nothing else has that name\.$/),
    right: expect.stringContaining('to move or delete that record, then adopt'),
  });
});

it('says of the zone itself that it is the zone', () => {
  expect(adoptable(name, [set('NS', 60, 'ns.invalid.'), set('SOA', 900, 'ns.invalid. h.invalid. 1 1 1 1 1')])).toEqual({
    kind: 'no',
    wrong: `${name} is the zone itself; its SOA and NS live there.`,
    right: 'Use a name below it.',
  });
});

it('knows a marker of its own from another TXT record, and two TTLs from one', () => {
  const marker = 'v=1 change=01JD0000000000000000000000 generation=1 port=25 mode=Auto digest=0';
  expect(
    adoptable(name, [a, { ...txt, name: `_postal-endpoint.${name}`, values: [`"${marker.slice(2)}"`] }]).kind,
  ).toBe('no');
  expect(adoptable(name, [a, set('AAAA', 60, 'fd00::1')])).toEqual({ kind: 'yes' });
  expect(adoptable(name, [a, set('AAAA', 61, 'fd00::1')])).toMatchObject({
    wrong: expect.stringContaining('A 60 s, AAAA 61 s'),
  });
});

it('takes TXT values for equal that differ only in how they are split, and no others', () => {
  expect(sameRecordSets([set('TXT', 60, '"ab"')], [set('TXT', 60, '"a" "b"')])).toBe(true);
  expect(sameRecordSets([set('TXT', 60, '"ab"')], [set('TXT', 60, '"ba"')])).toBe(false);
  expect(dnsValue('TXT', 'not quoted "')).toBe('not quoted "');
});
