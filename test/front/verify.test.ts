import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slackSignature, verifySlackRequest } from '../../lib/front/verify.ts';

const secret = '8f742231b10e8888abcd99yyyzzz85a5';
const timestamp = '1531420618';
const nowMs = Number(timestamp) * 1000;
const body = Buffer.from('token=x&text=gr%C3%BC%C3%9Fe &raw=\u00e9', 'utf8');
const good = { signature: slackSignature(secret, timestamp, body), timestamp, body };

const reason = (changes: Partial<typeof good>, atMs = nowMs): string => {
  const verification = verifySlackRequest({ ...good, ...changes }, secret, atMs);
  return verification.ok ? 'ok' : verification.reason;
};

describe('verifySlackRequest', () => {
  it("accepts the example of Slack's documentation", () => {
    const example = Buffer.from(
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    );
    const signature = 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503';
    expect(verifySlackRequest({ signature, timestamp, body: example }, secret, nowMs)).toEqual({
      ok: true,
      signature,
      timestamp,
    });
  });

  it.each([
    ['the very second', 0, 'ok'],
    ['299 s old', 299_000, 'ok'],
    ['300 s old', 300_000, 'ok'],
    ['a millisecond more than 300 s old', 300_001, 'timestamp-too-old'],
    ['301 s old', 301_000, 'timestamp-too-old'],
    ['299 s ahead', -299_000, 'ok'],
    ['300 s ahead', -300_000, 'ok'],
    ['a millisecond more than 300 s ahead', -300_001, 'timestamp-in-future'],
    ['301 s ahead', -301_000, 'timestamp-in-future'],
  ])('judges a request that is %s', (_, ageMs, expected) => expect(reason({}, nowMs + ageMs)).toBe(expected));

  const digest = good.signature.slice(3);
  it.each([
    ['version 1', `v1=${digest}`],
    ['no version', digest],
    ['upper-case hex', `v0=${digest.toUpperCase()}`],
    ['a digit too few', `v0=${digest.slice(1)}`],
    ['a digit too many', `${good.signature}0`],
    ['a line end', `${good.signature}\n`],
    ['two signatures joined', `${good.signature},${good.signature}`],
    ['letters that are no hex', `v0=${'g'.repeat(64)}`],
  ])('refuses a signature with %s by its shape', (_, signature) =>
    expect(reason({ signature })).toBe('signature-malformed'),
  );

  it('refuses what is missing', () => {
    expect(verifySlackRequest({ signature: undefined, timestamp, body }, secret, nowMs)).toEqual({
      ok: false,
      reason: 'signature-missing',
    });
    expect(verifySlackRequest({ signature: good.signature, timestamp: undefined, body }, secret, nowMs)).toEqual({
      ok: false,
      reason: 'timestamp-missing',
    });
    expect(reason({ signature: '' })).toBe('signature-missing');
  });

  it.each([
    'now',
    '1531420618.5',
    '-1531420618',
    '+1531420618',
    ' 1531420618',
    '0x5b478d0a',
    '1e9',
    '01531420618',
    'NaN',
    'Infinity',
  ])('refuses the timestamp %j by its shape', (written) =>
    expect(reason({ timestamp: written })).toBe('timestamp-malformed'),
  );

  it('refuses a digest for another body, timestamp or secret', () => {
    expect(reason({ body: Buffer.concat([body, Buffer.from(' ')]) })).toBe('signature-mismatch');
    expect(reason({ timestamp: '1531420619' })).toBe('signature-mismatch');
    expect(verifySlackRequest(good, 'another', nowMs)).toEqual({ ok: false, reason: 'signature-mismatch' });
  });

  it('refuses whatever single byte of body or signature is changed', async () => {
    await fc.assert(
      fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, difference) => {
        const altered = Buffer.from(body);
        altered[at] = (altered[at] ?? 0) ^ difference;
        expect(reason({ body: altered })).toBe('signature-mismatch');
      }),
    );
    await fc.assert(
      fc.property(fc.nat(63), fc.integer({ min: 1, max: 15 }), (at, difference) => {
        const digit = (Number.parseInt(digest[at] ?? '0', 16) ^ difference).toString(16);
        expect(reason({ signature: `v0=${digest.slice(0, at)}${digit}${digest.slice(at + 1)}` })).toBe(
          'signature-mismatch',
        );
      }),
    );
  });

  it('verifies bytes, not text', () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
    const signature = slackSignature(secret, timestamp, bytes);
    expect(reason({ signature, body: bytes })).toBe('ok');
    expect(reason({ signature, body: Buffer.from(bytes.toString('utf8')) })).toBe('signature-mismatch');
  });
});
