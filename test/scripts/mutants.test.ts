import { stripTypeScriptTypes } from 'node:module';
import vm from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type Mutant, withMutants } from '../../scripts/mutants/mutate.ts';
import { MutantSwitch } from '../../scripts/mutants/switch.ts';

const source = `
const sign = (n: number) => (n < 0 ? 'minus' : n === 0 || Number.isNaN(n) ? 'none' : 'plus');
const evens = (ns: readonly number[]) => ns.filter((n) => n % 2 === 0);
const text = (n: number) => n.toString();
const save = async (write: (what: string) => Promise<void>) => {
  await write('first');
  await write('second');
  if (text(1) === '1') await write('third');
};
`;

type Run = {
  sign: (n: number) => string;
  evens: (ns: readonly number[]) => readonly number[];
  save: (write: (what: string) => Promise<void>) => Promise<void>;
};

const { text, mutants } = withMutants('sample.ts', source, 1);

const runWith = (id: number | undefined): Run => {
  const mutantSwitch = new MutantSwitch();
  if (id !== undefined) mutantSwitch.turnOn(id, 60_000);
  return vm.runInNewContext(`${stripTypeScriptTypes(text)}; ({ sign, evens, save })`, { __mutants: mutantSwitch });
};

const idOf = (rule: Mutant['rule'], code: string): number => {
  const found = mutants.find((mutant) => mutant.rule === rule && mutant.code.includes(code));
  if (found === undefined) throw new Error(`no mutant of ${code}: ${JSON.stringify(mutants)}`);
  return found.id;
};

/** What was begun and what was ended, in order, where nothing that is written ends at once. */
const saved = async (id: number | undefined): Promise<readonly string[]> => {
  const happened: string[] = [];
  await runWith(id).save(async (what) => {
    happened.push(`+${what}`);
    await new Promise((resolve) => setImmediate(resolve));
    happened.push(`-${what}`);
  });
  return happened;
};

describe('withMutants', () => {
  it('changes nothing while no mutant is on', async () => {
    const { sign, evens } = runWith(undefined);
    expect([-1, 0, 1].map(sign)).toEqual(['minus', 'none', 'plus']);
    expect(evens([1, 2, 3, 4])).toEqual([2, 4]);
    expect(await saved(undefined)).toEqual(['+first', '-first', '+second', '-second', '+third', '-third']);
  });

  it('negates guards, inner ones too', () => {
    expect(runWith(idOf('guard negated', 'n < 0')).sign(-1)).toBe('plus');
    expect(runWith(idOf('guard negated', 'n === 0 ||')).sign(0)).toBe('plus');
    expect(runWith(mutants.find(({ code }) => code === 'n === 0')?.id).sign(1)).toBe('none');
  });

  it('drops filters', () => {
    expect(runWith(idOf('filter dropped', 'ns.filter')).evens([1, 2])).toEqual([1, 2]);
  });

  it('drops awaits and swaps writes', async () => {
    expect((await saved(idOf('await dropped', "write('first')"))).slice(0, 2)).toEqual(['+first', '+second']);
    expect((await saved(idOf('writes swapped', "write('first')"))).slice(0, 3)).toEqual([
      '+second',
      '-second',
      '+first',
    ]);
  });

  it('has no mutant of what is not in a function, nor of a method that only has a name of Object’s', () => {
    expect(withMutants('sample.ts', 'export const a = globalThis ? 1 : 2;', 1).mutants).toEqual([]);
    expect(mutants.some(({ code }) => code === 'n.toString()')).toBe(false);
  });
});

it('ends a mutant that runs for ever', () => {
  const mutantSwitch = new MutantSwitch();
  mutantSwitch.turnOn(1, 20);
  expect(() => {
    while (!mutantSwitch.is(2));
  }).toThrow('runs for ever');
});
