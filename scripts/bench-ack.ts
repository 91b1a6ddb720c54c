import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { freePorts } from '../lib/local/ports.ts';
import { type LocalWorkspace, startWorkspace } from '../lib/local/workspace.ts';
import { localPeople, localZone } from '../lib/local/workspace-seed.ts';
import { inAnotherProcess } from './bench/ack/in-another-process.ts';
import { atConcurrency, quantile } from './bench/statistics.ts';
import { buildFunctions } from './build/functions.ts';
import { type Ack, workspaceClient } from './smoke/workspace-client.ts';

// Measures how soon a command is acknowledged: distinct valid adds, signed, over HTTP into the local workspace, with the bundles that would be
// deployed and the worker, which goes on with them meanwhile, in a process of its own. The last line is milliseconds by how many asked at once.

const concurrencies = [1, 10, 50] as const;
const warmingUp = 5;
const requestsAt = { 1: 200, 10: 500, 50: 500 } as const;

const unsigned = {
  headers: {},
  requestContext: { http: { method: 'POST' } },
  body: 'unsigned',
  isBase64Encoded: false,
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const rounded = (value: number): number => Math.round(value * 10) / 10;

const measure = async (
  workspace: LocalWorkspace,
  concurrency: (typeof concurrencies)[number],
): Promise<readonly number[]> => {
  const { say: type } = workspaceClient(workspace, localPeople.users[0].id);
  const sample = workspace.samples.find(({ name }) => name === 'starttls');
  if (sample === undefined) throw new Error('the sample with STARTTLS is missing');
  const took: number[] = [];
  const add = (hostname: string): Promise<Ack> => type(`add ${hostname} ${sample.addresses[0]} --port ${sample.port}`);
  const host = (name: string): string => `${name}-of-${concurrency}.mail.${localZone.name}`;
  // A cold start is another measurement: as many environments as are asked at once start first, and read their secrets, which they do for a
  // request that is turned away as well.
  for (let turn = 0; turn < 3; turn += 1) {
    await Promise.all(Array.from({ length: concurrency }, () => workspace.functions.slack.invoke(unsigned)));
  }
  await atConcurrency(concurrency, warmingUp * concurrency, (index) => add(host(`warm-${index}`)));
  await atConcurrency(concurrency, requestsAt[concurrency], async (index) => {
    const { status, text, milliseconds } = await add(host(`host-${index}`));
    if (status !== 200 || !text.includes("I'll post the result here"))
      throw new Error(`an add was answered ${status}: ${text}`);
    took.push(milliseconds);
  });
  return took;
};

const main = async (bundles: string): Promise<void> => {
  await buildFunctions(bundles);
  await using workspace = await startWorkspace({
    ports: freePorts,
    moduleOf: (name) => pathToFileURL(join(bundles, name, 'index.mjs')),
    formBodies: 'base64',
    frontConcurrency: Math.max(...concurrencies),
    createWorker: inAnotherProcess,
  });
  const p50: Record<string, number> = {};
  const p99: Record<string, number> = {};
  for (const concurrency of concurrencies) {
    const took = await measure(workspace, concurrency);
    p50[concurrency] = rounded(quantile(took, 0.5));
    p99[concurrency] = rounded(quantile(took, 0.99));
    say(
      `${took.length} adds, ${concurrency} at once: p50 ${p50[concurrency]} ms, p99 ${p99[concurrency]} ms, slowest ${rounded(Math.max(...took))} ms`,
    );
  }
  say(`load of the machine: ${loadavg()[0]?.toFixed(1)}`);
  process.stdout.write(`${JSON.stringify({ p50, p99 })}\n`);
};

const bundles = await mkdtemp(join(tmpdir(), 'postal-endpoint-ack-'));
try {
  await main(bundles);
} finally {
  await rm(bundles, { recursive: true, force: true });
}
