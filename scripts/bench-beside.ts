import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../lib/adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { readBulk } from '../lib/app/bulk/record-bulk.ts';
import { requestBulk } from '../lib/app/bulk/request-bulk.ts';
import type { Ports } from '../lib/app/ports/ports.ts';
import { changeIdOf } from '../lib/core/ledger/change-id.ts';
import { localAws } from '../lib/local/local-aws.ts';
import { freePorts } from '../lib/local/ports.ts';
import { type LocalWorkspace, startWorkspace } from '../lib/local/workspace.ts';
import { localPeople, localZone } from '../lib/local/workspace-seed.ts';
import { createMemoryPorts } from '../test/support/memory-ports.ts';
import { median } from './bench/statistics.ts';
import { untilMessage, workspaceClient } from './smoke/workspace-client.ts';

// Measures how long a single `add` takes, and the announcement that follows it, with and without a bulk of 1,000 names being applied beside it. The bulk is
// recorded in the local workspace's ledger, confirmed and approved in its Slack, and applied by its workers, at the pace that Route 53's limits ask for. The
// last line is JSON; times are medians in milliseconds.

const samples = 20;
const names = 1_000;
const withinMs = 120_000;
const [, channel] = localPeople.channels;
const [maria, li] = localPeople.users;
const tables = { ledger: 'postal-endpoint-ledger', state: 'postal-endpoint-state' };
const { signal } = new AbortController();

type Times = { readonly add: number[]; readonly announce: number[] };

const measure = async (workspace: LocalWorkspace, phase: string): Promise<Times> => {
  const healthy = workspace.samples.find(({ name }) => name === 'starttls');
  if (healthy === undefined) throw new Error('the sample with STARTTLS is missing');
  const { say } = workspaceClient(workspace, li.id, channel.id);
  const times: Times = { add: [], announce: [] };
  for (let index = 0; index < samples; index += 1) {
    const hostname = `${phase}-${index}.mail.${localZone.name}`;
    const began = performance.now();
    const isOf = (text: string): boolean => text.includes(hostname);
    const announced = untilMessage(
      workspace,
      `the announcement of ${hostname}`,
      ({ channel: where, visibleTo, text }) =>
        where === localPeople.channels[0].id && visibleTo === undefined && isOf(text),
      withinMs,
    ).then(() => times.announce.push(performance.now() - began));
    const answered = untilMessage(
      workspace,
      `the answer to add ${hostname}`,
      // Whatever the probe met on a busy machine.
      ({ visibleTo, text }) => visibleTo === li.id && !/^(?:⏳|Adding)/u.test(text) && isOf(text),
      withinMs,
    );
    await say(`add ${hostname} ${healthy.addresses[0]} --port ${healthy.port}`);
    await answered;
    times.add.push(performance.now() - began);
    await announced;
  }
  return times;
};

/** Records a bulk as a command of maria's would, in the workspace's own tables. */
const propose = async (workspace: LocalWorkspace): Promise<{ readonly ports: Ports; readonly bulkId: string }> => {
  const { region, credentials } = localAws;
  const client = new DynamoDBClient({ endpoint: workspace.dynamoDbUrl, region, credentials });
  const address = workspace.samples.find(({ name }) => name === 'starttls')?.addresses[0] ?? '';
  const memory = createMemoryPorts({
    channels: [],
    // As much as the workspace's own policy has to say about these names: a second person, for there are so many.
    policy: {
      zones: [{ ...localZone, vpcs: [] }],
      cidrs: ['127.0.0.0/8'],
      grants: [{ name: 'all', teams: [localPeople.team.id], verbs: ['*'] }],
    },
    zones: [{ ...localZone, isPrivate: true, vpcs: [] }],
    queue: () => ({ send: async () => undefined }),
  });
  const ports: Ports = {
    ...memory.ports,
    clock: systemClock,
    ledger: createDynamoDbLedger({ table: tables.ledger, client }),
    state: createDynamoDbStateStore({ table: tables.state, clock: systemClock, client }),
  };
  const receivedAt = new Date().toISOString();
  const requestId = 'request-beside';
  const userId = maria.id;
  await requestBulk(
    ports,
    {
      kind: 'command',
      requestId,
      receivedAt,
      actor: { teamId: localPeople.team.id, userId, userName: maria.name, channelId: channel.id },
      replyTo: { channelId: channel.id, userId },
      text: 'import',
      command: { verb: 'pending', share: false },
      replaceOriginal: false,
      deliveries: 1,
    },
    {
      source: 'import',
      title: 'Import names.csv',
      changes: Array.from({ length: names }, (_, index) => ({
        verb: 'add' as const,
        definition: { hostname: `bulk-${index}.mail.${localZone.name}`, targets: [address] },
      })),
      leftOut: [],
    },
    { atMs: Date.now() + withinMs, signal },
  );
  return { ports, bulkId: changeIdOf(receivedAt, requestId) };
};

await using workspace = await startWorkspace({
  ports: freePorts,
  moduleOf: (name) => new URL(`../functions/${name}.ts`, import.meta.url),
  formBodies: 'base64',
  insyncDelayMs: 100,
});
await measure(workspace, 'warm');
const quiet = await measure(workspace, 'quiet');
const { ports, bulkId } = await propose(workspace);
const digest = (await readBulk(ports, bulkId, signal))?.digest;
if (digest === undefined) throw new Error('the bulk was not recorded');
for (const person of [maria, li]) {
  const decided = (await readBulk(ports, bulkId, signal))?.hashes.length ?? 0;
  await workspaceClient(workspace, person.id, channel.id).say(`approve ${bulkId} --plan ${digest}`);
  for (const untilMs = Date.now() + withinMs; (await readBulk(ports, bulkId, signal))?.hashes.length === decided; ) {
    if (Date.now() > untilMs) throw new Error(`the word of ${person.name} does not count`);
    await systemClock.sleep(200, signal);
  }
}
const beside = await measure(workspace, 'beside');
const outcomes = (await readBulk(ports, bulkId, signal))?.outcomes.size ?? 0;
process.stdout.write(
  `${JSON.stringify({
    addMs: { quiet: Math.round(median(quiet.add)), beside: Math.round(median(beside.add)) },
    announceMs: { quiet: Math.round(median(quiet.announce)), beside: Math.round(median(beside.announce)) },
    samples,
    // Of the bulk, when the last sample had been taken: all of them would mean that it was over before.
    appliedMeanwhile: outcomes,
    of: names,
  })}\n`,
);
process.exit(0);
