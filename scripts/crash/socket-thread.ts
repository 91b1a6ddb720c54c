import { parentPort } from 'node:worker_threads';
import { openSocketClouds } from '../../test/support/cloud/socket-cloud.ts';
import { everyDeath, type Outcome } from './enumerate.ts';
import { everyScenario } from './every-scenario.ts';

/** Runs the scenarios whose numbers it is sent, over sockets, and answers each with the result; ends when it is sent null. */
const port = parentPort;
if (port === null) throw new Error('this is the module of a worker thread; run scripts/crash.ts');

const clouds = await openSocketClouds();
port.on('message', async (number: number | null) => {
  const scenario = number === null ? undefined : everyScenario[number];
  if (scenario === undefined) {
    await clouds[Symbol.asyncDispose]();
    port.close();
    return;
  }
  const deaths: Outcome[] = [];
  for await (const death of everyDeath(clouds.open, scenario, 'redelivered')) deaths.push(death);
  port.postMessage(deaths);
});
port.postMessage(null);
