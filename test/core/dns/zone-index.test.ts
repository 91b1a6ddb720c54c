import { describe, expect, it } from 'vitest';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { indexedZone } from '../../../lib/core/dns/zone-index.ts';

const zone = 'corp.internal';
const set = (name: string, type = 'A'): RecordSet => ({ name, type, ttlSeconds: 60, values: ['10.0.4.12'] });
const namesOf = (sets: readonly RecordSet[]): readonly string[] => sets.map(({ name }) => name);

describe('a zone that is indexed', () => {
  const index = indexedZone(zone, [
    set(zone, 'SOA'),
    set('\\052.apps.corp.internal'),
    set('mail.corp.internal'),
    set('a.mail.corp.internal'),
  ]);

  it('has what is at a name, however it is spelt', () => {
    expect(namesOf(index.at('Mail.corp.internal.'))).toEqual(['mail.corp.internal']);
    expect(index.at('apps.corp.internal')).toEqual([]);
  });

  it('returns what is at an existing name and below it', () => {
    expect(namesOf(index.around('mail.corp.internal'))).toEqual(['mail.corp.internal', 'a.mail.corp.internal']);
    expect(namesOf(index.around('apps.corp.internal'))).toEqual(['\\052.apps.corp.internal']);
  });

  it('has around a name that does not exist the wildcard that answers for it, once, or a sign of the closest name that exists', () => {
    expect(namesOf(index.around('smtp.apps.corp.internal'))).toEqual(['\\052.apps.corp.internal']);
    expect(namesOf(index.around('x.y.mail.corp.internal'))).toEqual(['mail.corp.internal']);
    expect(namesOf(index.around('x.y.corp.internal'))).toEqual([zone]);
  });

  it('has nothing around a name of an empty zone, nor beyond the zone', () => {
    expect(indexedZone(zone, []).around('a.b.corp.internal')).toEqual([]);
    expect(index.around('internal')).toEqual([]);
  });

  it('has around a name a hundred record sets at most', () => {
    const many = Array.from({ length: 150 }, (_, number) => set(`h${number}.mail.corp.internal`));
    expect(indexedZone(zone, many).around('mail.corp.internal')).toEqual(many.slice(0, 100));
  });
});
