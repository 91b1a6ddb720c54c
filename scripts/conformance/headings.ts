import type { Heading } from './check.ts';
import { batches } from './list/batches.ts';
import { faults } from './list/faults.ts';
import { foreignRecords } from './list/foreign-records.ts';
import { limits, races } from './list/limits-and-races.ts';
import { listing } from './list/listing.ts';
import { namesAndTypes } from './list/names-and-types.ts';
import { changeStatus, zonesHeading } from './list/zones.ts';

/** What the real Route 53 does, as a list to run: the only copy of it. */
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
