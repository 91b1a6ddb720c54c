import { zoneStoreContract } from '../contracts/zone-store.contract.ts';
import { contractInsyncDelayMs, contractZones } from '../contracts/zone-store-fixture.ts';
import { createManualClock } from './manual-clock.ts';
import { createMemoryZoneStore } from './memory-zone-store.ts';

zoneStoreContract('the memory zone store', async () => {
  const clock = createManualClock();
  const { store, zones } = createMemoryZoneStore({ clock, zones: contractZones, insyncDelayMs: contractInsyncDelayMs });
  return { store, put: (recordSets) => zones.put('ZCORP', recordSets), advance: clock.advance, close: async () => {} };
});
