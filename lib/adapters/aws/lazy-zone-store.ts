import type { ZoneListing } from '../../app/ports/zone-listing.ts';
import type { ZoneStore } from '../../app/ports/zone-store.ts';

const once = <Opened>(open: () => Promise<Opened>): (() => Promise<Opened>) => {
  let opening: Promise<Opened> | undefined;
  return () => {
    opening ??= open();
    return opening;
  };
};

/** A zone store that is opened when a zone is first asked for: much that a worker does has nothing to do with Route 53, whose client takes long to load. */
export const lazyZoneStore = (open: () => Promise<ZoneStore>): ZoneStore => {
  const store = once(open);
  return {
    inspectZone: async (...asked) => (await store()).inspectZone(...asked),
    readNames: async (...asked) => (await store()).readNames(...asked),
    submit: async (...asked) => (await store()).submit(...asked),
    changeStatus: async (...asked) => (await store()).changeStatus(...asked),
  };
};

/** The same of a zone listing. */
export const lazyZoneListing = (open: () => Promise<ZoneListing>): ZoneListing => {
  const listing = once(open);
  return {
    list: async (...asked) => (await listing()).list(...asked),
    around: async (...asked) => (await listing()).around(...asked),
    visibleZones: async (...asked) => (await listing()).visibleZones(...asked),
    protections: async (...asked) => (await listing()).protections(...asked),
  };
};
