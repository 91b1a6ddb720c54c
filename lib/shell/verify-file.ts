import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileFailureText } from '../adapters/file-failure.ts';
import { createLinesVerifier, type LinesVerification } from '../app/verify/verify-lines.ts';
import { oneLine } from '../messages/block-kit/blocks.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

const headsAtMost = 20;

const linesOf = ({ entries, faults, streams }: LinesVerification, file: string): readonly string[] => {
  const gaps = [...streams.values()].reduce((sum, stream) => sum + stream.gaps, 0);
  const heads = [...streams]
    .slice(0, headsAtMost)
    .map(([stream, { sequence, hash }]) => `  ${stream}: last is entry ${sequence}, hash ${hash}`);
  const counted = `${entries} ${entries === 1 ? 'entry' : 'entries'} of ${streams.size} ${streams.size === 1 ? 'stream' : 'streams'}`;
  const shown = faults.slice(0, headsAtMost).map(({ line, message }) => `  FAULT line ${line}: ${message}`);
  return [
    faults.length === 0
      ? `Verified: every hash and every link of ${counted}, ${file}.`
      : `NOT VERIFIED: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in ${counted}, ${file}.`,
    ...shown,
    ...(faults.length > shown.length ? [`  … and ${faults.length - shown.length} more faults`] : []),
    ...(gaps === 0
      ? []
      : [
          `  ${gaps} ${gaps === 1 ? 'gap' : 'gaps'}, as --since, --by and --target leave them: the entries between are not in this file`,
        ]),
    ...heads,
    ...(streams.size > headsAtMost ? [`  … and ${streams.size - headsAtMost} more streams`] : []),
    '  A file alone cannot prove that its end is complete or that nobody has recomputed the whole chain. Find one of the hashes in the audit channel, or verify with --ledger-table.',
  ];
};

/** Checks an exported file without ledger, network or bot, line by line. */
export const verifyFileInShell = async (file: string, asJson: boolean): Promise<ShellResult> => {
  const verifier = createLinesVerifier();
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }))
      verifier.take(line);
  } catch (error) {
    throw new UsageError(`file: ${file} cannot be read: ${fileFailureText(error)}.`, {
      cause: error,
    });
  }
  const verification = verifier.verification();
  if (verification.entries === 0 && verification.faults.length === 0)
    return { text: `postal-endpoint: ${file} has no entries`, exitCode: 3 };
  const text = asJson
    ? JSON.stringify({ ...verification, streams: Object.fromEntries(verification.streams) })
    : linesOf(verification, file).map(oneLine).join('\n');
  return { text, exitCode: verification.faults.length === 0 ? 0 : 2, isAnswer: true };
};
