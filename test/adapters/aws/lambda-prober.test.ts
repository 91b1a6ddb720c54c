import { createServer, type Server, type ServerResponse } from 'node:http';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { createLambdaProber } from '../../../lib/adapters/aws/lambda-prober.ts';
import type { ProbeRequest, ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { closedPort } from '../../support/smtp-script.ts';

const request: ProbeRequest = {
  requestId: 'request-1',
  hostname: 'mail.example.test',
  port: 25,
  sslMode: 'Auto',
  recordTypes: ['A'],
  deadlineMs: 40_000,
};

const answer: ProbeResult = {
  ok: true,
  report: {
    requestId: 'request-1',
    hostname: 'mail.example.test',
    port: 25,
    sslMode: 'Auto',
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 12.5,
    seenFrom: '10.0.1.7',
    resolution: {
      answers: [
        {
          nameserver: '10.0.0.2',
          type: 'A',
          transport: 'udp',
          rcode: 'NOERROR',
          records: [{ name: 'mail.example.test', type: 'A', ttlSeconds: 60, data: '10.0.4.12' }],
          durationMs: 1,
        },
      ],
      cnameChain: [],
      addresses: ['10.0.4.12'],
    },
    addresses: [
      {
        ip: '10.0.4.12',
        port: 25,
        stages: [
          { stage: 'connect', status: 'passed', durationMs: 1 },
          {
            stage: 'banner',
            status: 'failed',
            reason: 'rejected-permanently',
            reply: { code: 554, lines: ['554 5.7.1 no'], enhancedStatus: '5.7.1' },
            durationMs: 2,
          },
        ],
        banner: '554 5.7.1 no',
        capabilities: [],
      },
    ],
  },
};

type Invocation = { readonly url: string | undefined; readonly payload: unknown };
type Respond = (response: ServerResponse) => void;

/** Lambda's Invoke, as far as a client sees it. */
const startLambda = async (
  respond: Respond,
): Promise<AsyncDisposable & { readonly endpoint: string; readonly invocations: readonly Invocation[] }> => {
  const invocations: Invocation[] = [];
  const server: Server = createServer((incoming, response) => {
    let body = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => {
      body += chunk;
    });
    incoming.on('end', () => {
      invocations.push({ url: incoming.url, payload: JSON.parse(body) });
      respond(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    invocations,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const clientTo = (endpoint: string): LambdaClient =>
  new LambdaClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });

const never = new AbortController().signal;

const probeWith = async (respond: Respond, asked: ProbeRequest = request, signal = never) => {
  await using lambda = await startLambda(respond);
  const result = await createLambdaProber('prober', clientTo(lambda.endpoint)).probe(asked, signal);
  return { result, invocations: [...lambda.invocations] };
};

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Respond =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

describe('many probes at once', () => {
  const second = { ...request, requestId: 'request-2' };
  const probeMany = async (respond: Respond) => {
    await using lambda = await startLambda(respond);
    const results = await createLambdaProber('prober', clientTo(lambda.endpoint)).probeMany([request, second], never);
    return { results, invocations: [...lambda.invocations] };
  };

  it('are one invocation, with a result each', async () => {
    const busy: ProbeResult = { ok: false, failure: { kind: 'timeout', message: 'no time' } };
    const { results, invocations } = await probeMany(json(200, [answer, busy]));
    expect(results).toEqual([answer, busy]);
    expect(invocations).toMatchObject([{ payload: { batch: [request, second] } }]);
  });

  it.each<[string, Respond, string]>([
    ['throttled', json(429, { Reason: 'x' }, { 'x-amzn-errortype': 'TooManyRequestsException' }), 'busy'],
    ['refused as a whole', json(200, { ok: false, failure: { kind: 'refused', message: 'no' } }), 'refused'],
    ['answered by an older prober', json(200, 'what?'), 'unavailable'],
  ])('fail together when they are %s', async (_name, respond, kind) => {
    const { results } = await probeMany(respond);
    expect(results.map((result) => (result.ok ? 'ok' : result.failure.kind))).toEqual([kind, kind]);
  });

  it('say so where one is missing', async () => {
    const { results } = await probeMany(json(200, [answer]));
    expect(results).toMatchObject([
      { ok: true },
      { ok: false, failure: { kind: 'unavailable', message: expect.stringContaining('left this one out') } },
    ]);
  });
});

describe('createLambdaProber', () => {
  it('invokes the function once with the request and gives back its answer', async () => {
    const { result, invocations } = await probeWith(json(200, answer));
    expect(result).toEqual(answer);
    expect(invocations).toEqual([{ url: '/2015-03-31/functions/prober/invocations', payload: request }]);
  });

  it("gives back the prober's own refusal", async () => {
    const refused: ProbeResult = {
      ok: false,
      failure: { kind: 'refused', message: 'Port 23 is not one that policy allows.' },
    };
    expect((await probeWith(json(200, refused))).result).toEqual(refused);
  });

  it.each<[string, Respond, string, RegExp]>([
    [
      'throttling',
      json(429, { Reason: 'ConcurrentInvocationLimitExceeded' }, { 'x-amzn-errortype': 'TooManyRequestsException' }),
      'busy',
      /busy.*again in a minute/,
    ],
    [
      'no such function',
      json(404, { Message: 'x' }, { 'x-amzn-errortype': 'ResourceNotFoundException' }),
      'unavailable',
      /no function prober/,
    ],
    [
      'no permission',
      json(403, { Message: 'x' }, { 'x-amzn-errortype': 'AccessDeniedException' }),
      'unavailable',
      /lambda:InvokeFunction/,
    ],
    [
      'an outage',
      json(500, { Message: 'sorry' }, { 'x-amzn-errortype': 'ServiceException' }),
      'unavailable',
      /ServiceException: sorry/,
    ],
    [
      'an outage that is not even JSON',
      (response) => void response.writeHead(502).end('<html>'),
      'unavailable',
      /could not/,
    ],
    [
      'a function that threw',
      json(200, { errorType: 'TypeError', errorMessage: 'x is undefined' }, { 'x-amz-function-error': 'Unhandled' }),
      'unavailable',
      /x is undefined/,
    ],
    [
      'a function error that is no error',
      json(200, 'what', { 'x-amz-function-error': 'Unhandled' }),
      'unavailable',
      /no reason given/,
    ],
    [
      'a function that ran out of time',
      json(
        200,
        { errorType: 'Sandbox.Timedout', errorMessage: 'RequestId: x Error: Task timed out after 45.00 seconds' },
        { 'x-amz-function-error': 'Unhandled' },
      ),
      'timeout',
      /timed out after 45/,
    ],
    [
      'an answer of another version',
      json(200, { ok: true, report: { requestId: 'x' } }),
      'unavailable',
      /not understood \(report\..*Deploy both/,
    ],
    ['no answer', (response) => void response.writeHead(200).end(), 'unavailable', /not understood/],
    ['a lost connection', (response) => void response.socket?.destroy(), 'unavailable', /could not be reached/],
  ])('turns %s into a sentence for a person, and asks no second time', async (_name, respond, kind, message) => {
    const { result, invocations } = await probeWith(respond);
    expect(result).toEqual({ ok: false, failure: { kind, message: expect.stringMatching(message) } });
    expect(invocations).toHaveLength(1);
  });

  it('turns an endpoint that is not there into a sentence', async () => {
    const result = await createLambdaProber('prober', clientTo(`http://127.0.0.1:${await closedPort()}`)).probe(
      request,
      never,
    );
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'unavailable', message: expect.stringContaining('ECONNREFUSED') },
    });
  });

  it('gives up when its caller does', async () => {
    const deadline = new AbortController();
    const { result } = await probeWith(() => deadline.abort(), request, deadline.signal);
    expect(result).toMatchObject({
      ok: false,
      failure: { kind: 'timeout', message: expect.stringContaining('did not answer within') },
    });
  });
});
