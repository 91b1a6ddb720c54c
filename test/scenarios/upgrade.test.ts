import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { StateStore } from '../../lib/app/ports/state-store.ts';
import type { Witness } from '../../lib/app/ports/witness.ts';
import { lastProbes, listRegistered } from '../../lib/app/state/directory.ts';
import { listDrifts } from '../../lib/app/state/drift-store.ts';
import { listHealths } from '../../lib/app/state/health-store.ts';
import { listIncidents, listNotifications } from '../../lib/app/state/incident-store.ts';
import { listLookTimes } from '../../lib/app/state/look-times.ts';
import { listMutes } from '../../lib/app/state/mute-store.ts';
import { readSamples } from '../../lib/app/state/sample-store.ts';
import { waitingPlans } from '../../lib/app/state/waiting-plans.ts';
import { readEvidence } from '../../lib/app/verify/evidence.ts';
import { verify } from '../../lib/app/verify/verify.ts';
import type { Entry } from '../../lib/core/ledger/entry.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { runShell } from '../../lib/shell/run-shell.ts';
import { type DynamoDbUnderTest, startDynamoDb, tables } from '../support/dynamodb-under-test.ts';
import { earlierVersion } from '../support/earlier-version.ts';

const { signal } = new AbortController();

const versions = [
  { name: 'upgrade', counted: '300 entries of 50 streams', messages: 63 },
  { name: 'upgrade-bulks', counted: '137 entries of 20 streams', messages: 12 },
] as const;

describe.each(versions)('what an earlier version left, $name', ({ name, counted, messages }) => {
  const earlier = earlierVersion(name);
  const nowMs = Date.parse(earlier.setting().now);

  let dynamoDb: DynamoDbUnderTest;
  let state: StateStore;

  const putEntry = (line: string): Promise<unknown> => {
    const { stream, sequence, at }: Entry = JSON.parse(line);
    const Item = {
      pk: { S: stream },
      sk: { S: String(sequence).padStart(10, '0') },
      day: { S: at.slice(0, 10) },
      at: { S: at },
      entry: { S: line },
    };
    return dynamoDb.intruder.send(new PutItemCommand({ TableName: tables.ledger, Item }));
  };

  const fillState = async (): Promise<void> => {
    for (const { collection, key, value, expiresAt } of earlier.items()) {
      const Item = {
        pk: { S: collection },
        sk: { S: key },
        value: { S: JSON.stringify(value) },
        writeId: { S: 'earlier' },
        ...(expiresAt !== undefined && { expiresAt: { N: String(expiresAt) } }),
      };
      await dynamoDb.intruder.send(new PutItemCommand({ TableName: tables.state, Item }));
    }
  };

  const inCollection = (collection: string): number =>
    earlier.items().filter((item) => item.collection === collection).length;

  beforeAll(async () => {
    // Spans and expiries are counted from today, and these files grow old.
    vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
    vi.stubEnv('AWS_REGION', localAws.region);
    vi.stubEnv('AWS_ACCESS_KEY_ID', localAws.credentials.accessKeyId);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', localAws.credentials.secretAccessKey);
    dynamoDb = await startDynamoDb();
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.url);
    state = createDynamoDbStateStore({ table: tables.state, clock: systemClock, client: dynamoDb.client });
    for (const line of earlier.lines('ledger.jsonl')) await putEntry(line);
    await fillState();
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    vi.useRealTimers();
    await dynamoDb[Symbol.asyncDispose]();
  });

  describe('the ledger of an earlier version', () => {
    it('is verified against the audit channel to its last announcement', async () => {
      const ledger = createDynamoDbLedger({ table: tables.ledger, client: dynamoDb.client });
      const joined = {
        ts: '1000000000.000000',
        text: 'has joined',
        edited: false,
        byThisApp: false,
        metadata: undefined,
      };
      const witness: Witness = { posts: async () => ({ ok: true, value: [joined, ...earlier.posts('C0AUDIT')] }) };
      const scope = { channelId: 'C0AUDIT', hostname: undefined, sinceMs: nowMs - 86_400_000, isWanted: () => true };
      const evidence = await readEvidence({ ledger, witness }, scope, nowMs, signal);
      if (!evidence.ok) throw new Error(JSON.stringify(evidence.failure));
      expect(verify(evidence.value)).toMatchObject({
        verdict: 'verified',
        faults: [],
        messages,
        audit: { verifiedUpTo: { sequence: messages } },
      });
    });

    it('is verified as a file', async () => {
      const { text, exitCode } = await runShell(['verify', '--file', earlier.file('ledger.jsonl')]);
      expect(text).toContain(counted);
      expect(exitCode).toBe(0);
    });

    it('is exported as it was written', async () => {
      const { text, exitCode } = await runShell(['export', '--ledger-table', tables.ledger]);
      expect(exitCode).toBe(0);
      expect(text.split('\n').toSorted()).toEqual(earlier.lines('ledger.jsonl').toSorted());
    });

    it('agrees with the state table of that version, and rebuilds it when it is lost', async () => {
      const rebuild = ['rebuild', '--ledger-table', tables.ledger, '--state-table', tables.state];
      expect(await runShell(rebuild)).toMatchObject({ exitCode: 0 });
      for (const collection of ['directory', 'announcements-made', 'announcements-waiting', 'plans-waiting', 'mutes'])
        for (const { key } of await state.list(collection, signal)) await state.remove(collection, key, signal);
      expect(await runShell(rebuild)).toMatchObject({ exitCode: 1 });
      expect(await runShell([...rebuild, '--write'])).toMatchObject({ exitCode: 0 });
      expect(await listRegistered(state, signal)).toHaveLength(inCollection('directory'));
      await fillState();
      expect(await runShell(rebuild)).toMatchObject({ exitCode: 0 });
    });
  });

  it('reads every item of an earlier state table', async () => {
    const [registered, probes, healths, incidents, told, mutes, drifts, plans] = await Promise.all([
      listRegistered(state, signal),
      lastProbes(state, signal),
      listHealths(state, signal),
      listIncidents(state, signal),
      listNotifications(state, signal),
      listMutes(state, signal),
      listDrifts(state, signal),
      waitingPlans(state, signal),
    ]);
    expect({
      directory: registered.length,
      probes: probes.size,
      healths: healths.size,
      incidents: incidents.length,
      'incidents-told': told.size,
      mutes: mutes.length,
      drifts: drifts.size,
      'plans-waiting': plans.length,
    }).toEqual(
      Object.fromEntries(
        ['directory', 'probes', 'healths', 'incidents', 'incidents-told', 'mutes', 'drifts', 'plans-waiting'].map(
          (collection) => [collection, inCollection(collection)],
        ),
      ),
    );
    const lookTimes = await listLookTimes(state, signal);
    for (const { definition } of registered) {
      const { hostname } = definition;
      if (!lookTimes.has(hostname)) continue;
      expect(await readSamples(state, hostname, nowMs - 86_400_000, nowMs, signal), hostname).not.toEqual([]);
    }
  });
});
