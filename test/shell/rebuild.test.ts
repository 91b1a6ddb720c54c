import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { createRoute53ZoneListing } from '../../lib/adapters/aws/route53-zone-listing.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { Ports } from '../../lib/app/ports/ports.ts';
import type { StateStore } from '../../lib/app/ports/state-store.ts';
import { announcementStatus } from '../../lib/app/state/announcements.ts';
import { listRegistered } from '../../lib/app/state/directory.ts';
import { waitingPlans } from '../../lib/app/state/waiting-plans.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { runShell } from '../../lib/shell/run-shell.ts';
import { type DynamoDbUnderTest, startDynamoDb, tables } from '../support/dynamodb-under-test.ts';
import { type LocalRoute53Harness, localClientConfig, startLocalRoute53 } from '../support/local-route53.ts';
import { zoneId } from '../support/memory-ports.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const zone = { id: zoneId, name: 'corp.internal', isPrivate: true, vpcs: [{ id: 'vpc-1', region: 'eu-central-1' }] };
const [gitlab, tickets, gone] = [
  'gitlab.mail.corp.internal',
  'tickets.mail.corp.internal',
  'gone.mail.corp.internal',
] as const;
const never = new AbortController().signal;
const withLedger = ['rebuild', '--ledger-table', tables.ledger, '--state-table', tables.state, '--since', '1d'];
const fromDns = ['rebuild', '--from-dns', '--state-table', tables.state];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let policyFile: string;
let dynamoDb: DynamoDbUnderTest;
let route53: LocalRoute53Harness;
let worker: ReturnType<typeof workerUnderTest>;
let real: Partial<Ports>;
let state: StateStore;

const say = async (line: string, user = 'maria'): Promise<void> => {
  await worker.work(worker.message(line, { user }), 1, real);
  if (worker.lastReply().includes('to mend')) throw new Error(worker.lastReply());
  for (const next of worker.queued.splice(0)) await worker.work(next, 1, real);
};

const approveWaiting = async (hostname: string): Promise<void> => {
  const ledger = createDynamoDbLedger({ table: tables.ledger, client: dynamoDb.client });
  const [waiting] = fold(await ledger.read(hostname, never)).pending;
  await say(`approve ${waiting?.changeId} --plan ${waiting?.plan.digest}`);
};

/** Empties the state table, as if it had been lost. */
const loseState = async (): Promise<void> => {
  for (const collection of ['directory', 'announcements-made', 'announcements-waiting', 'plans-waiting']) {
    for (const { key } of await state.list(collection, never)) await state.remove(collection, key, never);
  }
};

const snapshot = async () => {
  const collections = ['directory', 'announcements-made', 'announcements-waiting', 'plans-waiting'];
  return Promise.all(collections.map(async (collection) => [collection, await state.list(collection, never)] as const));
};

beforeAll(async () => {
  folder = await temporaryFolder();
  policyFile = join(folder.path, 'policy.json');
  writeFileSync(
    policyFile,
    JSON.stringify({
      zones: [{ name: zone.name, id: zone.id, vpcs: zone.vpcs }],
      cidrs: ['10.0.0.0/8'],
      auditChannel: 'C0AUDIT',
      grants: [{ name: 'all', teams: ['T0TEAM'], verbs: ['*'] }],
    }),
  );
});
afterAll(() => folder[Symbol.asyncDispose]());

beforeEach(async () => {
  dynamoDb = await startDynamoDb();
  route53 = await startLocalRoute53({ zones: [zone] });
  state = createDynamoDbStateStore({ table: tables.state, clock: systemClock, client: dynamoDb.client });
  worker = workerUnderTest();
  real = {
    ledger: createDynamoDbLedger({ table: tables.ledger, client: dynamoDb.client }),
    state,
    zones: route53.store,
    zoneListing: createRoute53ZoneListing({ clientConfig: localClientConfig(route53.url) }),
  };
  for (const [name, value] of Object.entries({
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDb.url,
    AWS_ENDPOINT_URL_ROUTE_53: route53.url,
    AWS_REGION: localAws.region,
    AWS_ACCESS_KEY_ID: localAws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localAws.credentials.secretAccessKey,
  }))
    vi.stubEnv(name, value);
  await say(`add ${gitlab} 10.0.4.12 10.0.4.13 --name GitLab --note "incoming"`);
  await say(`add ${tickets} ${gitlab} --port 465 --ssl-mode TLS --standby 10.0.5.1`);
  await say(`add ${gone} 10.0.4.14`);
  await say(`remove ${gone}`);
  await approveWaiting(gone);
  await say(`update ${gitlab} 10.0.4.99`);
}, 60_000);

afterEach(async () => {
  vi.unstubAllEnvs();
  await route53.route53.close();
  await dynamoDb[Symbol.asyncDispose]();
});

describe('rebuild from the ledger', () => {
  it('finds nothing to mend where nothing is lost', async () => {
    expect(await runShell(withLedger)).toEqual({
      text: `${tables.state} is as the ledger's 3 hostnames have it.`,
      exitCode: 0,
    });
  });

  it('shows what differs and writes nothing, until it is told to; then everything is as it was', async () => {
    const before = await snapshot();
    await loseState();
    const shown = await runShell(withLedger);
    expect(shown.exitCode).toBe(1);
    expect(shown.text).toContain(
      `+ directory ${gitlab}  10.0.4.12, 10.0.4.13, port 25, Auto, TTL 60, name "GitLab", note "incoming"`,
    );
    expect(shown.text).toContain('Nothing was written: --write does it.');
    expect(await listRegistered(state, never)).toEqual([]);
    const written = await runShell([...withLedger, '--write']);
    expect(written).toMatchObject({ exitCode: 0 });
    const after = await snapshot();
    expect(after).toEqual(before);
    const [plan] = await waitingPlans(state, never);
    expect(plan?.hostname).toBe(gitlab);
    expect((await runShell(withLedger)).exitCode).toBe(0);
  });

  it('corrects what is wrong, removes what should not be there, and does not touch unfinished work', async () => {
    const [first] = await listRegistered(state, never);
    if (first === undefined) throw new Error('nothing is registered');
    const forged = { ...first, definition: { ...first.definition, port: 2525 } };
    await state.put({ collection: 'directory', key: gitlab, value: JSON.parse(JSON.stringify(forged)) }, false, never);
    await state.put(
      { collection: 'directory', key: 'stray.corp.internal', value: JSON.parse(JSON.stringify(first)) },
      false,
      never,
    );
    const posting = {
      status: 'posting',
      hostname: gitlab,
      inSync: true,
      since: '2026-03-02T14:02:00.000Z',
      told: false,
      textDigest: '',
      others: [],
    };
    await state.put({ collection: 'announcements-waiting', key: 'someone-at-work', value: posting }, false, never);
    const shown = await runShell(withLedger);
    expect(shown.text.split('\n').map((line) => line.slice(0, 34))).toEqual([
      `- directory ${gitlab}`.slice(0, 34),
      `+ directory ${gitlab}`.slice(0, 34),
      '- directory stray.corp.internal  1',
      expect.stringContaining(`${tables.state}: 2 differences`.slice(0, 34)),
    ]);
    await runShell([...withLedger, '--write']);
    expect(
      (await listRegistered(state, never)).map(({ definition }) => `${definition.hostname} ${definition.port}`),
    ).toEqual([`${gitlab} 25`, `${tickets} 465`]);
    expect(await announcementStatus(state, 'someone-at-work', never)).toMatchObject({ status: 'posting' });
  });
});

describe('rebuild from DNS alone', () => {
  const rebuild = (...more: readonly string[]) => runShell([...fromDns, '--policy', policyFile, ...more]);

  it('finds nothing to mend where the markers vouch for the directory, names and notes included', async () => {
    expect(await rebuild()).toEqual({
      text: `${tables.state}: is as the 2 markers of corp.internal have it.`,
      exitCode: 0,
    });
  });

  it('gives back the registry but for names and notes, and says what is lost', async () => {
    await loseState();
    const shown = await rebuild();
    expect(shown.exitCode).toBe(1);
    expect(shown.text).toContain(`+ directory ${tickets}  ${gitlab}, standby 10.0.5.1, port 465, TLS, TTL 60`);
    expect(shown.text).toContain(`? ${gitlab}: its marker's digest is of another definition`);
    expect(shown.text).not.toContain(`? ${tickets}`);
    expect(shown.text).toContain('Not in DNS: the name in Postal, owner and note');
    expect(await listRegistered(state, never)).toEqual([]);
    expect((await rebuild('--write')).exitCode).toBe(0);
    const registered = await listRegistered(state, never);
    expect(registered.map(({ definition }) => definition)).toEqual([
      {
        hostname: gitlab,
        targets: { kind: 'addresses', addresses: ['10.0.4.12', '10.0.4.13'] },
        port: 25,
        sslMode: 'Auto',
        ttlSeconds: 60,
      },
      {
        hostname: tickets,
        targets: { kind: 'cname', cname: gitlab },
        standby: { kind: 'addresses', addresses: ['10.0.5.1'] },
        port: 465,
        sslMode: 'TLS',
        ttlSeconds: 60,
      },
    ]);
    const ledger = createDynamoDbLedger({ table: tables.ledger, client: dynamoDb.client });
    expect(registered.map(({ changeId }) => changeId)).toEqual([
      fold(await ledger.read(gitlab, never)).lastApplied?.changeId,
      fold(await ledger.read(tickets, never)).lastApplied?.changeId,
    ]);
  });

  it('makes nothing up for a marker that has lost its record, and says so', async () => {
    await loseState();
    const read = await route53.store.readNames(zoneId, [tickets], never);
    if (!read.ok) throw new Error(read.failure.message);
    const changes = read.value.map((recordSet) => ({ action: 'DELETE', recordSet }) as const);
    await route53.store.submit(zoneId, changes, '', never);
    const { text, exitCode } = await rebuild('--write');
    expect(exitCode).toBe(1);
    expect(text).toContain(`! ${tickets}: it has a marker but no record; left as it is`);
    expect((await listRegistered(state, never)).map(({ definition }) => definition.hostname)).toEqual([gitlab]);
  });

  it('ends with 3 where Route 53 does not answer', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_ROUTE_53', 'http://127.0.0.1:1');
    expect(await rebuild('--write')).toMatchObject({
      exitCode: 3,
      text: expect.stringContaining('nothing was rebuilt: zone corp.internal'),
    });
  });
});

describe('wrong usage', () => {
  it.each([
    [['rebuild'], 'state-table: give --state-table NAME'],
    [['rebuild', '--state-table', 'state'], 'ledger-table: give --ledger-table NAME'],
    [['rebuild', '--from-dns', '--state-table', 'state'], 'policy: give --policy FILE'],
    [
      ['rebuild', '--from-dns', '--state-table', 'state', '--ledger-table', 'ledger'],
      'ledger-table: --from-dns works without a ledger',
    ],
    [
      ['rebuild', '--state-table', 'state', '--ledger-table', 'ledger', '--policy', 'p'],
      'policy: only --from-dns needs it',
    ],
    [['rebuild', '--from-dns', '--state-table', 'state', '--policy', '/nowhere.json'], 'policy: /nowhere.json'],
    [['rebuild', 'gitlab'], '"gitlab": unexpected argument'],
  ])('%j', async (args, message) => {
    expect(await runShell(args)).toMatchObject({ exitCode: 3, text: expect.stringContaining(message) });
  });
});
