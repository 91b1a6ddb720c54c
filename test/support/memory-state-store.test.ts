import { stateStoreContract } from '../contracts/state-store.contract.ts';
import { createMemoryStateStore } from './memory-state-store.ts';

stateStoreContract('The one in memory', async (clock) => ({
  store: createMemoryStateStore(clock),
  [Symbol.asyncDispose]: async () => undefined,
}));
