import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePorts } from '../lib/local/ports.ts';
import { webhookBody, webhookRequest } from '../lib/local/postal/webhook-request.ts';
import { startWorkspace } from '../lib/local/workspace.ts';
import { atConcurrency, quantile } from './bench/statistics.ts';
import { buildFunctions } from './build/functions.ts';

// Measures how long a thread of Postal waits for its webhook: 1,000 of them, signed, two at once, as Postal's two threads send them, over HTTP into the
// local workspace with the bundles that would be deployed; what keeps them works meanwhile. The last line is milliseconds.

const webhooks = 1000;
const atOnce = 2;
const warmingUp = 20;

const rounded = (value: number): number => Math.round(value * 10) / 10;

const main = async (bundles: string): Promise<void> => {
  await buildFunctions(bundles);
  await using workspace = await startWorkspace({
    ports: freePorts,
    moduleOf: (name) => pathToFileURL(join(bundles, name, 'index.mjs')),
    formBodies: 'base64',
  });
  const { webhookUrl, signingKey } = workspace.postal;
  const send = async (messageId: number): Promise<number> => {
    const request = webhookRequest(webhookBody({ atMs: Date.now(), messageId }), signingKey);
    const began = performance.now();
    const response = await fetch(webhookUrl, { ...request, signal: AbortSignal.timeout(10_000) });
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`a webhook was answered ${response.status}`);
    return performance.now() - began;
  };
  await atConcurrency(atOnce, warmingUp, async (index) => void (await send(index + 1)));
  const took: number[] = [];
  await atConcurrency(atOnce, webhooks, async (index) => void took.push(await send(1000 + index)));
  process.stderr.write(`slowest ${rounded(Math.max(...took))} ms; load of the machine: ${loadavg()[0]?.toFixed(1)}\n`);
  const result = { p50: rounded(quantile(took, 0.5)), p99: rounded(quantile(took, 0.99)), webhooks };
  process.stdout.write(`${JSON.stringify(result)}\n`);
};

const bundles = await mkdtemp(join(tmpdir(), 'postal-endpoint-webhooks-'));
try {
  await main(bundles);
} finally {
  await rm(bundles, { recursive: true, force: true });
}
