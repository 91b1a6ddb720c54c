import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { listRegistered } from '../../lib/app/state/directory.ts';
import { readSummaries } from '../../lib/app/state/summary-store.ts';
import { verifyChain } from '../../lib/core/ledger/chain.ts';
import { auditStream } from '../../lib/core/ledger/entry.ts';
import { fold } from '../../lib/core/ledger/fold.ts';
import { daysFrom, utcDay } from '../../lib/core/report/daily-summary.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { askedOf } from '../../scripts/bench-scale/asked.ts';
import { summaryDays } from '../../scripts/bench-scale/left-in-state.ts';
import { measure } from '../../scripts/bench-scale/measure.ts';
import { openSetting, type Setting, tables } from '../../scripts/bench-scale/setting.ts';

// The bench of a large deployment, small and from the sources: that its parts work, and not how long they take.

const names = 20;
const never = new AbortController().signal;
const said: string[] = [];
let setting: Setting;

beforeAll(async () => {
  setting = await openSetting({
    names,
    moduleOf: (name) => new URL(`../../functions/${name}.ts`, import.meta.url),
    log: (line) => said.push(line),
  });
}, 120_000);
afterAll(() => setting[Symbol.asyncDispose]());

const client = (): DynamoDBClient => {
  const { region, credentials } = localAws;
  return new DynamoDBClient({ endpoint: setting.emulators.dynamoDbUrl, region, credentials });
};

it('leaves a ledger whose chains verify, and the registry that follows from it', async () => {
  const dynamoDb = client();
  try {
    const ledger = createDynamoDbLedger({ table: tables.ledger, client: dynamoDb });
    const state = createDynamoDbStateStore({ table: tables.state, client: dynamoDb, clock: systemClock });
    const registered = new Map((await listRegistered(state, never)).map((one) => [one.definition.hostname, one]));
    expect(registered.size).toBe(names);
    let entries = 0;
    for (const hostname of setting.hostnames) {
      const stream = await ledger.read(hostname, never);
      entries += stream.length;
      expect(verifyChain(stream, hostname)).toMatchObject({ ok: true });
      const { definition, applied } = fold(stream);
      expect(applied).toHaveLength(2);
      expect([...registered.values()].find((one) => one.definition.hostname === hostname)?.definition).toEqual(
        definition,
      );
    }
    const audit = await ledger.read(auditStream, never);
    expect(verifyChain(audit, auditStream)).toMatchObject({ ok: true });
    expect(audit).toHaveLength(2 * names);
    expect(entries + audit.length).toBe(10 * names);
    for (const back of [1, summaryDays])
      expect(await readSummaries(state, daysFrom(utcDay(Date.now()), -back), never)).toHaveProperty('size', names);
  } finally {
    dynamoDb.destroy();
  }
});

describe('a sample of', () => {
  it.each(Object.keys(askedOf([])))(
    '%s',
    async (what) => {
      const asked = askedOf(setting.hostnames)[what]?.(0);
      if (asked === undefined) throw new Error(`${what} is not measured`);
      const { tookMs, emulatorMs } = await measure(setting, asked);
      expect(emulatorMs).toBeGreaterThan(0);
      expect(emulatorMs).toBeLessThan(tookMs);
    },
    60_000,
  );

  it('what is not answered as expected is an error that quotes the answer', async () => {
    await expect(measure(setting, { text: 'list --state up', answers: /^no such answer/ })).rejects.toThrow(
      /^list --state up was answered: 19 endpoints that are up/,
    );
  }, 60_000);
});

it('hears of no trouble', () => {
  expect(said).toEqual([expect.stringMatching(/^20 endpoints, 200 entries, \d+ items of the state table$/)]);
});
