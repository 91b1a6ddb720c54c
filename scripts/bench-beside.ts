import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../lib/adapters/aws/dynamodb-state-store.ts';
import { createSqsCommandQueue } from '../lib/adapters/aws/sqs-command-queue.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { readBulk } from '../lib/app/bulk/record-bulk.ts';
import { requestBulk } from '../lib/app/bulk/request-bulk.ts';
import type { Ports } from '../lib/app/ports/ports.ts';
import { saveIncident } from '../lib/app/state/incident-store.ts';
import { changeIdOf } from '../lib/core/ledger/change-id.ts';
import type { Incident } from '../lib/core/watch/incident/incident.ts';
import { localAws } from '../lib/local/local-aws.ts';
import { freePorts } from '../lib/local/ports.ts';
import { localSqsClient } from '../lib/local/sqs/sqs-service.ts';
import { type LocalWorkspace, startWorkspace } from '../lib/local/workspace.ts';
import { localPeople, localZone } from '../lib/local/workspace-seed.ts';
import { createMemoryPorts } from '../test/support/memory-ports.ts';
import { median } from './bench/statistics.ts';
import { untilMessage, workspaceClient } from './smoke/workspace-client.ts';

// Measures how long a single `add` takes, the announcement that follows it, and an alert, with and without a bulk of 1,000 names being applied beside it; when a bulk is over, the next one is begun. A bulk is
// recorded in the local workspace's ledger, confirmed and approved in its Slack, and applied by its workers, at the pace that Route 53's limits ask for. The
// last line is JSON; times are medians in milliseconds.

const samples = 20;
const names = 1_000;
const withinMs = 120_000;
const [, channel] = localPeople.channels;
const [maria, li] = localPeople.users;
const tables = { ledger: 'postal-endpoint-ledger', state: 'postal-endpoint-state' };
const { signal } = new AbortController();

type Times = { readonly add: number[]; readonly announce: number[]; readonly alert: number[] };

/** How long an alert takes from watch, which has written the incident and queues it, to the on-call channel. */
const measureAlert = async (workspace: LocalWorkspace, hostname: string): Promise<number> => {
  const { endpoint, queueUrl } = workspace.sqs;
  const { region, credentials } = localAws;
  const dynamoDb = new DynamoDBClient({ endpoint: workspace.dynamoDbUrl, region, credentials });
  const sqs = localSqsClient(endpoint);
  try {
    const atMs = Date.now();
    const incident: Incident = {
      id: `endpoint-${hostname}-${atMs}`,
      cause: { kind: 'single', hostname },
      openedAtMs: atMs,
      raisedAtMs: atMs,
      revision: 1,
      severity: 'down',
      sentence: 'Postal cannot connect.',
      findings: [],
      members: [{ hostname, state: 'down', joinedAtMs: atMs }],
      updates: [],
    };
    const state = createDynamoDbStateStore({ table: tables.state, clock: systemClock, client: dynamoDb });
    const posted = untilMessage(
      workspace,
      `the alert of ${hostname}`,
      ({ channel: where, visibleTo, text }) =>
        where === channel.id && visibleTo === undefined && text.includes(hostname) && text.includes('down'),
      withinMs,
    );
    const began = performance.now();
    await saveIncident(state, incident, signal);
    await createSqsCommandQueue({ queueUrl, client: sqs }).send(
      { kind: 'incident', incidentId: incident.id, revision: 1 },
      signal,
    );
    await posted;
    return performance.now() - began;
  } finally {
    dynamoDb.destroy();
    sqs.destroy();
  }
};

/** Takes samples until there are enough, or until what they are taken beside is over: a sample that has not ended by then does not count. */
const measure = async (
  workspace: LocalWorkspace,
  phase: string,
  times: Times,
  isOver: () => Promise<boolean> = async () => false,
): Promise<void> => {
  const healthy = workspace.samples.find(({ name }) => name === 'starttls');
  if (healthy === undefined) throw new Error('the sample with STARTTLS is missing');
  const { say } = workspaceClient(workspace, li.id, channel.id);
  for (let index = 0; times.add.length < samples; index += 1) {
    const hostname = `${phase}-${index}.mail.${localZone.name}`;
    const began = performance.now();
    const isOf = (text: string): boolean => text.includes(hostname);
    const announced = untilMessage(
      workspace,
      `the announcement of ${hostname}`,
      ({ channel: where, visibleTo, text }) =>
        where === localPeople.channels[0].id && visibleTo === undefined && isOf(text),
      withinMs,
    ).then(() => performance.now() - began);
    const answered = untilMessage(
      workspace,
      `the answer to add ${hostname}`,
      // Whatever the probe met on a busy machine.
      ({ visibleTo, text }) => visibleTo === li.id && !/^(?:⏳|Adding)/u.test(text) && isOf(text),
      withinMs,
    );
    await say(`add ${hostname} ${healthy.addresses[0]} --port ${healthy.port}`);
    await answered;
    const add = performance.now() - began;
    const announce = await announced;
    const alert = await measureAlert(workspace, `${phase}-alert-${index}.mail.${localZone.name}`);
    if (await isOver()) return;
    times.add.push(add);
    times.announce.push(announce);
    times.alert.push(alert);
  }
};

/** Records a bulk as a command of maria's would, in the workspace's own tables. */
const propose = async (
  workspace: LocalWorkspace,
  round: number,
): Promise<{ readonly ports: Ports; readonly bulkId: string }> => {
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
  const requestId = `request-beside-${round}`;
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
        definition: { hostname: `bulk-${round}-${index}.mail.${localZone.name}`, targets: [address] },
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
const none = (): Times => ({ add: [], announce: [], alert: [] });
const [quiet, beside] = [none(), none()];
await measure(workspace, 'warm', none());
await measure(workspace, 'quiet', quiet);

let bulks = 0;
while (beside.add.length < samples) {
  const { ports, bulkId } = await propose(workspace, bulks);
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
  const outcomes = async (): Promise<number> => (await readBulk(ports, bulkId, signal))?.outcomes.size ?? 0;
  await measure(workspace, `beside-${bulks}`, beside, async () => (await outcomes()) >= names);
  bulks += 1;
}
const medians = (of: keyof Times) => ({ quiet: Math.round(median(quiet[of])), beside: Math.round(median(beside[of])) });
process.stdout.write(
  `${JSON.stringify({ addMs: medians('add'), announceMs: medians('announce'), alertMs: medians('alert'), samples, bulks, of: names })}\n`,
);
process.exit(0);
