import type { ZoneStore } from '../../app/ports/zone-store.ts';

/** A zone store that is opened when a zone is first asked for: much that a worker does has nothing to do with Route 53, whose client takes long to load. */
export const lazyZoneStore = (open: () => Promise<ZoneStore>): ZoneStore => {
  let opening: Promise<ZoneStore> | undefined;
  const store = (): Promise<ZoneStore> => {
    opening ??= open();
    return opening;
  };
  return {
    inspectZone: async (...asked) => (await store()).inspectZone(...asked),
    readNames: async (...asked) => (await store()).readNames(...asked),
    submit: async (...asked) => (await store()).submit(...asked),
    changeStatus: async (...asked) => (await store()).changeStatus(...asked),
  };
};
