import type { Prediction } from '../../core/postal/prediction.ts';
import { internalError } from '../../core/postal/strings.ts';
import type { Delivery, Endpoint, MailServer, PostalData, QueuedMessage } from './data.ts';
import { maximumAttempts, type Pace } from './pace.ts';

/** Messages that Postal takes from its queue at once: all of one route and endpoint. */
const batchAtMost = 100;
/** More is not kept: enough for what a person tries out. */
const deliveriesAtMost = 1000;
/** Characters of Postal's columns. */
const longestText = 250;

/** When a message is taken from the queue; 0: at once. */
export const dueMs = ({ retryAfterMs }: QueuedMessage, { pickUpMs }: Pace): number =>
  retryAfterMs === null ? 0 : retryAfterMs + pickUpMs;

/** Messages that are due, of one route and endpoint, without those that a worker has; none where nothing is due. */
export const nextBatch = (
  { queue }: PostalData,
  locked: ReadonlySet<number>,
  pace: Pace,
  nowMs: number,
): readonly QueuedMessage[] => {
  const due = queue.filter((message) => !locked.has(message.id) && dueMs(message, pace) <= nowMs);
  const [first] = due.toSorted((one, other) => dueMs(one, pace) - dueMs(other, pace));
  return due
    .filter(({ routeId, endpointId }) => routeId === first?.routeId && endpointId === first.endpointId)
    .slice(0, batchAtMost);
};

/** When the next message is due that no worker has. */
export const nextDueMs = ({ queue }: PostalData, locked: ReadonlySet<number>, pace: Pace): number | undefined => {
  const times = queue.filter(({ id }) => !locked.has(id)).map((message) => dueMs(message, pace));
  return times.length === 0 ? undefined : Math.min(...times);
};

/** What an attempt came to. */
export type Attempt = Pick<Delivery, 'status' | 'details' | 'output' | 'isEncrypted'> & {
  /** Seconds that the mail server asked for; null: by Postal's schedule. Absent: it is not tried again. */
  readonly retryAfterSeconds?: number | null;
  /** How Postal tells of the bounce that it sends; absent: none is sent. */
  readonly bounce?: 'Sent bounce message to sender' | 'Bounce sent to sender' | 'See message';
  /** Whether a mail server answered for good. */
  readonly usesEndpoint?: boolean;
  /** There was no way in: the rest of the batch fails in the same way, untried. */
  readonly isConnectError?: boolean;
};

const settled = (status: 'HardFail' | 'Held', details: string, bounce?: Attempt['bounce']): Attempt => ({
  status,
  details,
  output: null,
  isEncrypted: false,
  ...(bounce && { bounce }),
});

/**
 * What Postal does with a message, in its order, before it thinks of a session; else the endpoint to send it to.
 *
 * | what holds | delivery | bounce |
 * | --- | --- | --- |
 * | 18 attempts were made | HardFail | yes |
 * | the mail server is in development | Held | |
 * | the route was deleted | HardFail | no |
 * | the route rejects, since its endpoint was deleted | HardFail | yes |
 * | the message's endpoint was deleted | HardFail | no |
 */
export const beforeSending = (
  { routes, endpoints }: PostalData,
  servers: readonly MailServer[],
  message: QueuedMessage,
): Attempt | Endpoint => {
  if (message.attempts >= maximumAttempts) {
    const details = `Maximum number of delivery attempts (${message.attempts}) has been reached.`;
    return settled('HardFail', details, 'Bounce sent to sender');
  }
  if (servers.find(({ id }) => id === message.serverId)?.mode === 'Development')
    return settled('Held', 'Server is in development mode.');
  const route = routes.find(({ id }) => id === message.routeId);
  if (route === undefined)
    return settled('HardFail', 'Message does not have a route and/or endpoint available for delivery.');
  if (route.mode === 'Reject')
    return settled('HardFail', 'Message has been bounced because the route asks for this.', 'See message');
  return endpoints.find(({ id }) => id === message.endpointId) ?? settled('HardFail', 'Invalid endpoint for route.');
};

/** What a session came to, as Postal writes it down. */
export const attemptOf = (session: Prediction): Attempt => {
  const { result, details, output, wireSecurity, entry, willRetry, retryAfterSeconds, bouncesToSender } = session;
  if (result === null)
    return {
      status: 'Error',
      details: internalError,
      output: session.inconclusive?.message ?? null,
      isEncrypted: false,
      retryAfterSeconds: null,
    };
  return {
    status: result,
    details,
    output: output.trim() === '' ? null : output.trim(),
    isEncrypted: (wireSecurity ?? entry?.security) === 'tls',
    usesEndpoint: result === 'Sent' || result === 'HardFail',
    isConnectError: session.class === 'no_hosts' || session.class === 'connect_fail',
    ...(willRetry && { retryAfterSeconds }),
    ...(bouncesToSender && { bounce: 'Sent bounce message to sender' }),
  };
};

/** `…: see message <msg:12>`, with the number that the bounce gets. */
const withBounce = (details: string, bounce: Attempt['bounce'], messageId: number): string => {
  if (bounce === undefined) return details;
  const sentence = details.endsWith('.') ? details : `${details}.`;
  const message = `<msg:${messageId}>`;
  return bounce === 'See message'
    ? `${sentence} See message ${message}`
    : `${sentence} ${bounce} (see message ${message})`;
};

/** Writes an attempt down: its delivery, and the message put off or taken out of the queue. A bounce takes a number, and is sent nowhere from here. */
export const afterAttempt = (
  data: PostalData,
  message: QueuedMessage,
  attempt: Attempt,
  pace: Pace,
  nowMs: number,
): { readonly data: PostalData; readonly delivery: Delivery } => {
  const { status, output, isEncrypted, bounce, usesEndpoint = false, retryAfterSeconds } = attempt;
  const delivery: Delivery = {
    id: data.nextId,
    messageId: message.id,
    serverId: message.serverId,
    endpointId: message.endpointId,
    recipient: message.recipient,
    status,
    details: withBounce(attempt.details, bounce, data.nextId + 1).slice(0, longestText),
    output: output === null ? null : output.slice(0, longestText),
    isEncrypted,
    atMs: nowMs,
  };
  const queue =
    retryAfterSeconds === undefined
      ? data.queue.filter(({ id }) => id !== message.id)
      : data.queue.map((each) =>
          each.id === message.id
            ? {
                ...each,
                attempts: message.attempts + 1,
                retryAfterMs: nowMs + pace.retryMs(message.attempts, retryAfterSeconds),
              }
            : each,
        );
  return {
    delivery,
    data: {
      ...data,
      nextId: data.nextId + (bounce === undefined ? 1 : 2),
      endpoints: usesEndpoint
        ? data.endpoints.map((each) => (each.id === message.endpointId ? { ...each, wasUsed: true } : each))
        : data.endpoints,
      queue,
      deliveries: [...data.deliveries, delivery].slice(-deliveriesAtMost),
    },
  };
};
