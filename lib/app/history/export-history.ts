import type { Deadline } from '../../core/base/deadline.ts';
import { canonicalJson } from '../../core/base/digest.ts';
import { chosenEntriesOf } from '../../core/bulk/bulk-history.ts';
import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { foldBulk } from '../../core/bulk/fold-bulk.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import type { HistoryFilter } from '../../core/ledger/history-filter.ts';
import {
  type ExportView,
  exportedMessage,
  exportFailedMessage,
  exportIntroduction,
  exportTooLargeMessage,
} from '../../messages/history/export-message.ts';
import { noHistoryMessage } from '../../messages/history/history-message.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import { handOver } from '../notify/hand-over.ts';
import { answer } from '../notify/reply.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { mayReadBulk } from './history-rows.ts';

/** More than this does not pass through a worker's memory; the shell's export has no such bound. */
export const largestExportBytes = 16 * 1024 * 1024;

const streamsAtOnce = 8;

/** Kept back for uploading, and for telling people. */
const keptForUploadMs = 20_000;

/** The chosen entries as JSON lines, a few streams in memory at a time; undefined where they are more than a worker holds, or has time for. */
const linesOf = async (
  ports: Ports,
  streams: readonly string[],
  filter: HistoryFilter,
  mayHave: (stream: string, entries: readonly Entry[]) => boolean,
  { atMs, signal }: Deadline,
): Promise<{ readonly bytes: Buffer; readonly entries: number } | undefined> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let entries = 0;
  for (let from = 0; from < streams.length; from += streamsAtOnce) {
    if (ports.clock.now() > atMs - keptForUploadMs) return undefined;
    const some = streams.slice(from, from + streamsAtOnce);
    const read = await Promise.all(
      some.map(async (stream) => [stream, await ports.ledger.read(stream, signal)] as const),
    );
    const chosen = read.flatMap(([stream, whole]) =>
      mayHave(stream, whole) ? chosenEntriesOf(stream, whole, filter) : [],
    );
    for (const entry of chosen) {
      const line = Buffer.from(`${canonicalJson(entry)}\n`);
      bytes += line.length;
      if (bytes > largestExportBytes) return undefined;
      entries += 1;
      chunks.push(line);
    }
  }
  return { bytes: Buffer.concat(chunks), entries };
};

/** Hands the history over as a file of JSON lines, each an entry exactly as it was hashed: to the person alone, or with `--share` in the channel. */
export const exportHistory = async (
  ports: Ports,
  request: Request<'history'>,
  asked: {
    readonly streams: readonly string[];
    /** Not all of them could be found. */
    readonly isCut: boolean;
    readonly filter: HistoryFilter;
    readonly hostname: string | undefined;
    readonly since: string | undefined;
    readonly may: (hostname: string) => boolean;
  },
  deadline: Deadline,
): Promise<Outcome> => {
  const { filter, hostname, since, may } = asked;
  const { by, target } = filter;
  // A bulk's entries name all of its hostnames.
  const mayHave = (stream: string, entries: readonly Entry[]): boolean => {
    const bulk = isBulkStream(stream) ? foldBulk(entries).bulk : undefined;
    return bulk === undefined ? !isBulkStream(stream) : mayReadBulk(bulk, may, true);
  };
  const lines = asked.isCut ? undefined : await linesOf(ports, asked.streams, filter, mayHave, deadline);
  const which = { hostname, since, by, target };
  if (lines === undefined) return answer(ports, request, exportTooLargeMessage(which, largestExportBytes), deadline);
  if (lines.entries === 0) return answer(ports, request, noHistoryMessage(which), deadline);
  const at = new Date(ports.clock.now()).toISOString();
  const name = [
    'history',
    ...(hostname === undefined ? [] : [hostname]),
    `${at.slice(0, 19).replaceAll(':', '')}Z.jsonl`,
  ].join('-');
  const isShared = request.command.share;
  const view: ExportView = { ...which, name, entries: lines.entries, bytes: lines.bytes.length, isShared };
  const title = hostname === undefined ? 'History' : `History of ${hostname}`;
  const file = { name, title, bytes: lines.bytes, comment: exportIntroduction(view) };
  const messages = {
    done: (permalink: string | null) => exportedMessage(view, permalink),
    failed: (failure: MessengerFailure) => exportFailedMessage(view, failure),
  };
  return handOver(ports, request, file, messages, deadline);
};
