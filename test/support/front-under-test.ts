import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Secrets, SlackSecrets } from '../../lib/adapters/aws/secrets.ts';
import { openView } from '../../lib/adapters/slack/open-view.ts';
import { createWebApiCall } from '../../lib/adapters/slack/web-api-call.ts';
import { type CommandQueue, QueueUnavailable } from '../../lib/app/ports/command-queue.ts';
import type { Logger } from '../../lib/app/ports/logger.ts';
import type { QueueMessage } from '../../lib/app/queue/message.ts';
import { parseMessage } from '../../lib/app/queue/parse-message.ts';
import { createFront } from '../../lib/front/front.ts';
import type { CheckInput, FrontPorts } from '../../lib/front/front-ports.ts';
import { readContent } from '../../lib/local/slack/web-api/message-content.ts';
import { createMemoryMessenger, type MemoryMessenger } from './memory-messenger.ts';
import { recordingMetrics } from './recording-metrics.ts';
import { testSigningSecret } from './signed-request.ts';

export const testSecrets: SlackSecrets = {
  signingSecret: testSigningSecret,
  botToken: 'xoxb-test',
  botId: 'B0001',
  botUserId: 'U0BOT',
};

export type LogLine = {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Record<string, unknown>;
};

export const recordingLogger = (): Logger & { readonly lines: readonly LogLine[] } => {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine['level']) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      void lines.push({ level, message, fields });
  return { lines, info: at('info'), warn: at('warn'), error: at('error') };
};

export type FrontUnderTest = {
  readonly handle: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;
  readonly sent: readonly Extract<QueueMessage, { kind: 'command' }>[];
  readonly mentions: readonly Extract<QueueMessage, { kind: 'mention' }>[];
  readonly messenger: MemoryMessenger;
  readonly log: ReturnType<typeof recordingLogger>;
  readonly metrics: ReturnType<typeof recordingMetrics>;
};

/** A front whose queue is in memory and refuses what the worker could not read back. */
export const frontUnderTest = (options: {
  readonly slackApiUrl: string;
  readonly queue?: Pick<CommandQueue, 'send'>;
  readonly secrets?: Secrets;
  readonly rules?: () => Promise<CheckInput>;
  /** Makes examples fit a policy. */
  readonly own?: (text: string) => string;
  readonly now?: () => number;
  readonly openView?: FrontPorts['openView'];
}): FrontUnderTest => {
  const sent: Extract<QueueMessage, { kind: 'command' }>[] = [];
  const mentions: Extract<QueueMessage, { kind: 'mention' }>[] = [];
  const log = recordingLogger();
  const messenger = createMemoryMessenger(() => Date.now(), []);
  const metrics = recordingMetrics();
  const webApi = createWebApiCall({ botToken: async () => testSecrets.botToken, slackApiUrl: options.slackApiUrl });
  let nonces = 0;
  const memoryQueue: Pick<CommandQueue, 'send'> = {
    send: async (message) => {
      const parsed = parseMessage(JSON.stringify(message));
      if (!parsed.ok) throw new QueueUnavailable(parsed.reason);
      if (message.kind === 'command') sent.push(message);
      if (message.kind === 'mention') mentions.push(message);
    },
  };
  const handle = createFront({
    queue: options.queue ?? memoryQueue,
    secrets: options.secrets ?? { read: async () => testSecrets, refresh: async () => testSecrets },
    messenger,
    metrics,
    openView: options.openView ?? ((...asked) => openView(webApi, ...asked)),
    loadExamples: async () => options.own ?? ((text) => text),
    loadRules: options.rules ?? (async () => () => []),
    log,
    newNonce: () => {
      nonces += 1;
      return `nonce-${nonces}`;
    },
    now: options.now ?? (() => Date.now()),
  });
  return { handle, sent, mentions, messenger, log, metrics };
};

/** The text of an ephemeral answer in a response's body, after holding the whole message to Slack's limits. Throws where it is not one. */
export const ephemeralText = (result: APIGatewayProxyStructuredResultV2): string => {
  if (result.statusCode !== 200) throw new Error(`status ${result.statusCode}: ${result.body}`);
  const body: { response_type?: string; text?: string; blocks?: unknown } = JSON.parse(result.body ?? '');
  if (body.response_type !== 'ephemeral' || !body.text) throw new Error(`not ephemeral: ${result.body}`);
  let serial = 0;
  const read = readContent(
    { text: body.text, blocks: body.blocks, blocksGiven: true, metadata: undefined },
    (prefix) => `${prefix}${++serial}`,
  );
  if (!read.ok) throw new Error(`Slack would refuse it: ${JSON.stringify(read.failure)}`);
  return body.text;
};
