import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { plainAnswer } from './answer.ts';
import type { PostalPorts } from './postal-ports.ts';
import { receiveWebhook } from './receive-webhook.ts';

const route = async (ports: PostalPorts, event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
  if (event.requestContext.http.method !== 'POST') return plainAnswer(405, 'method: use POST');
  if (event.rawPath === '/postal/snapshots') return (await import('./receive-report.ts')).receiveReport(ports, event);
  if (event.rawPath.startsWith('/postal/webhooks/')) return receiveWebhook(ports, event);
  return plainAnswer(404, 'path: not served');
};

/** Answers what Postal's hosts send: webhooks and reports. Never rejects; what could not be queued is answered 503, so that it is sent again. */
export const createPostalFront =
  (ports: PostalPorts) =>
  async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      return await route(ports, event);
    } catch (error) {
      ports.log.error('A request of Postal was not taken', { error });
      return plainAnswer(503, 'not taken; send it again');
    }
  };
