import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod';
import { createDynamoDbLedger } from '../../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../../lib/adapters/aws/dynamodb-state-store.ts';
import { createLambdaProber } from '../../lib/adapters/aws/lambda-prober.ts';
import { loadPolicy, loadPostalProfile } from '../../lib/adapters/config-files.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { Json } from '../../lib/app/ports/state-store.ts';
import { saveLookTimes } from '../../lib/app/state/look-times.ts';
import type { WatchPorts } from '../../lib/app/watch/watch-ports.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import { recordSetsOf } from '../../lib/core/dns/plan.ts';
import type { RecordSet } from '../../lib/core/dns/record-set.ts';
import type { Definition } from '../../lib/core/endpoint/definition.ts';
import { parseHostname } from '../../lib/core/endpoint/hostname.ts';
import { dueEndpoints } from '../../lib/core/watch/schedule.ts';
import { ensureTables } from '../../lib/local/dynamodb/ensure-tables.ts';
import { createLambdaFunction, type LambdaFunction } from '../../lib/local/lambda/lambda-function.ts';
import { startLambdaService } from '../../lib/local/lambda/lambda-service.ts';
import { localAws } from '../../lib/local/local-aws.ts';

const started = z.object({ dnsPort: z.number(), dynamoDbUrl: z.string(), port: z.number() });
const capacity = z.object({ CapacityUnits: z.number() });
const zone = { name: 'bench.test', id: 'Z0BENCH', vpcs: [] };

/** Counted since it was made: what Lambda would bill of the prober, and what DynamoDB would of its table. */
export type Meter = { proberMs: number; proberInvocations: number; readUnits: number; writeUnits: number };

/** Watch with its own adapters, over sockets, and a clock that stands still until a bench sets it forward. */
export type Setting = AsyncDisposable & {
  readonly ports: WatchPorts;
  readonly meter: Meter;
  /** Enters endpoints into the directory, each as if it had been looked at in its turn of the last interval; every other one has a standby, if wanted. */
  enter(count: number, withStandbys: boolean): Promise<void>;
  /** As the schedule goes on, the same time into every minute. */
  toNextMinute(): void;
};

const writes: ReadonlySet<string> = new Set(['PutItemCommand', 'DeleteItemCommand']);

/** Has DynamoDB say what each call consumed. */
const meteredClient = (endpoint: string, meter: Meter): DynamoDBClient => {
  const { region, credentials } = localAws;
  const client = new DynamoDBClient({ endpoint, region, credentials });
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
        const answer = await next(args);
        const consumed =
          z.object({ ConsumedCapacity: capacity }).safeParse(answer.output).data?.ConsumedCapacity.CapacityUnits ?? 0;
        if (writes.has(commandName)) meter.writeUnits += consumed;
        else meter.readUnits += consumed;
        return answer;
      },
    { step: 'initialize' },
  );
  return client;
};

const meteredFunction = (lambda: LambdaFunction, meter: Meter): LambdaFunction => ({
  ...lambda,
  invoke: async (event) => {
    const start = performance.now();
    const answer = await lambda.invoke(event);
    meter.proberMs += performance.now() - start;
    meter.proberInvocations += 1;
    return answer;
  },
});

const minuteMs = 60_000;
const intoMinuteMs = 10_000;

/** The moment of the last interval in which an endpoint has its turn. */
const inTurn = (hostname: string, rules: WatchPorts['policy']['watch'], nowMs: number): number => {
  const intervalMs = rules.intervalSeconds * 1000;
  for (let atMs = nowMs - intervalMs + minuteMs; atMs <= nowMs; atMs += minuteMs)
    if (
      dueEndpoints([{ hostname, lastAtMs: atMs, isInDoubt: false }], rules, atMs + intervalMs - minuteMs).length === 0
    )
      return atMs;
  return nowMs;
};

/** Starts all of it, for at most so many endpoints. */
export const openSetting = async (most: number): Promise<Setting> => {
  await using opening = new AsyncDisposableStack();
  const servers = fork(new URL('./servers.ts', import.meta.url), [String(most)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  opening.defer(() => void servers.kill());
  const { dnsPort, dynamoDbUrl, port } = started.parse((await once(servers, 'message'))[0]);
  const folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-bench-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const [policyFile, profileFile] = [join(folder, 'policy.json'), join(folder, 'postal-profile.json')];
  const grants = [{ name: 'nobody', teams: ['T0BENCH'], users: ['U0BENCH'], verbs: ['check'] }];
  await writeFile(
    policyFile,
    JSON.stringify({ zones: [zone], cidrs: ['127.30.0.0/15'], ports: [port], auditChannel: 'C0BENCH', grants }),
  );
  await writeFile(
    profileFile,
    JSON.stringify({
      heloHostname: 'postal.bench.test',
      returnPathDomain: 'rp.bench.test',
      nameservers: [`127.0.0.1:${dnsPort}`],
    }),
  );

  const meter: Meter = { proberMs: 0, proberInvocations: 0, readUnits: 0, writeUnits: 0 };
  const client = opening.adopt(meteredClient(dynamoDbUrl, meter), (it) => it.destroy());
  const tables = { ledger: 'ledger', state: 'state' };
  await ensureTables(client, tables);
  const prober = createLambdaFunction({
    name: 'prober',
    module: new URL('../../functions/prober.ts', import.meta.url),
    env: { POLICY_FILE: policyFile, POSTAL_PROFILE_FILE: profileFile },
    timeoutSeconds: 45,
    maximumConcurrency: 8,
    log: () => undefined,
  });
  opening.defer(() => prober.close());
  const lambda = await startLambdaService({
    functions: [meteredFunction(prober, meter)],
    port: 0,
    onLost: () => undefined,
  });
  opening.defer(() => lambda.close());
  const { region, credentials } = localAws;
  const lambdaClient = opening.adopt(new LambdaClient({ endpoint: lambda.endpoint, region, credentials }), (it) =>
    it.destroy(),
  );

  const standing: RecordSet[] = [];
  let nowMs = Math.floor(Date.now() / minuteMs) * minuteMs + intoMinuteMs;
  const clock: Clock = { ...systemClock, now: () => nowMs };
  const policy = loadPolicy(policyFile);
  const state = createDynamoDbStateStore({ table: tables.state, clock, client });
  const ports: WatchPorts = {
    clock,
    log: {
      info: () => undefined,
      warn: (...said) => void process.stderr.write(`${JSON.stringify(said)}\n`),
      error: (...said) => void process.stderr.write(`${JSON.stringify(said)}\n`),
    },
    ledger: createDynamoDbLedger({ table: tables.ledger, client }),
    state,
    queue: {
      // The night's verification and the heartbeat are the worker's.
      send: async (message) =>
        message.kind === 'verify' || message.kind === 'heartbeat'
          ? undefined
          : void process.stderr.write(`unexpected: ${JSON.stringify(message)}\n`),
    },
    deadLetters: { receive: async () => [], remove: async () => undefined },
    prober: createLambdaProber(prober.name, lambdaClient),
    zones: { list: async () => ({ ok: true, value: standing }) },
    policy,
    profile: loadPostalProfile(profileFile),
    newToken: randomUUID,
  };
  const { signal } = new AbortController();
  const running = opening.move();
  return {
    ports,
    meter,
    toNextMinute: () => {
      nowMs += minuteMs;
    },
    enter: async (count, withStandbys) => {
      const times = new Map<string, number>();
      for (let index = 0; index < count; index += 1) {
        const parsed = parseHostname(`e${index}.mail.bench.test`);
        if (!('hostname' in parsed)) throw new Error(`endpoint ${index} has no name`);
        const { hostname } = parsed;
        const at = (network: string) =>
          ({ kind: 'addresses', addresses: [`${network}.${index >> 8}.${index & 255}`] }) as const;
        const definition: Definition = {
          hostname,
          targets: at('127.30'),
          ...(withStandbys && index % 2 === 0 ? { standby: at('127.31') } : {}),
          port,
          sslMode: 'Auto',
          ttlSeconds: 60,
          name: `Endpoint ${index}`,
        };
        const changeId = '01JD0000000000000000000000';
        standing.push(...recordSetsOf(definition, { changeId, generation: 1 }));
        const value: Json = { definition, changeId, userId: 'U0BENCH', at: '2026-01-01T00:00:00.000Z' };
        await state.put({ collection: 'directory', key: hostname, value }, false, signal);
        times.set(hostname, inTurn(hostname, policy.watch, nowMs));
      }
      await saveLookTimes(state, [...times.keys()], times, signal);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
