import { expect, test } from 'vitest';
import type { PostalRoute } from '../../../../lib/core/postal/audit/snapshot.ts';
import { hostnameByRoute } from '../../../../lib/core/postal/webhooks/endpoint-of-webhook.ts';
import { recipientDigests } from '../../../../lib/core/postal/webhooks/recipient-digests.ts';
import { sampleSnapshot } from '../../../support/sample-snapshot.ts';

const key = 'recipients-0123456789abcdef0123456789ab';
const deleted = 99;

test.each([
  ['one endpoint', { endpointId: 1 }, 'gitlab.mail.corp.internal'],
  ['two endpoints of two hostnames', { endpointId: 1, additionalEndpointIds: [2] }, undefined],
  ['two endpoints of one hostname', { endpointId: 1, additionalEndpointIds: [1] }, 'gitlab.mail.corp.internal'],
  ['a deleted endpoint and another', { endpointId: deleted, additionalEndpointIds: [1] }, undefined],
  ['an endpoint of HTTP and another', { isSmtp: false, endpointId: 1, additionalEndpointIds: [1] }, undefined],
  ['no endpoint', { mode: 'Hold', endpointId: null }, undefined],
] satisfies [string, Partial<PostalRoute> & Pick<PostalRoute, 'endpointId'>, string | undefined][])(
  'a route to %s names the hostname only where nothing else can have failed',
  (_, change, hostname) => {
    const snapshot = sampleSnapshot(0);
    const [server] = snapshot.servers;
    const route: PostalRoute = {
      id: 1,
      serverId: server?.id ?? 0,
      address: 'git@acme.example',
      mode: 'Endpoint',
      isSmtp: true,
      additionalEndpointIds: [],
      ...change,
    };
    const recipient = recipientDigests(key, 'git@acme.example');
    if (recipient === undefined) throw new Error('no address');
    const event = {
      uuid: '',
      atMs: 0,
      messageId: 1,
      status: 'SoftFail',
      details: 'No SMTP servers were available for acme.example. No hosts to try.',
      output: '',
      isEncrypted: false,
      recipient,
    } as const;
    expect(hostnameByRoute(event, server?.name ?? '', { ...snapshot, routes: [route] }, key)).toBe(hostname);
  },
);
