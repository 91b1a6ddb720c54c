import { isDeepStrictEqual } from 'node:util';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import type { Steps } from './steps.ts';

/** What a check needs of the Route 53 under test, beyond what every one has. */
export type Need = 'http' | 'faults' | 'control' | 'second-vpc' | 'public-zones';

/** One step of a check. Record sets and changes are lines (see record-line.ts). */
export type Step =
  /** Plans from what the zone has to these record sets, sends the plan, and expects a second plan to be empty. */
  | { readonly kind: 'reach'; readonly recordSets: readonly string[] }
  /** Sends a batch that must be accepted and leave these record sets. */
  | { readonly kind: 'accept'; readonly changes: readonly string[]; readonly recordSets: readonly string[] }
  /** Sends a batch that must be refused with a message like each pattern, and change nothing. */
  | { readonly kind: 'refuse'; readonly changes: readonly string[]; readonly patterns: readonly RegExp[] }
  /** Puts a record set there as another tool would; the zone must then show it as `foreign`. */
  | {
      readonly kind: 'put';
      readonly recordSet: Omit<LocalRecordSet, 'name' | 'type' | 'values'>;
      readonly line: string;
    }
  /** Reading `name` must give exactly these record sets. */
  | { readonly kind: 'read'; readonly name: string; readonly recordSets: readonly string[] }
  | { readonly kind: 'run'; readonly run: (steps: Steps) => Promise<void> };

/** One thing that a Route 53 must do. */
export type Check = { readonly title: string; readonly needs: readonly Need[]; readonly steps: readonly Step[] };

/** The checks of one heading of the list. */
export type Heading = { readonly heading: string; readonly checks: readonly Check[] };

type Run = (steps: Steps) => Promise<void>;

/** A check that every Route 53 can be put to; a function is a step of its own. */
export const check = (title: string, ...steps: readonly (Step | Run)[]): Check => needing([], title, ...steps);

/** A check that needs something of the Route 53 under test. */
export const needing = (needs: readonly Need[], title: string, ...steps: readonly (Step | Run)[]): Check => ({
  title,
  needs,
  steps: steps.map((step): Step => (typeof step === 'function' ? { kind: 'run', run: step } : step)),
});

export const reach = (...recordSets: readonly string[]): Step => ({ kind: 'reach', recordSets });
export const accept = (changes: readonly string[], ...recordSets: readonly string[]): Step => ({
  kind: 'accept',
  changes,
  recordSets,
});
export const refuse = (changes: readonly string[], ...patterns: readonly RegExp[]): Step => ({
  kind: 'refuse',
  changes,
  patterns,
});
export const readsAs = (name: string, ...recordSets: readonly string[]): Step => ({ kind: 'read', name, recordSets });

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 600 ? `${text.slice(0, 600)}… (${text.length} characters)` : text;
};

/** The service did otherwise than it must. */
export class DidNotHold extends Error {
  override readonly name = 'DidNotHold';

  constructor(expected: unknown, got: unknown) {
    super(`expected ${shown(expected)}; got ${shown(got)}`);
  }
}

/** Throws `DidNotHold` unless both are deeply equal. */
export const mustEqual = (got: unknown, expected: unknown): void => {
  if (!isDeepStrictEqual(got, expected)) throw new DidNotHold(expected, got);
};

/** Throws `DidNotHold` unless every pattern is found in one of the messages. */
export const mustSay = (messages: readonly string[], patterns: readonly RegExp[]): void => {
  for (const pattern of patterns) {
    if (!messages.some((message) => pattern.test(message))) throw new DidNotHold(`a message like ${pattern}`, messages);
  }
};
