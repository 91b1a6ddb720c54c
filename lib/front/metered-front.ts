import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Metrics } from '../adapters/metrics.ts';

type Front = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** A front whose answers to Slack are timed. What was turned away is not Slack's, and would only make the times look better. */
export const meteredFront =
  (front: Front, metrics: Metrics, now: () => number): Front =>
  async (event) => {
    const startedMs = now();
    const result = await front(event);
    if (result.statusCode === 200) metrics.record({ AckTime: Math.round(now() - startedMs) });
    return result;
  };
