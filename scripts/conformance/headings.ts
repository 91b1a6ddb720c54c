import { batches } from './batches.ts';
import { changeStatus } from './change-status.ts';
import type { Heading } from './check.ts';
import { faults } from './faults.ts';
import { foreignRecords } from './foreign-records.ts';
import { limits } from './limits.ts';
import { listing } from './listing.ts';
import { namesAndTypes } from './names-and-types.ts';
import { races } from './races.ts';
import { zonesHeading } from './zones.ts';

/** The whole list, in its order. */
export const headings: readonly Heading[] = [
  batches,
  namesAndTypes,
  foreignRecords,
  listing,
  zonesHeading,
  changeStatus,
  limits,
  faults,
  races,
];
