import { afterAll, beforeAll, it } from 'vitest';
import { openSocketClouds, type SocketClouds } from '../support/cloud/socket-cloud.ts';
import { checkModel } from '../support/model/check-model.ts';

let clouds: SocketClouds;
beforeAll(async () => {
  clouds = await openSocketClouds();
});
afterAll(() => clouds[Symbol.asyncDispose]());

it.each(['with', 'without'] as const)('holds over sockets as well, %s an outsider', { timeout: 300_000 }, (outsider) =>
  checkModel({ runs: 50, outsider, longest: 10, open: () => clouds.open() }),
);
