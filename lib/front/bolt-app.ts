import { AsyncLocalStorage } from 'node:async_hooks';
import { App, AwsLambdaReceiver, type Logger as BoltLogger, LogLevel, webApi } from '@slack/bolt';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { SlackSecrets } from '../adapters/aws/secrets.ts';
import { type Logger, withFields } from '../app/ports/logger.ts';
import { answerButton, answerCommand, answerForm, answerHome, answerShortcut } from './answers.ts';
import { type FrontPorts, frontDeadlines, type Incoming, type IncomingOf, type OpenView } from './front-ports.ts';

/** Bolt's notes go where ours go, its debugging nowhere: that holds what people wrote. */
const boltLogger = (log: Logger): BoltLogger => {
  const text = (first: unknown): string => (first instanceof Error ? first.name : String(first).slice(0, 200));
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (first) => log.warn('Bolt', { note: text(first) }),
    error: (first) => log.error('Bolt', first instanceof Error ? { error: first } : { note: text(first) }),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
};

const expiredTriggers = new Set([
  'expired_trigger_id',
  'trigger_expired',
  'trigger_exchanged',
  'exchanged_trigger_id',
  'invalid_trigger_id',
]);

const viewOpener =
  (client: webApi.WebClient, log: Logger): OpenView =>
  async (triggerId, view) => {
    try {
      await client.views.open({ trigger_id: triggerId, view });
      return 'opened';
    } catch (error) {
      const code = error instanceof webApi.WebAPIPlatformError ? error.data.error : undefined;
      log.warn('views.open failed', { code: code ?? (error instanceof Error ? error.name : 'unknown') });
      return code !== undefined && expiredTriggers.has(code) ? 'expired' : 'unavailable';
    }
  };

const isOf = <Kind extends Incoming['request']['kind']>(incoming: Incoming, kind: Kind): incoming is IncomingOf<Kind> =>
  incoming.request.kind === kind;

/** Hands a verified request to Bolt, which routes it to its answer. Resolves to Bolt's response, 404 or 500 included. */
export type BoltHandler = (
  event: APIGatewayProxyEventV2,
  incoming: Incoming,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** A Bolt app for one set of secrets. Given token and both bot ids it asks Slack nothing at its start. */
export const createBoltHandler = (secrets: SlackSecrets, slackApiUrl: string, given: FrontPorts): BoltHandler => {
  // Bolt parses the body anew and knows neither our request, nor its id, nor its deadline.
  const current = new AsyncLocalStorage<Incoming>();
  const ports = { ...given, log: withFields(given.log, () => ({ requestId: current.getStore()?.requestId })) };
  const logger = boltLogger(ports.log);
  const receiver = new AwsLambdaReceiver({ signingSecret: secrets.signingSecret, logger });
  const app = new App({
    receiver,
    token: secrets.botToken,
    botId: secrets.botId,
    botUserId: secrets.botUserId,
    logger,
    logLevel: LogLevel.WARN,
    convoStore: false,
    clientOptions: {
      slackApiUrl,
      allowAbsoluteUrls: false,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: frontDeadlines.openViewMs,
      fetch: (url, init) => {
        const signals = [init?.signal, current.getStore()?.signal].filter((signal) => signal !== undefined);
        return fetch(url, { ...init, signal: AbortSignal.any(signals) });
      },
    },
  });

  const incomingOf = <Kind extends Incoming['request']['kind']>(kind: Kind): IncomingOf<Kind> => {
    const incoming = current.getStore();
    if (incoming && isOf(incoming, kind)) return incoming;
    throw new Error(`Bolt took a ${incoming?.request.kind ?? 'request of nobody'} for a ${kind}`);
  };

  app.command(/^/, async ({ ack, client }) => {
    const message = await answerCommand(ports, incomingOf('command'), viewOpener(client, ports.log));
    await ack(message && { response_type: 'ephemeral', text: message.text, blocks: [...message.blocks] });
  });
  app.action(/^/, async ({ ack, client }) => {
    await ack();
    await answerButton(ports, incomingOf('button'), viewOpener(client, ports.log));
  });
  app.view({ callback_id: /^/, type: 'view_submission' }, async ({ ack }) =>
    ack(await answerForm(ports, incomingOf('form'))),
  );
  app.view({ callback_id: /^/, type: 'view_closed' }, ({ ack }) => ack());
  app.shortcut(/^/, async ({ ack, client }) => {
    await ack();
    await answerShortcut(ports, incomingOf('shortcut'), viewOpener(client, ports.log));
  });
  app.event('app_home_opened', () => answerHome(ports, incomingOf('home')));

  const handler = receiver.toHandler();
  return (event, incoming) => current.run(incoming, () => handler(event, undefined));
};
