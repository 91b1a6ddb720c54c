import { setTimeout } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import type { Ledger } from '../../lib/app/ports/ledger.ts';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import { auditStream } from '../../lib/core/ledger/entry.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { freePorts } from '../../lib/local/ports.ts';
import { type LocalWorkspace, startWorkspace } from '../../lib/local/workspace.ts';
import { localZone } from '../../lib/local/workspace-seed.ts';
import { workspaceClient } from '../../scripts/smoke/workspace-client.ts';
import { auditChannel, maria } from '../support/workspace.ts';

/** As many as even a very busy machine works through before a change that waits is given up, after five minutes. */
const commands = 100;
/** Five additions of every name are in the burst, of which one wins. */
const names = 20;
/** Requests of Slack's on their way at the same time: each needs an environment of the front, whose start costs more than the burst. */
const atOnce = 2;
/** A machine with much else to do needs minutes, and is waited for as long as it gets on. */
const patienceMs = 540_000;
const standstillMs = 120_000;
const signal = AbortSignal.timeout(patienceMs + 60_000);

let workspace: LocalWorkspace;
let client: DynamoDBClient;
let ledger: Ledger;
beforeAll(async () => {
  workspace = await startWorkspace({
    ports: freePorts,
    moduleOf: (name) => new URL(`../../functions/${name}.ts`, import.meta.url),
    formBodies: 'base64',
    insyncDelayMs: 0,
  });
  const { region, credentials } = localAws;
  client = new DynamoDBClient({ endpoint: workspace.dynamoDbUrl, region, credentials });
  ledger = createDynamoDbLedger({ table: 'postal-endpoint-ledger', client });
});
afterAll(async () => {
  client?.destroy();
  await workspace?.close();
});

const hostnameOf = (number: number): string => `h${number % names}.mail.${localZone.name}`;
const hostnames = Array.from({ length: names }, (_, number) => hostnameOf(number));

const announcedChanges = async (): Promise<readonly string[]> =>
  (await ledger.read(auditStream, signal)).flatMap(({ body }) =>
    body.kind === 'announced' ? body.changes.map(({ changeId }) => changeId) : [],
  );

/** Waits until there are enough, at whatever pace they come. */
const untilThere = async (what: string, enough: number, count: () => number | Promise<number>): Promise<void> => {
  let [most, since] = [-1, Date.now()];
  for (;;) {
    const found = await count();
    if (found >= enough) return;
    if (found > most) [most, since] = [found, Date.now()];
    if (Date.now() - since > standstillMs) throw new Error(`${found} of ${enough} ${what}, and no more in two minutes`);
    await setTimeout(250);
  }
};

it('works a burst of signed commands through front, queue and worker: each once, each answered, every change announced once', {
  timeout: patienceMs,
}, async () => {
  const port = workspace.samples.find(({ name }) => name === 'starttls')?.port;
  const { sign, send: post } = workspaceClient(workspace, maria.id);
  const lines = Array.from(
    { length: commands },
    (_, number) => `add ${hostnameOf(number)} 127.20.${1 + Math.floor(number / names)}.1 --port ${port}`,
  );
  /** Until it is queued: a busy machine may keep the front from hearing of it in time, and a repeat is the same request. */
  const untilTaken = async (request: ReturnType<typeof sign>): Promise<void> => {
    for (;;) {
      const { status, text } = await post(request);
      expect(status).toBe(200);
      if (text.includes("I'll post the result here.")) return;
    }
  };
  const send = async (): Promise<void> => {
    for (let line = lines.shift(); line !== undefined; line = lines.shift()) await untilTaken(sign(line));
  };
  await Promise.all(Array.from({ length: atOnce }, send));

  const answers = (): number =>
    workspace.slack.store.messages(auditChannel.id).filter(({ visibleTo }) => visibleTo === maria.id).length;
  // Given in the audit channel, an addition that is carried out is answered by its announcement, every other one to the person alone.
  await untilThere('answers', commands - names, answers);
  await untilThere('announced changes', names, async () => (await announcedChanges()).length);
  expect(answers()).toBe(commands - names);

  const requests: string[] = [];
  const applied: string[] = [];
  for (const hostname of hostnames) {
    const entries = await ledger.read(hostname, signal);
    expect(verifyChain(entries, hostname).ok).toBe(true);
    expect(entries.map(({ body }) => body.kind).toSorted()).toEqual([
      'applied',
      'applying',
      'refused',
      'refused',
      'refused',
      'refused',
      'requested',
    ]);
    for (const { body } of entries) {
      if (body.kind === 'requested' || body.kind === 'refused') requests.push(body.requestId);
      if (body.kind === 'applied') applied.push(body.changeId);
    }
  }
  expect(new Set(requests).size).toBe(commands);
  expect((await announcedChanges()).toSorted()).toEqual(applied.toSorted());
  const posts = workspace.slack.store
    .messages(auditChannel.id)
    .map(({ metadata }) => JSON.stringify(metadata?.event_payload ?? ''));
  for (const changeId of applied) expect(posts.filter((post) => post.includes(changeId))).toHaveLength(1);
  expect(verifyChain(await ledger.read(auditStream, signal), auditStream).ok).toBe(true);
  const standing = workspace.route53.zones
    .served()
    .flatMap(({ recordSets }) => [...recordSets.values()])
    .filter(({ type }) => type === 'A' || type === 'TXT');
  expect(standing).toHaveLength(2 * names);
});
