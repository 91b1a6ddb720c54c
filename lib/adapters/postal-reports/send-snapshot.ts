import { gzipSync } from 'node:zlib';
import type { Snapshot } from '../../core/postal/audit/snapshot.ts';
import { packedReports } from '../../core/postal/reports/packed-reports.ts';
import { reportHeaders, reportSignature } from '../../core/postal/reports/report-signature.ts';
import { type HttpAnswer, httpExchange } from '../http-exchange.ts';

/** Where reports go, and who sends them. */
export type Destination = { readonly url: URL; readonly sender: string; readonly key: string };

/** How many reports were accepted, and their octets packed; or why one was not, in a sentence. */
export type SentSnapshot =
  | { readonly ok: true; readonly reports: number; readonly octets: number }
  | { readonly ok: false; readonly problem: string };

const answerWithinMs = 20_000;

const post = (
  { url, sender, key }: Destination,
  body: Buffer,
  nowMs: number,
  signal: AbortSignal,
): Promise<HttpAnswer> => {
  const timestamp = String(Math.floor(nowMs / 1000));
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(body.length),
    [reportHeaders.sender]: sender,
    [reportHeaders.timestamp]: timestamp,
    [reportHeaders.signature]: reportSignature(key, sender, timestamp, body),
  };
  return httpExchange(
    url,
    { method: 'POST', headers, body },
    AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
  );
};

/** What an answer that is not 202 says, in one line. */
const refusalOf = ({ status, body }: HttpAnswer, { host }: URL): string => {
  const said = body
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
  const more = said === '' ? '' : `: ${said}`;
  if (status >= 300 && status < 400)
    return `${host} answered ${status}, a redirect, which is not followed. Give the final URL`;
  return `${host} answered ${status}${more}`;
};

/** Sends a snapshot to the bot, packed and signed, as one report or one for each mail server. */
export const sendSnapshot = async (
  snapshot: Snapshot,
  destination: Destination,
  now: () => number,
  signal: AbortSignal,
): Promise<SentSnapshot> => {
  const reports = packedReports(snapshot, (json) => gzipSync(json, { level: 9 }));
  if (typeof reports === 'string') return { ok: false, problem: reports };
  for (const { packed: body } of reports) {
    const answer = await post(destination, body, now(), signal).catch((error: unknown) =>
      error instanceof Error ? error : new Error(String(error)),
    );
    if (answer instanceof Error)
      return { ok: false, problem: `${destination.url.host} did not answer: ${answer.message}` };
    if (answer.status !== 202) return { ok: false, problem: refusalOf(answer, destination.url) };
  }
  return { ok: true, reports: reports.length, octets: reports.reduce((sum, { packed }) => sum + packed.length, 0) };
};
