import type { IncomingMessage, ServerResponse } from 'node:http';
import { localAws } from '../local-aws.ts';
import { type LoopbackServer, readBody, serveHttp } from '../loopback-server.ts';
import type { LambdaFunction } from './lambda-function.ts';

/** Lambda's limit on a synchronous request, https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const requestLimitBytes = 6_291_456;
const invocationPath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** Lambda's Invoke API on loopback: what `AWS_ENDPOINT_URL_LAMBDA` points to. */
export interface LambdaService extends LoopbackServer {
  /** `http://127.0.0.1:<port>`. */
  readonly endpoint: string;
}

export type LambdaServiceOptions = {
  readonly functions: readonly LambdaFunction[];
  /** 0 lets the system choose. */
  readonly port: number;
  /** Hears of asynchronous invocations that came to nothing, which nobody waits for. */
  readonly onLost: (functionName: string, reason: string) => void;
};

type Refusal = { readonly status: number; readonly code: string; readonly message: string };

const refuse = (response: ServerResponse, { status, code, message }: Refusal): void => {
  response
    .writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': code })
    .end(JSON.stringify({ Type: 'User', message }));
};

/** Accepts a name or an ARN, either with `:$LATEST`. */
const nameOf = (segment: string): string => {
  const identifier = decodeURIComponent(segment).replace(/:\$LATEST$/, '');
  return identifier.startsWith('arn:') ? (identifier.split(':').at(6) ?? identifier) : identifier;
};

const parseJson = (
  text: string,
): { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reason: string } => {
  try {
    return { ok: true, value: text === '' ? {} : JSON.parse(text) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
};

const invokeAndAnswer = async (lambda: LambdaFunction, event: unknown, response: ServerResponse): Promise<void> => {
  const invocation = await lambda.invoke(event);
  switch (invocation.kind) {
    case 'throttled':
      return refuse(response, { status: 429, code: 'TooManyRequestsException', message: 'Rate Exceeded.' });
    case 'failed':
      response.setHeader('x-amz-function-error', 'Unhandled');
      break;
    case 'returned':
      break;
  }
  response
    .writeHead(200, { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' })
    .end(invocation.payload);
};

const invokeUnattended = async (
  lambda: LambdaFunction,
  event: unknown,
  onLost: LambdaServiceOptions['onLost'],
): Promise<void> => {
  const invocation = await lambda.invoke(event);
  if (invocation.kind !== 'returned')
    onLost(lambda.name, invocation.kind === 'failed' ? invocation.payload : 'throttled');
};

/** Serves `Invoke` (RequestResponse, Event and DryRun) for the functions given. An Event invocation is tried once. */
export const startLambdaService = async ({ functions, port, onLost }: LambdaServiceOptions): Promise<LambdaService> => {
  const byName = new Map(functions.map((lambda) => [lambda.name, lambda]));

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const segment = invocationPath.exec((request.url ?? '').split('?')[0] ?? '')?.[1];
    if (request.method !== 'POST' || segment === undefined) {
      return refuse(response, {
        status: 404,
        code: 'UnknownOperationException',
        message: 'Only Invoke is served here.',
      });
    }
    const name = nameOf(segment);
    const lambda = byName.get(name);
    if (!lambda) {
      const message = `Function not found: ${localAws.functionArn(name)}`;
      return refuse(response, { status: 404, code: 'ResourceNotFoundException', message });
    }
    const body = await readBody(request, requestLimitBytes);
    if (body === 'too-large') {
      const message = `Request must be smaller than ${requestLimitBytes} bytes for the InvokeFunction operation`;
      response.setHeader('connection', 'close');
      return refuse(response, { status: 413, code: 'RequestTooLargeException', message });
    }
    const event = parseJson(body.toString('utf8'));
    if (!event.ok) {
      const message = `Could not parse request body into json: ${event.reason}`;
      return refuse(response, { status: 400, code: 'InvalidRequestContentException', message });
    }
    switch (request.headers['x-amz-invocation-type'] ?? 'RequestResponse') {
      case 'RequestResponse':
        return invokeAndAnswer(lambda, event.value, response);
      case 'Event':
        response.writeHead(202).end();
        return invokeUnattended(lambda, event.value, onLost);
      case 'DryRun':
        response.writeHead(204).end();
        return;
      default:
        return refuse(response, {
          status: 400,
          code: 'InvalidParameterValueException',
          message: 'Unknown invocation type.',
        });
    }
  };

  const server = await serveHttp((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) return onLost('Invoke', String(error));
      refuse(response, { status: 500, code: 'ServiceException', message: String(error) });
    });
  }, port);
  return { ...server, endpoint: `http://127.0.0.1:${server.port}` };
};
