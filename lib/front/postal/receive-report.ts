import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { reportHeaders, verifyReport } from '../../core/postal/reports/report-signature.ts';
import {
  packedReportOctets,
  readSnapshotReport,
  unpackedReportOctets,
} from '../../core/postal/reports/snapshot-report.ts';
import { bodyWithin, headerOf } from '../request-body.ts';
import { plainAnswer } from './answer.ts';
import { type PostalPorts, postalDeadlines } from './postal-ports.ts';

/** How far the time of a snapshot may be ahead of our clock, in milliseconds. */
const aheadMs = 300_000;

const unpack = (bytes: Uint8Array): string | undefined => {
  try {
    return gunzipSync(bytes, { maxOutputLength: unpackedReportOctets }).toString('utf8');
  } catch {
    return undefined;
  }
};

/** Takes a report that `postal-endpoint audit --send` sends. Its signature is verified before anything of it is unpacked. 202: it is in the queue. */
export const receiveReport = async (
  ports: PostalPorts,
  event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> => {
  const signal = AbortSignal.timeout(postalDeadlines.reportMs);
  const bytes = bodyWithin(event, packedReportOctets);
  if (bytes === undefined)
    return plainAnswer(413, `body: larger than ${packedReportOctets} bytes; send a report for each mail server`);
  const { reportKeys } = await ports.secrets.read(signal);
  const receivedAtMs = ports.now();
  const timestamp = headerOf(event, reportHeaders.timestamp);
  const verified = verifyReport(
    {
      sender: headerOf(event, reportHeaders.sender),
      timestamp,
      signature: headerOf(event, reportHeaders.signature),
      bytes,
    },
    new Map(Object.entries(reportKeys)),
    receivedAtMs,
  );
  if (!verified.ok) {
    ports.log.warn('A report was refused', { reason: verified.reason });
    return verified.reason === 'timestamp'
      ? plainAnswer(401, 'timestamp: more than 5 minutes from the time here; set the clock of the sender')
      : plainAnswer(401, 'signature: the sender is unknown, or its key is another');
  }
  const { sender } = verified;
  const json = unpack(bytes);
  if (json === undefined)
    return plainAnswer(413, `body: not gzip, or more than ${unpackedReportOctets} bytes when it is unpacked`);
  const report = readSnapshotReport(json);
  if (typeof report === 'string') return plainAnswer(400, `body: ${report}`);
  const { part, snapshot } = report;
  if (snapshot.atMs - receivedAtMs > aheadMs) return plainAnswer(400, 'atMs: the snapshot is of the future');
  const storedAtMs = await ports.storedReportAt(sender, part, signal);
  if (storedAtMs !== undefined && snapshot.atMs <= storedAtMs)
    return plainAnswer(409, 'atMs: a snapshot of this time or a later one is stored already');
  await ports.queue.send(
    {
      kind: 'report',
      sender,
      part,
      atMs: snapshot.atMs,
      signedAtMs: Number(timestamp) * 1000,
      receivedAtMs,
      packed: bytes.toString('base64'),
    },
    signal,
  );
  return plainAnswer(202, 'accepted');
};
