import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamoDbLedger } from '../lib/adapters/aws/dynamodb-ledger.ts';
import { resolve as resolveName } from '../lib/adapters/dns/resolve.ts';
import { verifyChain } from '../lib/core/ledger/chain.ts';
import { localAws } from '../lib/local/local-aws.ts';
import { freePorts } from '../lib/local/ports.ts';
import type { StoredMessage } from '../lib/local/slack/store/workspace.ts';
import { type LocalWorkspace, startWorkspace } from '../lib/local/workspace.ts';
import { localPeople, localZone } from '../lib/local/workspace-seed.ts';
import { buildFunctions } from './build/functions.ts';
import { untilMessage, workspaceClient } from './smoke/workspace-client.ts';

// Brings the whole workspace up on free ports with fresh data, does what a person would first do, and prints one JSON line of what it saw.

const { values: options } = parseArgs({
  options: { packaged: { type: 'boolean', default: false }, plain: { type: 'boolean', default: false } },
});
const host = `gitlab.mail.${localZone.name}`;
const [maria] = localPeople.users;
const [auditChannel] = localPeople.channels;
const signal = AbortSignal.timeout(60_000);

const whole = (message: StoredMessage): string => `${message.text} ${JSON.stringify(message.blocks)}`;
const failures: string[] = [];
const expect = (holds: boolean, what: string): void => {
  if (!holds) failures.push(what);
};

const converse = async (workspace: LocalWorkspace): Promise<Record<string, unknown>> => {
  const { sign, send, say } = workspaceClient(workspace, maria.id);
  const sample = workspace.samples.find(({ name }) => name === 'starttls');
  if (sample === undefined) throw new Error('the sample with STARTTLS is missing');
  const line = `add ${host} ${sample.addresses[0]} --port ${sample.port} --name GitLab`;
  const isPosted = (message: StoredMessage): boolean =>
    message.visibleTo === undefined && message.channel === auditChannel.id && message.metadata !== undefined;
  const toMaria =
    (part: string) =>
    (message: StoredMessage): boolean =>
      message.visibleTo === maria.id && whole(message).includes(part);

  const request = sign(line);
  const added = await send(request);
  expect(added.status === 200 && added.text.includes('Adding'), `the ack of add: ${added.status} ${added.text}`);
  const announced = await untilMessage(
    workspace,
    'the announcement',
    (message) => isPosted(message) && whole(message).includes(host),
  );
  expect(whole(announced).includes('encrypted'), 'the announcement says that the sample answers encrypted');

  const replayed = await send(request);
  expect(replayed.status === 200, `the replay is accepted: ${replayed.status}`);
  await say(line);
  await untilMessage(workspace, 'the answer "already so"', toMaria('is already registered like this'));
  await say(`add 10.0.4.12 ${host} --port 70000`);
  await untilMessage(workspace, 'the refusal', toMaria('Nothing was changed'));
  await say(`check ${host}`);
  await untilMessage(workspace, 'the check', toMaria('session-ticket'));
  await say(`history ${host}`);
  await untilMessage(workspace, 'the history', toMaria('applied'));

  const resolution = await resolveName(
    host,
    ['A'],
    { nameservers: [workspace.dns], dnsTimeoutMs: 2_000, osHostname: undefined },
    signal,
  );
  expect(resolution.addresses.join() === sample.addresses[0], `DNS answers ${resolution.addresses.join()}`);
  const client = new DynamoDBClient({
    endpoint: workspace.dynamoDbUrl,
    region: localAws.region,
    credentials: localAws.credentials,
  });
  const ledger = createDynamoDbLedger({ table: 'postal-endpoint-ledger', client });
  const entries = await ledger.read(host, signal);
  const audit = await ledger.read('_audit', signal);
  client.destroy();
  const kinds = entries.map(({ body }) => body.kind);
  expect(kinds.join() === 'requested,applying,applied', `the ledger of ${host}: ${kinds.join()}`);
  expect(verifyChain(entries, host).ok && verifyChain(audit, '_audit').ok, 'the chains verify');
  const announcements = workspace.slack.store.messages(auditChannel.id).filter(isPosted);
  expect(announcements.length === 1, `${announcements.length} announcements`);
  return {
    hostname: host,
    dns: resolution.addresses,
    ledger: kinds,
    announcements: announcements.length,
    ackMs: Math.round(added.milliseconds),
    text: announced.text.split('\n')[0],
  };
};

const began = performance.now();
const bundles = options.packaged ? mkdtempSync(join(tmpdir(), 'postal-endpoint-bundles-')) : undefined;
let saw: Record<string, unknown> = {};
try {
  if (bundles !== undefined) await buildFunctions(bundles);
  await using workspace = await startWorkspace({
    ports: freePorts,
    moduleOf: (name) =>
      bundles === undefined
        ? new URL(`../functions/${name}.ts`, import.meta.url)
        : pathToFileURL(join(bundles, name, 'index.mjs')),
    formBodies: options.plain ? 'plain' : 'base64',
  });
  saw = await converse(workspace);
} catch (error) {
  failures.push(error instanceof Error ? error.message : String(error));
} finally {
  if (bundles !== undefined) rmSync(bundles, { recursive: true, force: true });
}
const seconds = Math.round((performance.now() - began) / 100) / 10;
process.stdout.write(
  `${JSON.stringify({ ok: failures.length === 0, ...saw, packaged: options.packaged, seconds, ...(failures.length === 0 ? {} : { failures }) })}\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
