import type { Definition } from './definition.ts';

/** What the directory knows of a registered hostname: a projection of the ledger. */
export type Registered = {
  readonly definition: Definition;
  readonly changeId: string;
  readonly userId: string;
  readonly at: string;
};
