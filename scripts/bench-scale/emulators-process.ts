import { systemClock } from '../../lib/adapters/system-clock.ts';
import { createLocalDynamoDb } from '../../lib/local/dynamodb/local-dynamodb.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { createLocalRoute53, type LocalRoute53 } from '../../lib/local/route53/local-route53.ts';
import { startSecretsExtension } from '../../lib/local/secrets/secrets-extension.ts';
import { createLocalSlack, type LocalSlack } from '../../lib/local/slack/local-slack.ts';
import { startSqsService } from '../../lib/local/sqs/sqs-service.ts';
import { localPeople, localZone } from '../../lib/local/workspace-seed.ts';
import { monotonicMs, noteOpenRequests } from './open-requests.ts';
import type { Question, Said } from './protocol.ts';

// DynamoDB, SQS, Route 53 and Slack in a process of their own: none of their processor time is the bot's. It ends with the process that started it.

const say = (said: Said): void => void process.send?.(said);

const open = noteOpenRequests();
let slack: LocalSlack | undefined;
let route53: LocalRoute53 | undefined;

const start = async (id: number, { signingSecret, botToken, secrets }: Extract<Question, { kind: 'start' }>) => {
  route53 = createLocalRoute53({ clock: systemClock, zones: [localZone] });
  const sqs = await startSqsService({
    port: 0,
    queueName: 'postal-endpoint-commands',
    visibilityTimeoutSeconds: 100,
    maxReceiveCount: 20,
  });
  // Nobody is asked anything by Slack here: requests to the bot come from the process that measures.
  const nowhere = { commandUrl: '', interactivityUrl: '', eventsUrl: '' };
  slack = await createLocalSlack({
    ...localPeople,
    clock: systemClock,
    signingSecret,
    botToken,
    deliver: () => nowhere,
  });
  const { store } = slack;
  store.subscribe((event) => {
    const atMs = monotonicMs();
    if (event.kind === 'home') {
      const blocks = store.home(event.userId)?.blocks ?? [];
      say({ kind: 'shown', atMs, userId: event.userId, text: JSON.stringify(blocks), blocks });
    }
    if (event.kind === 'message' && event.message.visibleTo !== undefined) {
      const { visibleTo, text, blocks } = event.message;
      say({ kind: 'shown', atMs, userId: visibleTo, text, blocks });
    }
  });
  const extension = await startSecretsExtension({ port: 0, sessionToken: localAws.credentials.sessionToken, secrets });
  const emulators = {
    dynamoDbUrl: (await createLocalDynamoDb().listen()).url,
    route53Url: (await route53.listen()).url,
    sqs: { endpoint: sqs.endpoint, queueUrl: sqs.queueUrl, deadLetterQueueUrl: sqs.deadLetterQueueUrl },
    slackApiUrl: (await slack.listen()).apiUrl,
    secretsPort: extension.port,
  };
  say({ kind: 'started', id, emulators });
};

const answer = async ({ id, question }: { readonly id: number; readonly question: Question }): Promise<void> => {
  switch (question.kind) {
    case 'start':
      return start(id, question);
    case 'record-sets':
      route53?.put(localZone.id, question.recordSets);
      return say({ kind: 'done', id });
    case 'response-url':
      return say({ kind: 'url', id, url: slack?.issueResponseUrl(question.channelId, question.userId) ?? '' });
    case 'open-requests':
      return say({ kind: 'open', id, requests: open.take() });
  }
};

process.on('message', (asked: { readonly id: number; readonly question: Question }) => void answer(asked));
process.once('disconnect', () => process.exit());
