import type { CommandOf } from '../grammar/command.ts';
import type { BulkSource, LeftOut } from '../ledger/bulk-entry.ts';

type Asked<Verb extends 'add' | 'update' | 'remove' | 'adopt'> = Omit<CommandOf<Verb>, 'dryRun' | 'breakGlass'>;

/**
 * One ordinary change of one name, exactly as its command would ask for it. Nothing of it has been checked. `line`: of the file that it comes from. Of an
 * undo `hostname` is that of the change, and with `upTo` every later change up to that one is undone with it.
 */
export type BulkChange = { readonly line?: number } & (
  | Asked<'add'>
  | Asked<'update'>
  | Asked<'remove'>
  | Asked<'adopt'>
  | { readonly verb: 'failover'; readonly hostname: string }
  | { readonly verb: 'undo'; readonly hostname: string; readonly change: string; readonly upTo?: string }
);

/** What somebody wants to have changed at once, before any rule has been asked. */
export type BulkProposal = {
  readonly source: BulkSource;
  /** For people, plain text: `Import names.csv`. */
  readonly title: string;
  readonly changes: readonly BulkChange[];
  /** What the source itself leaves out. */
  readonly leftOut: readonly LeftOut[];
  /** What whoever confirms or approves it has to know, a plain sentence each: what probes said, for example. */
  readonly remarks?: readonly string[];
  /** Postal is known not to get in where the names would lead: people are asked once more. */
  readonly breaksDelivery?: true;
  /** The bulk that this one takes back, or tries again. */
  readonly of?: string;
};

/** The hostname of a change as it was written. */
export const hostnameOf = (change: BulkChange): string =>
  change.verb === 'add' ? change.definition.hostname : change.hostname;
