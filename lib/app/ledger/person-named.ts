import { isSlackId } from '../../core/base/slack-ids.ts';
import { printable } from '../../core/endpoint/printable.ts';
import type { Entry } from '../../core/ledger/entry.ts';

/** Names of people that one answer lists. */
const mostNames = 10;

export type Person =
  | { readonly kind: 'known'; readonly userId: string }
  | { readonly kind: 'unknown'; readonly names: readonly string[] };

/** The person meant by an id, which is taken as it is, or by a name as the ledger's entries have it. */
export const personNamed = (by: string, entries: Iterable<Entry>): Person => {
  if (isSlackId('user', by) && /\d/.test(by)) return { kind: 'known', userId: by };
  const names = new Map<string, string>();
  for (const { body } of entries) if ('actor' in body) names.set(body.actor.userName, body.actor.userId);
  const wanted = by.replace(/^@/, '').toLowerCase();
  const userId = [...names].find(([name]) => name.toLowerCase() === wanted)?.[1];
  return userId === undefined
    ? {
        kind: 'unknown',
        names: [...names.keys()]
          .sort()
          .slice(0, mostNames)
          .map((name) => `@${name}`),
      }
    : { kind: 'known', userId };
};

/** Says that nobody is meant by this, and who could have been. */
export const unknownPersonText = (by: string, names: readonly string[], since: string): string =>
  `by: no request here from "${printable(by)}" since ${since}.${names.length === 0 ? '' : ` Requests came from: ${names.join(', ')}.`}`;
