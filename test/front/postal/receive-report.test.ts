import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../lib/core/postal/audit/snapshot.ts';
import { reportHeaders, reportSignature } from '../../../lib/core/postal/reports/report-signature.ts';
import { readSnapshotReport, snapshotReportJson } from '../../../lib/core/postal/reports/snapshot-report.ts';
import { postalFrontUnderTest, postalRequest, postalSecrets } from '../../support/postal-front-under-test.ts';
import { sampleSnapshot } from '../../support/sample-snapshot.ts';

const nowMs = Date.parse('2026-11-30T12:00:00Z');
const path = '/postal/snapshots';
const keyOf = (sender: string): string => postalSecrets.reportKeys[sender] ?? '';

const packed = (snapshot: Snapshot): Buffer => gzipSync(snapshotReportJson({ part: null, snapshot }));
const good = packed(sampleSnapshot(nowMs - 60_000));

const headers = (
  bytes: Uint8Array,
  { sender = 'postal1', key = keyOf(sender), atMs = nowMs } = {},
): Record<string, string> => {
  const timestamp = String(Math.floor(atMs / 1000));
  return {
    'content-type': 'application/octet-stream',
    [reportHeaders.sender]: sender,
    [reportHeaders.timestamp]: timestamp,
    [reportHeaders.signature]: reportSignature(key, sender, timestamp, bytes),
  };
};

describe('a report', () => {
  test('that a known sender signed is queued as it was sent', async () => {
    const { handle, sent } = postalFrontUnderTest({}, () => nowMs);
    expect(await handle(postalRequest(path, good, headers(good)))).toMatchObject({ statusCode: 202 });
    expect(sent).toMatchObject([
      { kind: 'report', sender: 'postal1', part: null, atMs: nowMs - 60_000, signedAtMs: nowMs, receivedAtMs: nowMs },
    ]);
    const [message] = sent;
    if (message?.kind !== 'report') throw new Error('no report was queued');
    const read = readSnapshotReport(gunzipSync(Buffer.from(message.packed, 'base64')).toString('utf8'));
    expect(read).toEqual({ part: null, snapshot: sampleSnapshot(nowMs - 60_000) });
    // Of SQS's 1,048,576 octets a message.
    expect(JSON.stringify(message).length).toBeLessThan(1_048_576);
  });

  test.each([
    ['five minutes early', nowMs + 300_000],
    ['five minutes late', nowMs - 300_000],
  ])('%s is taken', async (_, atMs) => {
    const { handle } = postalFrontUnderTest({}, () => nowMs);
    expect(await handle(postalRequest(path, good, headers(good, { atMs })))).toMatchObject({ statusCode: 202 });
  });
});

describe('refused, with nothing queued:', () => {
  const bomb = gzipSync(Buffer.alloc(30_000_000, ' '));
  const bombInJson = gzipSync(JSON.stringify({ version: 1, part: ' '.repeat(29_000_000) }));
  const large = Buffer.alloc(700_001, 1);
  const notGzip = Buffer.from('{}');
  const notSnapshot = gzipSync('{"version":1}');
  const notJson = gzipSync('x');
  const future = packed(sampleSnapshot(nowMs + 300_001));
  const altered = Buffer.from(good);
  altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
  test.each([
    ['one without headers', 401, good, {}],
    ['one that was altered', 401, altered, headers(good)],
    ['an unknown sender', 401, good, headers(good, { sender: 'postal9', key: keyOf('postal1') })],
    ["another sender's name", 401, good, headers(good, { sender: 'postal2', key: keyOf('postal1') })],
    [
      'the name of a property of every object',
      401,
      good,
      headers(good, { sender: 'constructor', key: keyOf('postal1') }),
    ],
    ['one signed six minutes ago', 401, good, headers(good, { atMs: nowMs - 301_000 })],
    ['one signed in six minutes', 401, good, headers(good, { atMs: nowMs + 301_000 })],
    ['30 MB unpacked', 413, bomb, headers(bomb)],
    ['30 MB unpacked, in the form of a report', 413, bombInJson, headers(bombInJson)],
    ['more than 700 KB packed', 413, large, headers(large)],
    ['what is not gzip', 413, notGzip, headers(notGzip)],
    ['what is not JSON', 400, notJson, headers(notJson)],
    ['what is not a snapshot', 400, notSnapshot, headers(notSnapshot)],
    ['a snapshot of the future', 400, future, headers(future)],
  ])('%s', async (_, statusCode, bytes, given) => {
    const { handle, sent } = postalFrontUnderTest({}, () => nowMs);
    expect(await handle(postalRequest(path, bytes, given))).toMatchObject({ statusCode });
    expect(sent).toEqual([]);
  });

  test.each([
    ['the stored one', nowMs - 60_000],
    ['an older one than the stored', nowMs - 59_999],
  ])('%s again', async (_, storedAtMs) => {
    const { handle, sent } = postalFrontUnderTest({}, () => nowMs, { storedReportAt: async () => storedAtMs });
    expect(await handle(postalRequest(path, good, headers(good)))).toMatchObject({ statusCode: 409 });
    expect(sent).toEqual([]);
  });
});
