type Test = (character: string) => boolean;

/** What a pattern is made of. */
type Part =
  | { readonly kind: 'character'; readonly test: Test }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly choices: readonly Part[] }
  | { readonly kind: 'repetition'; readonly of: Part; readonly least: number; readonly most: number };

/** A step of the compiled pattern: it takes one character, holds at an end of the name, or leads on to several steps. */
type Step =
  | { readonly kind: 'character'; readonly test: Test; readonly next: number }
  | { readonly kind: 'start' | 'end'; readonly next: number }
  | { readonly kind: 'split'; readonly next: readonly number[] };

const longestPattern = 500;
const mostSteps = 5_000;

const isDigit: Test = (character) => /^\d$/.test(character);
const isWord: Test = (character) => /^\w$/.test(character);
const isSpace: Test = (character) => /^\s$/.test(character);
const not =
  (test: Test): Test =>
  (character) =>
    !test(character);

const classes: ReadonlyMap<string, Test> = new Map([
  ['d', isDigit],
  ['D', not(isDigit)],
  ['w', isWord],
  ['W', not(isWord)],
  ['s', isSpace],
  ['S', not(isSpace)],
]);

const equals =
  (wanted: string): Test =>
  (character) =>
    character === wanted;

class PatternWrong extends Error {}

/** Reads the part of JavaScript's regular expressions that a name can be matched with in time linear in its length. */
class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#characters = [...text];
  }

  read(): Part {
    const whole = this.#choice();
    if (this.#at < this.#characters.length) throw new PatternWrong('there is a ")" without its "("');
    return whole;
  }

  get #next(): string | undefined {
    return this.#characters[this.#at];
  }

  #take(wanted: string): boolean {
    if (!this.#characters.slice(this.#at).join('').startsWith(wanted)) return false;
    this.#at += wanted.length;
    return true;
  }

  #choice(): Part {
    const choices: Part[] = [];
    do choices.push(this.#sequence());
    while (this.#take('|'));
    return { kind: 'choice', choices };
  }

  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#next !== undefined && this.#next !== '|' && this.#next !== ')') parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Part {
    const part = this.#part();
    const bounds = this.#bounds();
    if (bounds === undefined) return part;
    if (part.kind === 'start' || part.kind === 'end') throw new PatternWrong('"^" and "$" cannot be repeated');
    const [least, most] = bounds;
    if (most < least) throw new PatternWrong(`{${least},${most}} has its numbers in the wrong order`);
    // Whether it takes as much or as little as it can makes no difference to a match of the whole name.
    this.#take('?');
    return { kind: 'repetition', of: part, least, most };
  }

  #bounds(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#take('?')) return [0, 1];
    if (this.#next !== '{') return undefined;
    const rest = this.#characters.slice(this.#at).join('');
    const [whole = '', least, comma, most = ''] = /^\{(\d{1,3})(,?)(\d{0,3})\}/.exec(rest) ?? [];
    if (least === undefined) throw new PatternWrong('a literal "{" has to be written as "\\{"');
    this.#at += whole.length;
    if (comma === '') return [Number(least), Number(least)];
    return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  }

  #part(): Part {
    if (this.#take('(')) {
      if (this.#next === '?' && !this.#take('?:'))
        throw new PatternWrong('of "(?…" only "(?:" is known: look-around could take very long');
      const part = this.#choice();
      if (!this.#take(')')) throw new PatternWrong('there is a "(" without its ")"');
      return part;
    }
    if (this.#take('[')) return { kind: 'character', test: this.#class() };
    if (this.#take('.')) return { kind: 'character', test: (character) => !/[\n\r\u2028\u2029]/.test(character) };
    if (this.#take('^')) return { kind: 'start' };
    if (this.#take('$')) return { kind: 'end' };
    const character = this.#next ?? '';
    if (/[*+?{}\]]/.test(character))
      throw new PatternWrong(`"${character}" has nothing before it; for the character itself write "\\${character}"`);
    const { test } = this.#single();
    return { kind: 'character', test };
  }

  /** One character, or an escape; `character` is absent where it stands for several. */
  #single(): { readonly test: Test; readonly character?: string } {
    const character = this.#next;
    if (character === undefined) throw new PatternWrong('it ends too early');
    this.#at += 1;
    if (character !== '\\') return { test: equals(character), character };
    const escaped = this.#next ?? '';
    this.#at += 1;
    const test = classes.get(escaped);
    if (test !== undefined) return { test };
    if (!/^[\^$\\.*+?()[\]{}|/-]$/.test(escaped)) throw new PatternWrong(`"\\${escaped}" is not known`);
    return { test: equals(escaped), character: escaped };
  }

  #class(): Test {
    const isNegated = this.#take('^');
    const tests: Test[] = [];
    while (!this.#take(']')) {
      const first = this.#single();
      const isRange = this.#next === '-' && this.#characters[this.#at + 1] !== ']';
      if (!isRange) {
        tests.push(first.test);
        continue;
      }
      this.#at += 1;
      const last = this.#single();
      const [from, to] = [first.character, last.character];
      if (from === undefined || to === undefined || from > to)
        throw new PatternWrong('a range between square brackets has to go up, as in [a-z]');
      tests.push((character) => from <= character && character <= to);
    }
    const test: Test = (character) => tests.some((one) => one(character));
    return isNegated ? not(test) : test;
  }
}

/** Lays a pattern's steps out backwards from what follows it. */
class Steps {
  readonly all: Step[] = [];

  add(step: Step): number {
    if (this.all.length >= mostSteps) throw new PatternWrong('it repeats too much: give smaller numbers in { }');
    return this.all.push(step) - 1;
  }

  /** The index at which the part begins that `next` follows. */
  lay(part: Part, next: number): number {
    switch (part.kind) {
      case 'character':
      case 'start':
      case 'end':
        return this.add({ ...part, next });
      case 'sequence':
        return part.parts.reduceRight((follows, one) => this.lay(one, follows), next);
      case 'choice':
        return this.add({ kind: 'split', next: part.choices.map((one) => this.lay(one, next)) });
      case 'repetition':
        return this.#layRepetition(part, next);
    }
  }

  #layRepetition({ of, least, most }: Extract<Part, { kind: 'repetition' }>, next: number): number {
    let begins = next;
    if (most === Number.POSITIVE_INFINITY) {
      const again: number[] = [next];
      begins = this.add({ kind: 'split', next: again });
      again.push(this.lay(of, begins));
    } else
      for (let count = least; count < most; count += 1)
        begins = this.add({ kind: 'split', next: [next, this.lay(of, begins)] });
    for (let count = 0; count < least; count += 1) begins = this.lay(of, begins);
    return begins;
  }
}

const matched = -1;

/** A naming convention: a regular expression on the whole hostname. */
export type NamePattern = { readonly matches: (name: string) => boolean };

/**
 * Compiles a naming convention so that it matches in time linear in the name, whatever the pattern: it follows all ways through the pattern at once and
 * never goes back. That leaves out look-around and back-references. `wrong` says what a pattern has that is not known.
 */
export const compileNamePattern = (text: string): NamePattern | { readonly wrong: string } => {
  if (text.length > longestPattern) return { wrong: `it is longer than ${longestPattern} characters` };
  const steps = new Steps();
  let first: number;
  try {
    first = steps.lay(new PatternReader(text).read(), matched);
  } catch (error) {
    if (error instanceof PatternWrong) return { wrong: error.message };
    throw error;
  }

  /** All steps that take a character, and `matched`, as far as they are reached from these without taking one. */
  const reachable = (from: readonly number[], isStart: boolean, isEnd: boolean): ReadonlySet<number> => {
    const seen = new Set(from);
    for (const index of seen) {
      const step = steps.all[index];
      if (step?.kind === 'split') for (const next of step.next) seen.add(next);
      else if ((step?.kind === 'start' && isStart) || (step?.kind === 'end' && isEnd)) seen.add(step.next);
    }
    return seen;
  };

  return {
    matches: (name) => {
      const characters = [...name];
      let now = reachable([first], true, characters.length === 0);
      for (const [index, character] of characters.entries()) {
        const next: number[] = [];
        for (const at of now) {
          const step = steps.all[at];
          if (step?.kind === 'character' && step.test(character)) next.push(step.next);
        }
        now = reachable(next, false, index === characters.length - 1);
      }
      return now.has(matched);
    },
  };
};
