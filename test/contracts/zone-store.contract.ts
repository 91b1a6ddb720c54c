import { describe } from 'vitest';
import { useHarness, type ZoneStoreHarness } from './zone-store-fixture.ts';
import { namesContract } from './zone-store-names.contract.ts';
import { readingContract } from './zone-store-reading.contract.ts';
import { writingContract } from './zone-store-writing.contract.ts';

/** What any implementation of the port must do; each test starts a service of its own. */
export const zoneStoreContract = (implementation: string, start: () => Promise<ZoneStoreHarness>): void => {
  describe(`${implementation} is a ZoneStore`, () => {
    const steps = useHarness(start);
    writingContract(steps);
    namesContract(steps);
    readingContract(steps);
  });
};
