import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rdsToken } from '../../../lib/adapters/aws/sign-request.ts';

const nowMs = Date.parse('2016-11-07T17:39:33Z');
const place = { host: 'prod-instance.us-east-1.rds.amazonaws.com', port: 3306, user: 'someusername' };
const credentials = { accessKeyId: 'akid', secretAccessKey: 'skid', sessionToken: 'a/session+token=' };

const partsOf = (token: string): { readonly address: string; readonly query: URLSearchParams } => {
  const url = new URL(`https://${token}`);
  return { address: `${url.host}${url.pathname}`, query: url.searchParams };
};

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** The signature as AWS's guide "Signature Version 4" has it, of everything else in the token. */
const signatureOf = (token: string, secret: string): string => {
  const { query } = partsOf(token);
  const strict = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  const canonicalQuery = [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${strict(name)}=${strict(value)}`)
    .sort()
    .join('&');
  const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
  const request = ['GET', '/', canonicalQuery, `host:${place.host}:${place.port}`, '', 'host', sha256('')].join('\n');
  const scope = '20161107/us-east-1/rds-db/aws4_request';
  const toSign = ['AWS4-HMAC-SHA256', '20161107T173933Z', scope, sha256(request)].join('\n');
  const key = scope.split('/').reduce<string | Buffer>((sum, part) => hmac(sum, part), `AWS4${secret}`);
  return hmac(key, toSign).toString('hex');
};

describe('the token with which RDS lets a role in', () => {
  it('is the one that AWS’s own client for Python makes of the same keys at the same time', async () => {
    const { address, query } = partsOf(
      await rdsToken(place, { region: 'us-east-1', credentials: { ...credentials, sessionToken: '' }, nowMs }),
    );
    expect(address).toBe('prod-instance.us-east-1.rds.amazonaws.com:3306/');
    expect(Object.fromEntries(query)).toEqual({
      Action: 'connect',
      DBUser: 'someusername',
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': 'akid/20161107/us-east-1/rds-db/aws4_request',
      'X-Amz-Date': '20161107T173933Z',
      'X-Amz-Expires': '900',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': 'd1138cdbc0ca63eec012ec0fc6c2267e03642168f5884a7795320d4c18374c61',
    });
  });

  it('has the documented form, with the session of a role signed as well', async () => {
    const token = await rdsToken(place, { region: 'us-east-1', credentials, nowMs });
    expect(token).toMatch(/^prod-instance\.us-east-1\.rds\.amazonaws\.com:3306\/\?[\w.~%&=-]+$/);
    const { query } = partsOf(token);
    expect(query.get('X-Amz-Security-Token')).toBe(credentials.sessionToken);
    expect(query.get('X-Amz-Signature')).toBe(signatureOf(token, credentials.secretAccessKey));
  });

  it('is another for another user, and a minute later', async () => {
    const options = { region: 'us-east-1', credentials, nowMs };
    const tokens = await Promise.all([
      rdsToken(place, options),
      rdsToken({ ...place, user: 'root' }, options),
      rdsToken(place, { ...options, nowMs: nowMs + 60_000 }),
    ]);
    expect(new Set(tokens.map((token) => partsOf(token).query.get('X-Amz-Signature'))).size).toBe(3);
  });
});
