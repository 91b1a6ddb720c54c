import { App, LogLevel } from '@slack/bolt';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { boltLogger } from './bolt-logger.ts';
import type { FrontPorts } from './front-ports.ts';
import { createReceiver, type ReceiverPorts } from './receiver.ts';
import { addRoutes } from './routes.ts';

/** The bot's front: a Bolt app behind a receiver of its own. It verifies a request, understands it, queues it and answers within 3 s. Never rejects. */
export const createFront = (
  ports: FrontPorts & ReceiverPorts,
): ((event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>) => {
  const receiver = createReceiver(ports);
  const app = new App({
    receiver,
    // Bolt compares the two ids with an event's author, so as not to react to its own. It needs no token: it calls nothing.
    authorize: async (_source, body) => {
      const { botId, botUserId } = receiver.incomingOf(body ?? {}).bot;
      return { botId, botUserId };
    },
    attachFunctionToken: false,
    convoStore: false,
    logger: boltLogger(ports.log),
    logLevel: LogLevel.WARN,
  });
  // The receiver knows which request failed, and tells the person.
  app.error((error) => Promise.reject(error));
  addRoutes(app, ports, receiver.incomingOf);
  return receiver.handle;
};
