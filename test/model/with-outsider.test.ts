import { it } from 'vitest';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';
import { checkModel } from '../support/model/check-model.ts';

it(
  'touches no foreign record and loses no change, whatever four people, an outsider and the network do',
  { timeout: 900_000 },
  () => checkModel({ runs: 1_000, outsider: 'with', longest: 25, open: async () => createMemoryCloud() }),
);
