import { canonicalName } from '../endpoint/name.ts';

/**
 * Which names of a batch Route 53's messages are about: of each message the first word that is one of them, for what follows may be a person's comment.
 * `names` are canonical.
 */
export const namedInRefusal = (messages: readonly string[], names: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    messages.flatMap((message) => {
      const words = message.match(/[^\s'",[\]()]+/g) ?? [];
      return words.map((word) => canonicalName(word)).find((word) => names.has(word)) ?? [];
    }),
  );
