import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { publishToSns } from '../../../lib/adapters/destinations/sns.ts';
import type { IncidentEvent } from '../../../lib/messages/watch/incident-event.ts';

const { signal } = new AbortController();
const topicArn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret', sessionToken: 'token' };

const event: IncidentEvent = {
  version: 1,
  id: 'endpoint-a-1/opened',
  incident: 'endpoint-a-1',
  event: 'opened',
  severity: 'down',
  title: `a.mail.test is down — ${'x'.repeat(200)}`,
  text: 'Postal will not get in.',
  cause: 'single',
  hostnames: ['a.mail.test'],
  hostnameCount: 3,
  at: '2026-03-02T14:02:00.000Z',
  openedAt: '2026-03-02T14:00:00.000Z',
};

/** A topic that answers this; what it was sent. */
const topic = async (status = 200, body = '<PublishResponse/>') => {
  const received: { readonly headers: NodeJS.Dict<string | string[]>; readonly form: URLSearchParams }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers, form: new URLSearchParams(Buffer.concat(chunks).toString('utf8')) });
      response.writeHead(status).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    received,
    publish: (form: 'text' | 'json', arn = topicArn) =>
      publishToSns(
        { credentials, now: () => Date.parse(event.at), endpointUrl: `http://127.0.0.1:${port}/` },
        { kind: 'sns', name: 'on-call', topicArn: arn, form, severities: ['down'] },
        event,
        signal,
      ),
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

describe('a topic of SNS', () => {
  it('gets text with a subject that SNS takes, signed for its region', async () => {
    await using sns = await topic();
    expect(await sns.publish('text')).toEqual({ ok: true });
    const [got] = sns.received;
    expect(got?.form.get('Action')).toBe('Publish');
    expect(got?.form.get('TopicArn')).toBe(topicArn);
    expect(got?.form.get('Subject')).toMatch(/^[\x20-\x7e]{1,100}$/);
    expect(got?.form.get('Message')).toContain('Postal will not get in.\n\na.mail.test\n… and 2 more');
    expect(got?.headers['authorization']).toContain('/eu-central-1/sns/aws4_request');
    expect(got?.headers['x-amz-security-token']).toBe('token');
    expect(got?.form.has('MessageGroupId')).toBe(false);
  });

  it('gets JSON, and in a FIFO topic one group an incident', async () => {
    await using sns = await topic();
    await sns.publish('json', `${topicArn}.fifo`);
    const [got] = sns.received;
    expect(JSON.parse(got?.form.get('Message') ?? '')).toEqual(event);
    expect(got?.form.get('MessageGroupId')).toMatch(/^[0-9a-f]{64}$/);
    expect(got?.form.get('MessageDeduplicationId')).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    [403, 'AuthorizationError', 'refused'],
    [404, 'NotFound', 'refused'],
    [400, 'Throttling', 'unreachable'],
    [500, 'InternalError', 'unreachable'],
  ])('answered %i %s is %s', async (status, code, kind) => {
    await using sns = await topic(status, `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`);
    expect(await sns.publish('text')).toEqual({ ok: false, failure: { kind, message: `SNS answered ${code}` } });
  });
});
