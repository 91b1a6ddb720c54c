import * as z from 'zod';
import { severities } from './severity.ts';

/** Names a key in the secret and appears in queue messages. */
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'a name such as pagerduty: lower case, at most 31 characters')
  .describe('Its name, by which the secret has its key.');
const ofSeverities = z
  .array(z.enum(severities))
  .min(1)
  .default([...severities])
  .describe(
    'Severities of the incidents that are sent there; an incident that was sent is also acknowledged and resolved there.',
  );

/** Where incidents are sent besides Slack; `watch.destinations` in policy.json. */
export const destinationSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sns'),
    name,
    topicArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?$/, 'the ARN of an SNS topic'),
    form: z.enum(['text', 'json']).default('text'),
    severities: ofSeverities,
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    name,
    url: z.url({ protocol: /^https$/, error: 'a URL that begins with https://' }),
    form: z.enum(['pagerduty', 'json']).default('json').describe('`pagerduty`: Events API v2; `json`: signed by HMAC.'),
    ranges: z
      .array(z.string().min(1))
      .default([])
      .describe('Private ranges that its host may lie in; without them only public addresses are connected to.'),
    severities: ofSeverities,
  }),
]);
export type Destination = z.output<typeof destinationSchema>;
export type SnsDestination = Extract<Destination, { kind: 'sns' }>;
export type WebhookDestination = Extract<Destination, { kind: 'webhook' }>;
