import { isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { refusedStream } from '../../core/ledger/entry.ts';
import type { StreamVerdict, Verification, VerificationFault } from '../../core/ledger/verification.ts';

/** How times and text from the ledger are shown where the lines are read. */
export type Wording = { readonly when: (iso: string) => string; readonly text: (fromLedger: string) => string };

/** What a verification says, verdict first. */
export type VerificationLines = {
  readonly head: string;
  readonly facts: readonly string[];
  readonly faults: readonly string[];
};

const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

const isoOf = (ts: string): string => new Date(Number(ts) * 1000).toISOString();

const newest = (streams: readonly StreamVerdict[]): string | undefined =>
  streams
    .flatMap(({ verifiedUpTo }) => (verifiedUpTo === undefined ? [] : [verifiedUpTo.at]))
    .sort()
    .at(-1);

const headOf = ({ verdict, faults, streams }: Verification, { when }: Wording): string => {
  switch (verdict) {
    case 'faults':
      return `The history was changed: ${counted(faults.length, 'fault')} found.`;
    case 'verified':
      return `Verified up to ${when(newest(streams) ?? '')}.`;
    case 'nothing-verified':
      return streams.length === 0
        ? 'There is nothing to verify yet: the history has no entries.'
        : 'Nothing could be verified: no message in the audit channel covers these entries.';
  }
};

const upTo = ({ stream, verifiedUpTo, notYetAnnounced, entries }: StreamVerdict, { when, text }: Wording): string => {
  const verified =
    verifiedUpTo === undefined
      ? 'nothing verified'
      : `verified up to entry ${verifiedUpTo.sequence} of ${entries}, ${when(verifiedUpTo.at)}`;
  const waiting =
    notYetAnnounced === undefined
      ? ''
      : `; not yet announced: ${counted(notYetAnnounced.count, 'entry', 'entries')} since ${when(notYetAnnounced.since)}`;
  return `${text(stream)}: ${verified}${waiting}`;
};

/** One line for each stream if there are few; otherwise only for streams that are not fully announced. */
const streamLines = (verification: Verification, wording: Wording): string[] => {
  // A name that was only asked about or refused was never registered: the channel has nothing to say about it.
  const streams = verification.streams.filter(
    ({ stream, verifiedUpTo, hasChanges }) => stream !== refusedStream && (hasChanges || verifiedUpTo !== undefined),
  );
  const few = streams.length <= 3;
  const shown = few
    ? streams
    : streams.filter(
        ({ notYetAnnounced, verifiedUpTo }) => notYetAnnounced !== undefined || verifiedUpTo === undefined,
      );
  const verified = streams.reduce((sum, { verifiedUpTo }) => sum + (verifiedUpTo?.sequence ?? 0), 0);
  const bulks = streams.filter(({ stream }) => isBulkStream(stream)).length;
  const ofWhat = `${counted(streams.length - bulks, 'hostname')}${bulks === 0 ? '' : ` and ${counted(bulks, 'bulk')}`}`;
  const whole = `${counted(verified, 'entry', 'entries')} of ${ofWhat} verified against ${counted(verification.messages, 'message')} in the audit channel.`;
  return [
    ...(streams.length === 0 ? ['No hostname has entries.'] : [whole]),
    ...shown.map((each) => upTo(each, wording)),
  ];
};

const refusals = ({ streams }: Verification): string[] => {
  const stream = streams.find((each) => each.stream === refusedStream);
  if (stream === undefined || stream.entries === 0) return [];
  return [
    `${counted(stream.entries, 'request')} refused without a hostname: these are never announced, so only their own chain was checked.`,
  ];
};

const caveats = (verification: Verification, { when }: Wording): string[] => {
  const { witnessGone: gone, beforeTheWindow, inOtherChannels, repeats, underWay } = verification;
  return [
    ...(gone === undefined
      ? []
      : [
          `Witness gone by retention: ${counted(gone.count, 'message')} up to ${when(isoOf(gone.until))}, older than every message that the channel still has. ` +
            'Later messages cover their entries through the chain. If Slack keeps messages longer here, somebody deleted them.',
        ]),
    ...(beforeTheWindow === 0
      ? []
      : [
          `${counted(beforeTheWindow, 'older announcement')} covered by the chain only: their messages are older than the time asked for.`,
        ]),
    ...(inOtherChannels === 0
      ? []
      : [`${counted(inOtherChannels, 'announcement')} in another channel, which was not read.`]),
    ...(repeats === 0
      ? []
      : [`${counted(repeats, 'message')} posted twice, with the same content, after an answer of Slack was lost.`]),
    ...(underWay.length === 0
      ? []
      : [`${counted(underWay.length, 'message')} just posted, whose entry is not written yet.`]),
  ];
};

const place = ({ stream, sequence }: VerificationFault, { text }: Wording): string =>
  sequence === undefined ? text(stream) : `${text(stream)}, entry ${sequence}`;

/** Says in lines what a verification came to. */
export const verificationLines = (verification: Verification, wording: Wording): VerificationLines => ({
  head: headOf(verification, wording),
  facts: [...streamLines(verification, wording), ...refusals(verification), ...caveats(verification, wording)],
  faults: verification.faults.map((fault) => `${place(fault, wording)}: ${wording.text(fault.what)}. ${fault.meaning}`),
});
