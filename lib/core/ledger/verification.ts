import type { Entry } from './entry.ts';

/** One thing that is not as it was written, posted or announced. */
export type VerificationFault = {
  readonly code: /** The entries of a stream are no chain. */
    | 'broken-chain'
    /** An entry that was announced is not in its stream any more, or not in its place. */
    | 'announced-entry-missing'
    /** An entry of the audit stream tells of a message that the channel does not have. */
    | 'message-missing'
    | 'message-edited'
    /** Something else than this app posted the message. */
    | 'message-foreign'
    /** The message tells of something else than its entry. */
    | 'message-differs'
    /** Two audit entries claim one message. */
    | 'message-claimed-twice'
    /** An audit message without its entry. */
    | 'entry-missing'
    /** An entry of the audit stream that the announcer does not write. */
    | 'foreign-entry';
  readonly stream: string;
  readonly sequence?: number;
  /** Of the message, where one is concerned. */
  readonly ts?: string;
  /** A sentence: what is wrong. */
  readonly what: string;
  /** A sentence: what that means. */
  readonly meaning: string;
};

/** An entry's place in its stream. `at`: ISO 8601, UTC. */
export type Place = { readonly sequence: number; readonly at: string };

/** How far one stream is known to be what was written. */
export type StreamVerdict = {
  readonly stream: string;
  readonly entries: number;
  /** Whether a change of the name was ever asked for; without one the channel has nothing to say. */
  readonly hasChanges: boolean;
  /** The last entry that the channel vouches for, with all before it. */
  readonly verifiedUpTo?: Place;
  /** Entries after it, and when the first of them was written. */
  readonly notYetAnnounced?: { readonly count: number; readonly since: string };
};

/** What came of holding the ledger against the audit channel. */
export type Verification = {
  /** `nothing-verified`: no fault, and nothing that a message vouches for either, which is not the same as fine. */
  readonly verdict: 'verified' | 'faults' | 'nothing-verified';
  /** By name. */
  readonly streams: readonly StreamVerdict[];
  readonly audit: StreamVerdict;
  readonly faults: readonly VerificationFault[];
  /** Audit messages that were found as they were posted. */
  readonly messages: number;
  /** Audit entries whose messages are older than the oldest one that the channel still has. `until`: Slack timestamp of the newest of them. */
  readonly witnessGone?: { readonly count: number; readonly until: string };
  /** Audit entries whose messages were posted before the time from which the channel was read. */
  readonly beforeTheWindow: number;
  /** Audit entries whose messages are in another channel, which was not read. */
  readonly inOtherChannels: number;
  /** Messages that say once more what another one says, since Slack's answer to the first was lost. */
  readonly repeats: number;
  /** Slack timestamps of messages so new that their entries may still be on their way. */
  readonly underWay: readonly string[];
};

/** The entries of a stream as they stand, or why they cannot be read. */
export type StreamReading =
  | { readonly entries: readonly Entry[] }
  | { readonly unreadable: { readonly sequenceKey: string; readonly message: string } };
