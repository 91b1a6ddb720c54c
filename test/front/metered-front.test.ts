import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { expect, it } from 'vitest';
import { meteredFront } from '../../lib/front/metered-front.ts';
import { recordingMetrics } from '../support/recording-metrics.ts';
import { signedRequest } from '../support/signed-request.ts';

it.each([
  [200, [{ AckTime: 41 }]],
  [401, []],
  [503, []],
])('times an answer with status %i', async (statusCode, expected) => {
  const metrics = recordingMetrics();
  let nowMs = 1000;
  const answer: APIGatewayProxyStructuredResultV2 = { statusCode };
  const front = meteredFront(
    async () => {
      nowMs += 41.2;
      return answer;
    },
    metrics,
    () => nowMs,
  );
  expect(await front(signedRequest(''))).toBe(answer);
  expect(metrics.recorded).toEqual(expected);
});
