import { ListResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type LocalRoute53Harness, localClientConfig, startLocalRoute53 } from '../../support/local-route53.ts';

let harness: LocalRoute53Harness;
let client: Route53Client;

beforeEach(async () => {
  harness = await startLocalRoute53({ zones: [{ id: 'ZCORP', name: 'corp.internal' }] });
  client = new Route53Client({ ...localClientConfig(harness.url), maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await harness.route53.close();
});

describe('the protocol of the local Route 53', () => {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20260302/us-east-1/route53/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
  const now = () => new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const signed = () => ({ authorization, 'x-amz-date': now() });
  const rrset = '/2013-04-01/hostedzone/ZCORP/rrset/';

  const change = (ttl: string) =>
    `<ChangeResourceRecordSetsRequest><ChangeBatch><Changes><Change><Action>CREATE</Action><ResourceRecordSet><Name>a.corp.internal</Name><Type>A</Type>${ttl}<ResourceRecords><ResourceRecord><Value>10.0.0.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`;

  const post = async (path: string, body: string, headers: Record<string, string> = signed()) => {
    const response = await fetch(`${harness.url}${path}`, { method: 'POST', body, headers });
    return { status: response.status, code: /<Code>(.*?)<\/Code>/.exec(await response.text())?.[1] };
  };

  test.each([
    ['not XML', 'hello'],
    ['not closed', '<ChangeResourceRecordSetsRequest><ChangeBatch>'],
    ['another document', '<Other/>'],
    [
      'no changes',
      '<ChangeResourceRecordSetsRequest><ChangeBatch><Changes></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>',
    ],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${change('<TTL>60</TTL>')}`],
    ['no TTL', change('')],
  ])('a body with %s is InvalidInput', async (_, body) => {
    expect(await post(rrset, body)).toEqual({ status: 400, code: 'InvalidInput' });
  });

  test('the body from which these differ is accepted', async () => {
    expect(await post(rrset, change('<TTL>60</TTL>'))).toEqual({ status: 200, code: undefined });
  });

  test('a body over 1 MiB, an unknown operation, and a path outside the API are refused', async () => {
    expect(await post(rrset, 'x'.repeat(1024 * 1024 + 1))).toEqual({ status: 413, code: 'RequestEntityTooLarge' });
    expect(await post('/2013-04-01/healthcheck', '')).toEqual({ status: 404, code: 'UnknownOperationException' });
    expect(await post('/', '')).toEqual({ status: 404, code: 'UnknownOperationException' });
  });

  test('a request without a signature for Route 53 is refused, as a web page would send it', async () => {
    expect(await post(rrset, '', {})).toEqual({ status: 403, code: 'MissingAuthenticationToken' });
    const forS3 = { ...signed(), authorization: authorization.replace('route53', 's3') };
    expect(await post(rrset, '', forS3)).toEqual({ status: 403, code: 'IncompleteSignature' });
    expect(await post(rrset, '', { authorization })).toEqual({ status: 403, code: 'IncompleteSignature' });
    expect(await post(rrset, '', { authorization, 'x-amz-date': '20200101T000000Z' })).toEqual({
      status: 403,
      code: 'SignatureDoesNotMatch',
    });
  });

  test('white space between the elements, as other clients send it, is no matter', async () => {
    const body = `<?xml version="1.0"?>
      <ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/">
        <ChangeBatch>
          <Changes>
            <Change>
              <Action>CREATE</Action>
              <ResourceRecordSet>
                <Name>t.corp.internal</Name> <Type>TXT</Type> <TTL>60</TTL>
                <ResourceRecords> <ResourceRecord> <Value>&quot; a &amp;#38; \\&#34;b&#x22;</Value> </ResourceRecord> </ResourceRecords>
              </ResourceRecordSet>
            </Change>
          </Changes>
        </ChangeBatch>
      </ChangeResourceRecordSetsRequest>`;
    expect((await post(rrset, body)).status).toBe(200);
    const page = await client.send(
      new ListResourceRecordSetsCommand({ HostedZoneId: 'ZCORP', StartRecordName: 't.corp.internal', MaxItems: 1 }),
    );
    expect(page.ResourceRecordSets?.[0]?.ResourceRecords).toEqual([{ Value: '" a &#38; \\"b"' }]);
  });

  test('it listens on loopback only', () => {
    expect(new URL(harness.url).hostname).toBe('127.0.0.1');
  });
});
