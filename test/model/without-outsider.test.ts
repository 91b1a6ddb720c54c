import { it } from 'vitest';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';
import { checkModel } from '../support/model/check-model.ts';

it(
  'returns the zone to its start when everything is undone, whatever four people and the network did',
  { timeout: 900_000 },
  () => checkModel({ runs: 1_000, outsider: 'without', longest: 25, open: async () => createMemoryCloud() }),
);
