import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { createDynamoDbLedger } from '../../../lib/adapters/aws/dynamodb-ledger.ts';
import { createDynamoDbStateStore } from '../../../lib/adapters/aws/dynamodb-state-store.ts';
import { createLambdaProber } from '../../../lib/adapters/aws/lambda-prober.ts';
import { createRoute53ZoneListing } from '../../../lib/adapters/aws/route53-zone-listing.ts';
import { createRoute53ZoneStore } from '../../../lib/adapters/aws/route53-zone-store.ts';
import { createSqsCommandQueue } from '../../../lib/adapters/aws/sqs-command-queue.ts';
import { createSqsDeadLetters } from '../../../lib/adapters/aws/sqs-dead-letters.ts';
import { createWebApiFileDownload } from '../../../lib/adapters/slack/web-api-file-download.ts';
import { createWebApiFileUpload } from '../../../lib/adapters/slack/web-api-file-upload.ts';
import { createWebApiMessenger } from '../../../lib/adapters/slack/web-api-messenger.ts';
import { createWebApiWitness } from '../../../lib/adapters/slack/web-api-witness.ts';
import type { Messenger } from '../../../lib/app/ports/messenger.ts';
import { cachedUserGroups } from '../../../lib/app/ports/user-groups.ts';
import { probeRequestSchema } from '../../../lib/core/probe-report/report-schema.ts';
import { ensureTables } from '../../../lib/local/dynamodb/ensure-tables.ts';
import { createLocalDynamoDb } from '../../../lib/local/dynamodb/local-dynamodb.ts';
import type { LambdaFunction } from '../../../lib/local/lambda/lambda-function.ts';
import { startLambdaService } from '../../../lib/local/lambda/lambda-service.ts';
import { localAws } from '../../../lib/local/local-aws.ts';
import { createLocalRoute53 } from '../../../lib/local/route53/local-route53.ts';
import { createLocalSlack } from '../../../lib/local/slack/local-slack.ts';
import { localSqsClient, startSqsService } from '../../../lib/local/sqs/sqs-service.ts';
import { examplePolicy, exampleProfile } from '../../core/validation/example-policy.ts';
import { createLogBook } from '../log-book.ts';
import { createManualClock } from '../manual-clock.ts';
import { createMemoryDestinations } from '../memory-destinations.ts';
import { healthyReport, zoneSeed } from '../memory-ports.ts';
import { createMemorySlackApp } from '../memory-slack-app.ts';
import { bareRecordSets } from './bare-record-sets.ts';
import {
  approversChannel,
  auditChannel,
  type Cloud,
  cloudPolicy,
  commandChannel,
  people,
  type Said,
  teamId,
  userIdOf,
} from './cloud.ts';
import { deduplicateOnClock } from './deduplication-window.ts';
import { createSocketFifo } from './socket-fifo.ts';

const botToken = 'xoxb-of-the-cloud';
const workspace = {
  team: { id: teamId, domain: 'corp', name: 'Corp' },
  bot: { appId: 'A0POSTAL', botId: 'B0POSTAL', userId: 'U0POSTAL', name: 'Postal Endpoint' },
  users: people.map((name) => ({ id: userIdOf(name), name, realName: name })),
  channels: [auditChannel, commandChannel, approversChannel].map((id) => ({
    id,
    name: id.toLowerCase(),
    botIsMember: true,
  })),
  userGroups: [],
  command: '/postal-endpoint',
};
const nowhere = {
  commandUrl: 'http://127.0.0.1:1/',
  interactivityUrl: 'http://127.0.0.1:1/',
  eventsUrl: 'http://127.0.0.1:1/',
};

/** The prober behind Lambda's protocol, in this process: what it would find out is not what these tests ask about. */
const proberFunction: LambdaFunction = {
  name: 'prober',
  invoke: async (event) => ({
    kind: 'returned',
    payload: JSON.stringify({ ok: true, report: healthyReport(probeRequestSchema.parse(event)) }),
  }),
  warm: async () => undefined,
  kill: async () => undefined,
  close: async () => undefined,
};

/** Clouds over sockets: one after the other or side by side, each with zone, tables, queues, clock and Slack of its own. */
export interface SocketClouds extends AsyncDisposable {
  open(): Promise<Cloud>;
}

/** Starts the emulators that the clouds share. */
export const openSocketClouds = async (): Promise<SocketClouds> => {
  await using starting = new AsyncDisposableStack();
  const { region, credentials, accountId } = localAws;
  const dynamoDb = createLocalDynamoDb();
  const dynamoDbUrl = (await dynamoDb.listen()).url;
  starting.defer(() => dynamoDb.close());
  const client = starting.adopt(new DynamoDBClient({ endpoint: dynamoDbUrl, region, credentials }), (it) =>
    it.destroy(),
  );
  const service = await startSqsService({
    port: 0,
    queueName: 'unused',
    visibilityTimeoutSeconds: 100,
    maxReceiveCount: 20,
  });
  starting.defer(() => service.close());
  const lambda = await startLambdaService({ functions: [proberFunction], port: 0, onLost: () => undefined });
  starting.defer(() => lambda.close());
  const lambdaClient = starting.adopt(new LambdaClient({ endpoint: lambda.endpoint, region, credentials }), (it) =>
    it.destroy(),
  );
  let serial = 0;

  const open = async (): Promise<Cloud> => {
    await using opening = new AsyncDisposableStack();
    const name = `cloud-${++serial}`;
    const clock = createManualClock(undefined, { skipsSleep: true });
    const tables = { ledger: `${name}-ledger`, state: `${name}-state` };
    await ensureTables(client, tables);
    const route53 = createLocalRoute53({ clock, zones: [zoneSeed] });
    const route53Url = (await route53.listen()).url;
    opening.defer(() => route53.close());
    const sqs = opening.adopt(localSqsClient(service.endpoint), (it) => it.destroy());
    deduplicateOnClock(sqs, clock);
    const queueUrls: string[] = [];
    for (const queue of [name, `${name}-dead-letters`]) {
      await sqs.send(new CreateQueueCommand({ QueueName: `${queue}.fifo`, Attributes: { FifoQueue: 'true' } }));
      queueUrls.push(`${service.endpoint}/${accountId}/${queue}.fifo`);
    }
    const [queueUrl = '', deadLetterQueueUrl = ''] = queueUrls;
    const slack = await createLocalSlack({
      ...workspace,
      clock,
      signingSecret: 'unused',
      botToken,
      deliver: () => nowhere,
    });
    const { apiUrl: slackApiUrl } = await slack.listen();
    opening.defer(() => slack.close());

    const ledger = createDynamoDbLedger({ table: tables.ledger, client });
    const state = createDynamoDbStateStore({ table: tables.state, clock, client });
    const queue = createSqsCommandQueue({ queueUrl, client: sqs });
    const webApi = createWebApiMessenger({ botToken: async () => botToken, slackApiUrl });
    const replies: Said[] = [];
    const messenger: Messenger = {
      ...webApi,
      reply: async (to, message, options, signal) => {
        const told = await webApi.reply(to, message, options, signal);
        if (told.ok)
          replies.push({
            visibleTo: to.userId,
            answers: to.responseUrl,
            replacesOriginal: options.replaceOriginal,
            channelId: to.channelId,
            ...message,
            payload: {},
          });
        return told;
      },
    };
    const { log, logged } = createLogBook();
    const posts = (): readonly Said[] =>
      [auditChannel, commandChannel, approversChannel].flatMap((channelId) =>
        slack.store
          .messages(channelId)
          .filter(({ visibleTo, author }) => visibleTo === undefined && author === workspace.bot.userId)
          .map(({ text, blocks, metadata }) => ({ channelId, text, blocks, payload: metadata?.event_payload ?? {} })),
      );
    const opened = opening.move();
    return {
      clock,
      ports: {
        clock,
        ledger,
        state,
        zones: createRoute53ZoneStore({
          clientConfig: { endpoint: route53Url, region, credentials },
          clock,
          random: () => 0,
        }),
        zoneListing: createRoute53ZoneListing({ clientConfig: { endpoint: route53Url, region, credentials } }),
        prober: createLambdaProber(proberFunction.name, lambdaClient),
        batchProber: createLambdaProber(proberFunction.name, lambdaClient),
        messenger,
        files: createWebApiFileUpload({ botToken: async () => botToken, slackApiUrl, clock }),
        givenFiles: createWebApiFileDownload({ botToken: async () => botToken, slackApiUrl }),
        charts: { png: async (svg) => Buffer.from(svg) },
        witness: createWebApiWitness({ botToken: async () => botToken, slackApiUrl, clock }),
        slackApp: createMemorySlackApp(clock),
        destinations: createMemoryDestinations(),
        queue,
        policy: examplePolicy(cloudPolicy),
        userGroups: cachedUserGroups({ members: async () => undefined }, clock),
        profile: exampleProfile(),
        log,
        random: () => 0.5,
      },
      watchPorts: {
        clock,
        ledger,
        state,
        queue,
        log,
        deadLetters: createSqsDeadLetters({ queueUrl: deadLetterQueueUrl, client: sqs }),
      },
      source: createSocketFifo({ client: sqs, queueUrl, deadLetterQueueUrl, clock }),
      zone: async () => bareRecordSets(route53.zones),
      said: () => [...replies, ...posts()],
      responseUrl: (channelId, userId) => slack.issueResponseUrl(channelId, userId),
      logged,
      [Symbol.asyncDispose]: () => opened.disposeAsync(),
    };
  };
  const started = starting.move();
  return { open, [Symbol.asyncDispose]: () => started.disposeAsync() };
};
