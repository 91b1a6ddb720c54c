import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../adapters/system-clock.ts';
import { table as commandTable } from '../core/grammar/table.ts';
import { postalProfileSchema } from '../core/postal/profile.ts';
import { createDnsServer } from './dns-server.ts';
import { firstSteps } from './first-steps.ts';
import { startHttpApi } from './http-api/http-api.ts';
import { createLambdaFunction, type LambdaFunction } from './lambda/lambda-function.ts';
import { createMachine } from './machine.ts';
import { freePorts, listenOnFirstFree, readPorts, type WorkspacePorts, writePorts } from './ports.ts';
import { createLocalPostal } from './postal/local-postal.ts';
import {
  createPostalInstallation,
  type PostalInstallation,
  snapshotUrl,
  webhookUrl,
} from './postal/postal-installation.ts';
import type { LocalRoute53 } from './route53/local-route53.ts';
import { createLocalSlack, type LocalSlack } from './slack/local-slack.ts';
import { buildPage } from './slack/page-api/page-bundle.ts';
import { type SmtpSample, startSmtpSamples } from './smtp/samples.ts';
import { startEventSource } from './sqs/event-source.ts';
import { openFolder, writeConfiguration } from './workspace-folder.ts';
import { type FunctionsOptions, postalConcurrency, startFunctions } from './workspace-functions.ts';
import {
  localAlerts,
  localMailServers,
  localPeople,
  localPolicy,
  localPostalProfile,
  localZone,
} from './workspace-seed.ts';
import { startServices } from './workspace-services.ts';

const requestPath = '/slack/events';
/** More often than the deployed one, so that a server that is stopped is missed while one still waits for it. */
const watchEveryMs = 15_000;
const workersAtOnce = 4;

export type WorkspaceOptions = {
  /** Keeps everything over a restart; absent: a temporary folder that goes with the workspace. */
  readonly folder?: string;
  /** 0 takes the port of the last run, where it is free, so that registered names and the page's address stay valid over a restart. */
  readonly ports: WorkspacePorts;
  /** Where the functions' modules are: `functions/slack.ts` and so on, or the bundles that would be deployed. */
  readonly moduleOf: FunctionsOptions['moduleOf'];
  /** How the HTTP API hands form bodies on; the real one does it in base64. */
  readonly formBodies: 'base64' | 'plain';
  /** How long Route 53 leaves a change PENDING; 600 when absent, for people to see it. */
  readonly insyncDelayMs?: number;
  /** After how long a message whose worker died is seen again; 100, as deployed, when absent. */
  readonly visibilityTimeoutSeconds?: number;
  /** How many requests the front may work on at a time; 20 when absent. */
  readonly frontConcurrency?: number;
  /** Runs the worker elsewhere than in threads of this process. */
  readonly createWorker?: FunctionsOptions['createWorker'];
  /** Rules of watch that take the place of the local policy's. */
  readonly watchRules?: Readonly<Record<string, unknown>>;
  /** Brings up a small Postal beside the bot, which reports to it; without it, whoever has its keys does. */
  readonly withPostal?: boolean;
};

/** Everything that the cloud would be, on loopback, running. */
export interface LocalWorkspace extends AsyncDisposable {
  /** The workspace's page. */
  readonly pageUrl: string;
  /** Where Slack sends its requests. */
  readonly requestUrl: string;
  readonly signingSecret: string;
  readonly dns: { readonly address: string; readonly port: number };
  readonly samples: readonly SmtpSample[];
  readonly slack: LocalSlack;
  readonly route53: LocalRoute53;
  readonly dynamoDbUrl: string;
  /** The queue of the commands. */
  readonly sqs: { readonly endpoint: string; readonly queueUrl: string };
  /** What a Postal beside the workspace needs: its own part of the secrets, and where it sends what it has. */
  readonly postal: PostalInstallation & { readonly snapshotUrl: string; readonly webhookUrl: string };
  readonly functions: Readonly<Record<'slack' | 'worker' | 'prober' | 'watch', LambdaFunction>>;
  /** What the functions wrote, a line each with the function's name before it. */
  readonly logFile: string;
  close(): Promise<void>;
}

/** Brings up the whole workspace: the production handlers and adapters against emulators. Rejects, with nothing left open, when a part cannot start. */
export const startWorkspace = async ({
  folder,
  ports,
  moduleOf,
  formBodies,
  insyncDelayMs = 600,
  visibilityTimeoutSeconds = 100,
  frontConcurrency = 20,
  createWorker = createLambdaFunction,
  watchRules = {},
  withPostal = false,
}: WorkspaceOptions): Promise<LocalWorkspace> => {
  await using parts = new AsyncDisposableStack();
  const { path, remove } = openFolder(folder);
  parts.defer(remove);
  const portsFile = join(path, 'ports.json');
  const lastPorts = readPorts(portsFile);
  const choices = (wished: number, last: number): readonly [number, ...number[]] =>
    wished === 0 ? [last, 0] : [wished];
  const logFile = join(path, 'functions.log');
  writeFileSync(logFile, '');
  const log = (name: string, line: string): void => appendFileSync(logFile, `${name} ${line}\n`);

  // In a process of its own, beside all that follows. Should it fail, the page says so.
  const page = buildPage();
  page.catch(() => undefined);

  const [firstServer, ...otherServers] = localMailServers;
  const installation = createPostalInstallation([firstServer.name, ...otherServers.map(({ name }) => name)]);
  const services = parts.use(
    await startServices({ path, insyncDelayMs, visibilityTimeoutSeconds, postalSecret: installation.secret }),
  );
  const { route53, slackSecret, ofFunctions } = services;
  const { sqs, dynamoDbUrl } = ofFunctions;
  const dnsServer = createDnsServer({ zones: route53.zones });
  const dns = await listenOnFirstFree(choices(ports.dns, lastPorts.dns), (port) => dnsServer.listen(port));
  parts.defer(() => dnsServer.close());

  // Registered names lead to these ports: they stay the same for as long as the data does.
  const samples = await listenOnFirstFree(
    lastPorts.smtp === 0 ? [ports] : [lastPorts, ports, freePorts],
    ({ smtp, implicitTls }) =>
      startSmtpSamples({
        port: smtp,
        implicitTlsPort: implicitTls,
        certificateNames: [`*.${localZone.name}`, `*.mail.${localZone.name}`],
        nowEpochMs: Date.now(),
      }),
  );
  parts.defer(async () => void (await Promise.all(samples.map((sample) => sample.close()))));
  const postalProfile = localPostalProfile(`${dns.address}:${dns.port}`, installation.publicKey);
  const policy = localPolicy(
    samples.map(({ port }) => port),
    watchRules,
  );
  const { policyFile, postalProfileFile } = writeConfiguration(path, policy, postalProfile);
  const localPostal = withPostal
    ? await createLocalPostal({
        file: join(path, 'postal.json'),
        servers: localMailServers,
        profile: postalProfileSchema.parse(postalProfile),
        timesFaster: 60,
        now: systemClock.now,
        log: (line) => log('postal-host', line),
      })
    : undefined;

  let requestUrl = '';
  const slack = await createLocalSlack({
    ...localPeople,
    file: join(path, 'slack.json'),
    clock: systemClock,
    ...slackSecret,
    deliver: () => ({ commandUrl: requestUrl, interactivityUrl: requestUrl, eventsUrl: requestUrl }),
    commandTable,
    firstSteps: firstSteps({ command: localPeople.command, mailDomain: `mail.${localZone.name}`, samples }),
    machine: createMachine({ samples, hosted: route53.hosted, zone: localZone, alerts: localAlerts }),
    ...(localPostal && { postal: localPostal }),
    page: () => page,
  });
  const { url: pageUrl, apiUrl } = await listenOnFirstFree(choices(ports.page, lastPorts.page), (port) =>
    slack.listen(port),
  );
  parts.defer(() => slack.close());
  const portOf = (name: SmtpSample['name']): number => samples.find((sample) => sample.name === name)?.port ?? 0;
  writePorts(portsFile, {
    page: Number(new URL(pageUrl).port),
    dns: dns.port,
    smtp: portOf('starttls'),
    implicitTls: portOf('implicit-tls'),
  });

  const { front, worker, prober, watch, postal, postalFacts } = parts.use(
    await startFunctions({
      moduleOf,
      createWorker,
      frontConcurrency,
      workersAtOnce,
      log,
      policyFile,
      postalProfileFile,
      slackApiUrl: apiUrl,
      ...ofFunctions,
    }),
  );
  const schedule = setInterval(
    () => void watch.invoke({}).catch((error: unknown) => log('watch', String(error))),
    watchEveryMs,
  );
  parts.defer(() => clearInterval(schedule));

  const routes = {
    [`POST ${requestPath}`]: front,
    'POST /postal/snapshots': postal,
    'POST /postal/webhooks/{proxy+}': postal,
  };
  const httpApi = await startHttpApi({ routes, port: 0, formBodies });
  parts.defer(() => httpApi.close());
  const apiOrigin = `http://127.0.0.1:${httpApi.port}`;
  requestUrl = `${apiOrigin}${requestPath}`;
  await Promise.all([front.warm(), worker.warm(), prober.warm()]);
  const poll = (queueUrl: string, consumer: LambdaFunction, maximumConcurrency: number): void => {
    const eventSource = startEventSource({
      endpoint: sqs.endpoint,
      queueUrl,
      worker: consumer,
      maximumConcurrency,
      onError: (error) => log('event-source', error instanceof Error ? (error.stack ?? error.message) : String(error)),
    });
    parts.defer(() => eventSource.close());
  };
  poll(sqs.queueUrl, worker, workersAtOnce);
  poll(ofFunctions.postalQueueUrl, postalFacts, postalConcurrency.postalFacts);
  localPostal?.start(apiOrigin, installation);
  parts.defer(() => localPostal?.close());

  const running = parts.move();
  const close = (): Promise<void> => running.disposeAsync();
  return {
    pageUrl,
    requestUrl,
    signingSecret: slackSecret.signingSecret,
    dns,
    samples,
    slack,
    route53,
    dynamoDbUrl,
    sqs,
    postal: {
      ...installation,
      snapshotUrl: snapshotUrl(apiOrigin),
      webhookUrl: webhookUrl(apiOrigin, installation, installation.server),
    },
    functions: { slack: front, worker, prober, watch },
    logFile,
    close,
    [Symbol.asyncDispose]: close,
  };
};
