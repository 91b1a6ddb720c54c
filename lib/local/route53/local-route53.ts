import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../core/base/clock.ts';
import { loadData, saveData } from './data-file.ts';
import { FaultQueue, type Faults } from './faults.ts';
import { createHostedZones, type HostedZones, type ZonesView } from './hosted-zones.ts';
import { perform, type RoutedRequest, route } from './operations.ts';
import { readBody } from './read-body.ts';
import { faultyAnswer, withoutAuthority } from './refusals.ts';
import { errorAnswer, type HttpAnswer, legacyBatchErrorAnswer } from './responses.ts';
import type { ServiceError, ServiceResult } from './service-error.ts';
import type { ZoneSeed } from './zone.ts';

export type LocalRoute53Options = {
  readonly clock: Pick<Clock, 'now'>;
  /** Zones to begin with; one that the file already holds stays as it is there. */
  readonly zones: readonly ZoneSeed[];
  /** JSON file that keeps everything over a restart; absent: memory only. */
  readonly file?: string;
  /** How long a change stays PENDING, on the clock. */
  readonly insyncDelayMs?: number;
};

/** A strict Route 53 on loopback that speaks the real REST-XML protocol. */
export interface LocalRoute53 {
  /** Listens on 127.0.0.1; port 0, the default, lets the system choose. */
  listen(port?: number): Promise<{ readonly url: string }>;
  close(): Promise<void>;
  /** What the DNS server answers from. */
  readonly zones: ZonesView;
  /** Puts record sets into a zone past the API, as another tool's doing: also kinds that the API here does not take. */
  put: HostedZones['put'];
  /** The zones without the protocol: what another tool with rights of its own would see and do. */
  readonly hosted: Pick<HostedZones, 'get' | 'change' | 'subscribe'>;
  readonly faults: Faults;
}

const send = (response: ServerResponse, answer: HttpAnswer, requestId: string, dateMs: number): void => {
  response.writeHead(answer.statusCode, {
    ...answer.headers,
    'Content-Type': 'text/xml',
    'Content-Length': Buffer.byteLength(answer.body),
    'x-amzn-RequestId': requestId,
    Date: new Date(dateMs).toUTCString(),
  });
  response.end(answer.body);
};

const toAnswer = (
  result: ServiceResult<HttpAnswer>,
  requestId: string,
  toError: (error: ServiceError, requestId: string) => HttpAnswer,
): HttpAnswer => (result.ok ? result.value : toError(result.error, requestId));

const routed = (request: IncomingMessage, body: string): RoutedRequest | undefined => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const found = route(request.method ?? '', url.pathname);
  return found === undefined ? undefined : { ...found, query: url.searchParams, body };
};

const createHandler = (zones: HostedZones, queue: FaultQueue) => {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const requestId = randomUUID();
    const nowMs = Date.now() + queue.skewMs;
    const reply = (answer: HttpAnswer) => send(response, answer, requestId, nowMs);
    const refuse = (statusCode: number, code: string, message: string) =>
      reply(errorAnswer({ statusCode, code, messages: [message] }, requestId));

    if (body === undefined) return refuse(413, 'RequestEntityTooLarge', 'The body is over 1 MiB');
    const unauthorised = withoutAuthority(request.headers, nowMs);
    if (unauthorised !== undefined) return reply(errorAnswer(unauthorised, requestId));
    const wanted = routed(request, body);
    if (wanted === undefined)
      return refuse(404, 'UnknownOperationException', `The local Route 53 has no ${request.method} ${request.url}`);

    const fault = queue.take(wanted.operation);
    switch (fault?.kind) {
      case 'no-answer':
        return;
      case 'reset-before':
        return void request.socket.resetAndDestroy();
      case 'lands-late':
        queue.hold(() => void perform(zones, wanted));
        return void request.socket.resetAndDestroy();
      case 'response-lost':
        perform(zones, wanted);
        return void request.socket.resetAndDestroy();
      case 'throttle':
      case 'prior-request-not-complete':
      case 'access-denied':
      case 'server-error':
        return reply(errorAnswer(faultyAnswer(fault, wanted), requestId));
      case 'legacy-error-body':
      case undefined:
        return reply(
          toAnswer(perform(zones, wanted), requestId, fault === undefined ? errorAnswer : legacyBatchErrorAnswer),
        );
    }
  };

  return (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch((cause: unknown) => {
      if (response.headersSent) return void request.socket.destroy();
      const message = cause instanceof Error ? cause.message : String(cause);
      send(
        response,
        errorAnswer({ statusCode: 500, code: 'InternalFailure', messages: [message] }, 'none'),
        'none',
        Date.now(),
      );
    });
  };
};

/** Makes a local Route 53. Throws `DataFileInvalid` when `file` holds something else. */
export const createLocalRoute53 = ({
  clock,
  zones: seeds,
  file,
  insyncDelayMs = 0,
}: LocalRoute53Options): LocalRoute53 => {
  const zones = createHostedZones({
    clock,
    insyncDelayMs,
    seeds,
    ...(file === undefined ? {} : { data: loadData(file), save: (data) => saveData(file, data) }),
  });
  const queue = new FaultQueue();
  const server = createServer(createHandler(zones, queue));

  return {
    zones: { served: zones.served },
    put: zones.put,
    hosted: zones,
    faults: {
      next: (fault, scope = {}) => queue.add(fault, scope.operation, scope.times ?? 1),
      landLate: () => queue.release(),
      skewClock: (aheadMs) => {
        queue.skewMs = aheadMs;
      },
      holdPending: zones.holdPending,
      protect: zones.protect,
      clear: () => {
        queue.clear();
        zones.holdPending(false);
      },
    },
    listen: async (port = 0) => {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, '127.0.0.1', () => {
          server.off('error', reject);
          resolve();
        });
      });
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    },
    close: async () => {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
};
