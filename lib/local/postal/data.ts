import * as z from 'zod';
import { sslModes } from '../../core/endpoint/definition.ts';

const id = z.int().min(1);
const ms = z.number();

const endpointSchema = z.object({
  id,
  serverId: id,
  name: z.string(),
  hostname: z.string(),
  port: z.int().nullable(),
  sslMode: z.enum(sslModes),
  /** Whether a mail server of this endpoint ever gave a final answer. */
  wasUsed: z.boolean(),
});

const routeSchema = z.object({
  id,
  serverId: id,
  /** Local part, or `*`. */
  name: z.string(),
  mode: z.enum(['Endpoint', 'Reject']),
  endpointId: id.nullable(),
});

/** A message that waits, with its row of the queue. It keeps the endpoint that its route had when it arrived. */
const queuedSchema = z.object({
  id,
  serverId: id,
  routeId: id,
  endpointId: id.nullable(),
  token: z.string(),
  recipient: z.string(),
  atMs: ms,
  attempts: z.int().min(0),
  retryAfterMs: ms.nullable(),
});

const deliverySchema = z.object({
  id,
  messageId: id,
  serverId: id,
  endpointId: id.nullable(),
  recipient: z.string(),
  status: z.enum(['Sent', 'SoftFail', 'HardFail', 'Held', 'Error']),
  details: z.string(),
  output: z.string().nullable(),
  isEncrypted: z.boolean(),
  atMs: ms,
});

/** A request to the webhook of a mail server, until it is answered or given up. */
const webhookSchema = z.object({
  uuid: z.uuid(),
  serverId: id,
  body: z.string(),
  attempts: z.int().min(0),
  retryAfterMs: ms.nullable(),
});

/** What changes in the local Postal, as it is kept over a restart. Times are milliseconds since the epoch. */
export const postalDataSchema = z.object({
  /** The next id of everything. */
  nextId: id,
  endpoints: z.array(endpointSchema),
  routes: z.array(routeSchema),
  queue: z.array(queuedSchema),
  /** In the order in which they were made. */
  deliveries: z.array(deliverySchema),
  webhooks: z.array(webhookSchema),
});

export type Endpoint = Readonly<z.infer<typeof endpointSchema>>;
export type Route = Readonly<z.infer<typeof routeSchema>>;
export type QueuedMessage = Readonly<z.infer<typeof queuedSchema>>;
export type Delivery = Readonly<z.infer<typeof deliverySchema>>;
export type WebhookRequest = Readonly<z.infer<typeof webhookSchema>>;
export type PostalData = {
  readonly nextId: number;
  readonly endpoints: readonly Endpoint[];
  readonly routes: readonly Route[];
  readonly queue: readonly QueuedMessage[];
  readonly deliveries: readonly Delivery[];
  readonly webhooks: readonly WebhookRequest[];
};

/** A mail server of the local Postal: these are given. */
export type MailServer = {
  readonly id: number;
  /** `organization/server`. */
  readonly name: string;
  /** A server in development holds every message. */
  readonly mode: 'Live' | 'Development';
  /** Its only domain. */
  readonly domain: string;
  /** Local part of MAIL FROM. */
  readonly token: string;
};

export const noData: PostalData = { nextId: 1, endpoints: [], routes: [], queue: [], deliveries: [], webhooks: [] };

/** `name@domain`. */
export const addressOf = ({ name, serverId }: Route, servers: readonly MailServer[]): string =>
  `${name}@${servers.find(({ id }) => id === serverId)?.domain ?? ''}`;
