import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedKeys } from '../../../lib/core/base/repeated-keys.ts';

const pathsIn = (json: string): readonly string[] => repeatedKeys(json).map(({ path }) => path);

describe('repeatedKeys', () => {
  it.each([
    ['{"protected":[{"name":"p"}],"zones":[],"protected":[]}', ['protected']],
    ['{"a":{"b":1,"b":2}}', ['a.b']],
    ['[{"a":1},{"a":1,"b":{"a":1},"a":2}]', ['[1].a']],
    ['{"prot\\u0065cted":1,"protected":2}', ['protected']],
    ['{"a":1,"a":2,"a":3}', ['a', 'a']],
    ['{"a":"{\\"a\\":1,\\"a\\":2}","b":["x","x"]}', []],
    ['{"a\\"b":1,"a":2}', []],
    ['{"__proto__":1,"__proto__":2}', ['__proto__']],
  ])('%s: %j', (json, paths) => {
    expect(pathsIn(json)).toEqual(paths);
  });

  it('finds none where JSON was written from a value', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (json, spaces) => {
        expect(pathsIn(JSON.stringify(JSON.parse(json), undefined, spaces))).toEqual([]);
      }),
    );
  });

  it('finds any key that is written once more, wherever that is', () => {
    const keyed = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(keyed, fc.nat(), fc.jsonValue(), (object, nth, value) => {
        const keys = Object.keys(object);
        const key = keys[nth % keys.length] ?? '';
        const members = [...Object.entries(object), [key, value] as const].map(
          ([name, held]) => `${JSON.stringify(name)}: ${JSON.stringify(held)}`,
        );
        expect(pathsIn(`{"outer":[{${members.join(', ')}}]}`)).toEqual([`outer[0].${key}`]);
      }),
    );
  });
});
