import { type Bundle, bytesAtStart, filesAtStart } from './bundle.ts';
import type { functionNames } from './functions.ts';

/** Bytes that a function may load before its first request: a cold start reads, compiles and runs every one of them. */
export const budgets: Readonly<Record<(typeof functionNames)[number], number>> = {
  slack: 190_000,
  prober: 200_000,
  worker: 1_100_000,
  watch: 800_000,
  postal: 175_000,
  'postal-facts': 500_000,
  'postal-database': 150_000,
};

/** Modules named when a budget is broken. */
const shown = 8;

/** A package, or a module of our own: that by which one would look for what grew. */
const ownerOf = (input: string): string =>
  /node_modules\/(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? input;

/** Bytes at start by package, and by module where it is our own; the largest first. */
export const bytesByOwner = (bundle: Bundle): readonly (readonly [owner: string, bytes: number])[] => {
  const sums = new Map<string, number>();
  for (const file of filesAtStart(bundle)) {
    for (const [input, { bytesInOutput }] of Object.entries(bundle.outputs[file]?.inputs ?? {})) {
      sums.set(ownerOf(input), (sums.get(ownerOf(input)) ?? 0) + bytesInOutput);
    }
  }
  return [...sums].toSorted(([, one], [, other]) => other - one);
};

/** The shortest way by which the entry imports something of the owner's at start. */
const importChain = ({ inputs }: Bundle, entry: string, owner: string): readonly string[] => {
  const importers = new Map<string, string | undefined>([[entry, undefined]]);
  for (const [input] of importers) {
    if (ownerOf(input) === owner) {
      const chain: string[] = [];
      for (let step: string | undefined = input; step !== undefined; step = importers.get(step))
        chain.unshift(ownerOf(step));
      return chain.filter((step, index) => step !== chain[index - 1]);
    }
    for (const { path, kind } of inputs[input]?.imports ?? [])
      if (kind !== 'dynamic-import' && !importers.has(path)) importers.set(path, input);
  }
  return [owner];
};

/** What is wrong with the size of `functions/<name>.ts`'s bundle at start, or undefined when it is within `budget` bytes. */
export const budgetMistake = (name: string, bundle: Bundle, budget: number): string | undefined => {
  const bytes = bytesAtStart(bundle);
  if (bytes <= budget) return undefined;
  const largest = bytesByOwner(bundle)
    .slice(0, shown)
    .map(
      ([owner, size]) =>
        `${String(size).padStart(9)}  ${importChain(bundle, `functions/${name}.ts`, owner).join(' → ')}`,
    );
  return [
    `functions/${name}.ts loads ${bytes} bytes at start, ${bytes - budget} more than its ${budget}. Import where it is needed what not every request needs.`,
    ...largest,
  ].join('\n');
};
