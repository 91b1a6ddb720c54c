import { ledgerContract } from '../contracts/ledger.contract.ts';
import { createMemoryLedger } from './memory-ledger.ts';

ledgerContract('The one in memory', async () => {
  const ledger = createMemoryLedger();
  return {
    ledger,
    overwrite: async (stream, sequence, entry) => ledger.overwrite(stream, sequence, entry),
    remove: async (stream, sequence) => ledger.remove(stream, sequence),
    [Symbol.asyncDispose]: async () => undefined,
  };
});
