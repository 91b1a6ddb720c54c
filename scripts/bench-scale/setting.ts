import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHttpApi } from '../../lib/local/http-api/http-api.ts';
import { createLambdaFunction, type LambdaFunction } from '../../lib/local/lambda/lambda-function.ts';
import { createPostalInstallation } from '../../lib/local/postal/postal-installation.ts';
import { startEventSource } from '../../lib/local/sqs/event-source.ts';
import { type FunctionsOptions, startFunctions } from '../../lib/local/workspace-functions.ts';
import { localPeople, localPolicy, localPostalProfile } from '../../lib/local/workspace-seed.ts';
import { collectedState } from './collected-state.ts';
import { fleetOf } from './fleet.ts';
import { leaveInState } from './left-in-state.ts';
import { type RunningEmulators, startEmulators } from './start-emulators.ts';
import { writeTables } from './write-tables.ts';

const requestPath = '/slack/events';
export const tables = { ledger: 'postal-endpoint-ledger', state: 'postal-endpoint-state' };
const [slackSecretId, postalSecretId] = ['postal-endpoint/slack', 'postal-endpoint/postal'];

/** A deployment with a history: its functions, of which one worker works at a time, and the emulators that they use. */
export type Setting = AsyncDisposable & {
  readonly emulators: RunningEmulators;
  readonly requestUrl: string;
  readonly signingSecret: string;
  readonly hostnames: readonly string[];
  /** Resolves as soon as the worker works on nothing. */
  idle(): Promise<void>;
};

/** The function with its invocations counted. */
const counted = (lambda: LambdaFunction): { readonly lambda: LambdaFunction; idle(): Promise<void> } => {
  const running = new Set<Promise<unknown>>();
  return {
    lambda: {
      ...lambda,
      invoke: async (event) => {
        const invocation = lambda.invoke(event);
        running.add(invocation);
        return invocation.finally(() => running.delete(invocation));
      },
    },
    idle: async () => {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
};

export type SettingOptions = {
  readonly names: number;
  /** As many as are kept, when absent. */
  readonly sampleDays?: number;
  readonly moduleOf: FunctionsOptions['moduleOf'];
  readonly log: (line: string) => void;
};

/** Starts everything, and writes what so many endpoints have left behind. */
export const openSetting = async ({ names, sampleDays, moduleOf, log }: SettingOptions): Promise<Setting> => {
  await using opening = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-scale-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  const [policyFile, postalProfileFile] = [join(folder, 'policy.json'), join(folder, 'postal-profile.json')];
  // As rarely as a deployment checks by default, in place of the demonstration's haste.
  await writeFile(policyFile, JSON.stringify(localPolicy([], { intervalSeconds: 300 })));
  const installation = createPostalInstallation();
  // Nothing is looked up in DNS here.
  await writeFile(postalProfileFile, JSON.stringify(localPostalProfile('127.0.0.1:9', installation.publicKey)));

  const [signingSecret, botToken] = [randomBytes(16).toString('hex'), `xoxb-local-${randomBytes(12).toString('hex')}`];
  const { bot } = localPeople;
  const emulators = opening.use(
    await startEmulators({
      signingSecret,
      botToken,
      secrets: {
        [slackSecretId]: JSON.stringify({ signingSecret, botToken, botId: bot.botId, botUserId: bot.userId }),
        [postalSecretId]: installation.secret,
      },
    }),
  );
  const nowMs = Math.floor(Date.now() / 60_000) * 60_000;
  const fleet = fleetOf(names, nowMs);
  const collected = collectedState();
  await leaveInState(collected.state, fleet, nowMs, sampleDays);
  const entries = [...fleet.endpoints.flatMap((endpoint) => endpoint.entries), ...fleet.audit];
  await emulators.putRecordSets(fleet.recordSets.map((recordSet) => ({ ...recordSet, values: [...recordSet.values] })));
  await writeTables(emulators.dynamoDbUrl, tables, { entries, items: collected.items() });
  log(`${names} endpoints, ${entries.length} entries, ${collected.items().length} items of the state table`);

  let worker: ReturnType<typeof counted> | undefined;
  const functions = opening.use(
    await startFunctions({
      moduleOf,
      createWorker: (options) => {
        worker = counted(createLambdaFunction(options));
        return worker.lambda;
      },
      frontConcurrency: 1,
      workersAtOnce: 1,
      log: (name, line) => {
        if (/"level":"(?:WARN|ERROR)"/.test(line)) log(`${name} ${line}`);
      },
      policyFile,
      postalProfileFile,
      tables,
      slackSecretId,
      secretsPort: emulators.secretsPort,
      sqs: emulators.sqs,
      postalSecretId,
      postalQueueUrl: emulators.sqs.queueUrl,
      slackApiUrl: emulators.slackApiUrl,
      dynamoDbUrl: emulators.dynamoDbUrl,
      route53Url: emulators.route53Url,
    }),
  );
  const httpApi = await startHttpApi({
    routes: { [`POST ${requestPath}`]: functions.front },
    port: 0,
    formBodies: 'base64',
  });
  opening.defer(() => httpApi.close());
  await Promise.all([functions.front.warm(), functions.worker.warm(), functions.prober.warm()]);
  const eventSource = startEventSource({
    endpoint: emulators.sqs.endpoint,
    queueUrl: emulators.sqs.queueUrl,
    worker: functions.worker,
    maximumConcurrency: 1,
    onError: (error) => log(String(error)),
  });
  opening.defer(() => eventSource.close());

  const running = opening.move();
  return {
    emulators,
    requestUrl: `http://127.0.0.1:${httpApi.port}${requestPath}`,
    signingSecret,
    hostnames: fleet.endpoints.map(({ definition }) => definition.hostname),
    idle: async () => worker?.idle(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
};
