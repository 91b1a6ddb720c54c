import type { CommandOf } from '../grammar/command.ts';
import type { BulkSource, LeftOut } from '../ledger/bulk-entry.ts';

type Asked<Verb extends 'add' | 'update' | 'remove' | 'adopt'> = Omit<CommandOf<Verb>, 'dryRun' | 'breakGlass'>;

/**
 * One ordinary change of one name, exactly as its command would ask for it; of an undo also the hostname that the change is of. Nothing of it has been
 * checked. `line`: of the file that it comes from.
 */
export type BulkChange = { readonly line?: number } & (
  | Asked<'add'>
  | Asked<'update'>
  | Asked<'remove'>
  | Asked<'adopt'>
  | (Pick<CommandOf<'undo'>, 'verb' | 'change'> & { readonly hostname: string })
);

/** What somebody wants to have changed at once, before any rule has been asked. */
export type BulkProposal = {
  readonly source: BulkSource;
  /** For people, plain text: `Import names.csv`. */
  readonly title: string;
  readonly changes: readonly BulkChange[];
  /** What the source itself leaves out. */
  readonly leftOut: readonly LeftOut[];
  /** The bulk that this one takes back, or tries again. */
  readonly of?: string;
};

/** The hostname of a change as it was written. */
export const hostnameOf = (change: BulkChange): string =>
  change.verb === 'add' ? change.definition.hostname : change.hostname;
