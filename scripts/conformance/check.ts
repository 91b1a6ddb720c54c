import { isDeepStrictEqual } from 'node:util';
import type { Steps } from './steps.ts';

/** One thing that a Route 53 must do. It holds unless `run` throws. */
export type Check = { readonly title: string; readonly run: (steps: Steps) => Promise<void> };

/** The checks of one heading of the list. */
export type Heading = { readonly heading: string; readonly checks: readonly Check[] };

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

/** This service cannot be brought into the situation; the message says why. */
export class CannotBeTried extends Error {
  override readonly name = 'CannotBeTried';
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
