import { gunzipSync } from 'node:zlib';
import * as z from 'zod';
import type { Snapshot } from '../../../core/postal/audit/snapshot.ts';
import { joinParts, newestReading } from '../../../core/postal/reports/newest-snapshot.ts';
import { readSnapshotReport, unpackedReportOctets } from '../../../core/postal/reports/snapshot-report.ts';
import type { StateStore } from '../../ports/state-store.ts';

/** Collection of the reports, without their contents. The receiver may read it, and nothing else. */
export const postalReports = 'postal-reports';
/** Collection of their contents. */
export const postalReportChunks = 'postal-report-chunks';

/** Characters of one chunk: below the budget of an item. */
const chunkCharacters = 190_000;
/** After it a report says nothing any more. */
const keptSeconds = 8 * 86_400;

const headSchema = z.object({
  sender: z.string(),
  part: z.string().nullable(),
  atMs: z.number(),
  receivedAtMs: z.number(),
  /** How far the sender's clock was ahead of ours, in milliseconds; the way of the request included. */
  clockAheadMs: z.number(),
  chunks: z.number().int().min(1),
});
/** What is known of a stored report besides its contents. */
export type ReportHead = z.infer<typeof headSchema>;

const keyOf = (sender: string, part: string | null): string => `${sender}#${part ?? ''}`;
const chunkKey = ({ sender, part, atMs }: ReportHead, index: number): string =>
  `${keyOf(sender, part)}#${atMs}#${index}`;

/** The stored report of a sender and part. */
export const findReport = async (
  state: StateStore,
  sender: string,
  part: string | null,
  signal: AbortSignal,
): Promise<ReportHead | undefined> =>
  headSchema.safeParse((await state.get(postalReports, keyOf(sender, part), signal))?.value).data;

/** Keeps a report in place of the one before. Its chunks are written first, so that whoever reads meanwhile sees the one or the other. */
export const saveReport = async (
  state: StateStore,
  report: Omit<ReportHead, 'chunks'> & { readonly packed: string },
  signal: AbortSignal,
): Promise<void> => {
  const { packed, ...rest } = report;
  const head: ReportHead = { ...rest, chunks: Math.max(1, Math.ceil(packed.length / chunkCharacters)) };
  const expiresAt = Math.ceil(head.receivedAtMs / 1000) + keptSeconds;
  const before = await findReport(state, head.sender, head.part, signal);
  for (let index = 0; index < head.chunks; index += 1) {
    const value = packed.slice(index * chunkCharacters, (index + 1) * chunkCharacters);
    await state.put({ collection: postalReportChunks, key: chunkKey(head, index), value, expiresAt }, false, signal);
  }
  const item = { collection: postalReports, key: keyOf(head.sender, head.part), value: head, expiresAt };
  await state.put(item, false, signal);
  for (let index = 0; before !== undefined && before.atMs !== head.atMs && index < before.chunks; index += 1)
    await state.remove(postalReportChunks, chunkKey(before, index), signal);
};

/** What is stored, by sender and part. */
export const listReports = async (state: StateStore, signal: AbortSignal): Promise<readonly ReportHead[]> =>
  (await state.list(postalReports, signal)).flatMap(({ value }) => headSchema.safeParse(value).data ?? []);

const readPacked = async (state: StateStore, head: ReportHead, signal: AbortSignal): Promise<string | undefined> => {
  const keys = Array.from({ length: head.chunks }, (_, index) => chunkKey(head, index));
  const chunks = await Promise.all(keys.map(async (key) => (await state.get(postalReportChunks, key, signal))?.value));
  return chunks.every((chunk) => typeof chunk === 'string') ? chunks.join('') : undefined;
};

/** The newest snapshot that was reported, with who reported it. Undefined: none, or one whose chunks are being replaced. */
export const newestSnapshot = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<{ readonly snapshot: Snapshot; readonly heads: readonly ReportHead[] } | undefined> => {
  const heads = newestReading(await listReports(state, signal));
  const read = [];
  for (const head of heads) {
    const packed = await readPacked(state, head, signal);
    if (packed === undefined) return undefined;
    const json = gunzipSync(Buffer.from(packed, 'base64'), { maxOutputLength: unpackedReportOctets });
    const report = readSnapshotReport(json.toString('utf8'));
    if (typeof report === 'string') return undefined;
    read.push(report);
  }
  const snapshot = joinParts(read);
  return snapshot === undefined ? undefined : { snapshot, heads };
};
