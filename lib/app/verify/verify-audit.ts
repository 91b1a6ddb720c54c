import { auditStream, type Entry, type EntryBody } from '../../core/ledger/entry.ts';
import type { StreamReading, StreamVerdict, Verification, VerificationFault } from '../../core/ledger/verification.ts';
import type { WitnessPost } from '../ports/witness.ts';
import { type AuditPost, announceTheSame, changeKey, isAuditPost, readAuditPost } from './audit-post.ts';
import { isTextOf } from './posted-text.ts';
import { checkChain, streamVerdict, type Told } from './verify-stream.ts';

type Announced = Extract<EntryBody, { readonly kind: 'announced' }>;

/** The audit channel, as it was read. */
export type Channel = {
  readonly channelId: string;
  /** Everything that it still has from `oldest` on, others' messages too: the oldest shows how far back Slack keeps. */
  readonly posts: readonly WitnessPost[];
  /** Slack timestamp from which it was read; undefined: from its beginning. */
  readonly oldest: string | undefined;
};

export type AuditCheck = Pick<
  Verification,
  'faults' | 'messages' | 'witnessGone' | 'beforeTheWindow' | 'inOtherChannels' | 'repeats' | 'underWay'
> & { readonly verdict: StreamVerdict; readonly told: readonly Told[] };

/** Slack keeps messages for a day at least: a younger one that is gone was deleted. */
const shortestRetentionMs = 86_400_000;
/** The announcer looks a post up whose answer was lost, and enters it, long before that. */
const longestUnderWayMs = 30 * 60_000;

const msOf = (ts: string): number => Number(ts) * 1000;

const faultAt = (
  code: VerificationFault['code'],
  { sequence, ts }: { sequence?: number; ts?: string },
  what: string,
  meaning: string,
) => ({
  code,
  stream: auditStream,
  what,
  meaning,
  ...(sequence !== undefined && { sequence }),
  ...(ts !== undefined && { ts }),
});

/** What is wrong with the message of an audit entry, or what it says. */
const checkMessage = (
  entry: Entry,
  body: Announced,
  post: WitnessPost,
  placeOf: ReadonlyMap<string, number>,
): VerificationFault | AuditPost => {
  const at = { sequence: entry.sequence, ts: body.ts };
  if (!post.byThisApp)
    return faultAt(
      'message-foreign',
      at,
      `The message ${body.ts} was not posted by this app`,
      'The entry was written by somebody else, or changed.',
    );
  if (post.edited)
    return faultAt(
      'message-edited',
      at,
      `The message ${body.ts} was edited after it was posted`,
      'Audit messages are never edited: somebody did.',
    );
  const said = readAuditPost(post);
  if (said === undefined)
    return faultAt(
      'message-differs',
      at,
      `The message ${body.ts} has lost its metadata`,
      'It was replaced after it was posted, or is another.',
    );
  if (!announceTheSame(said.changes, body.changes))
    return faultAt(
      'message-differs',
      at,
      `Entry ${entry.sequence} and the message ${body.ts} tell of different entries`,
      'One was changed.',
    );
  if (!isTextOf(post.text, body.textDigest))
    return faultAt(
      'message-edited',
      at,
      `The text of the message ${body.ts} is not the one that was posted`,
      'The text, or its entry, was changed.',
    );
  const followsNone = said.previousHash === null && entry.sequence === 1;
  const named = said.previousHash === null ? undefined : placeOf.get(said.previousHash);
  if (!followsNone && (named === undefined || named >= entry.sequence))
    return faultAt(
      'message-differs',
      at,
      `The message ${body.ts} names an audit entry that does not come before entry ${entry.sequence}`,
      'Audit entries before it were changed, removed, moved or inserted after it was posted.',
    );
  return said;
};

/** An audit message that no entry speaks of: said twice, still on its way, or robbed of its entry. */
const checkUnentered = (
  post: WitnessPost,
  entered: ReadonlySet<string>,
  newestEntered: number,
  nowMs: number,
): VerificationFault | 'repeat' | 'under-way' => {
  const said = readAuditPost(post);
  const at = { ts: post.ts };
  if (said === undefined || post.edited)
    return faultAt(
      'message-edited',
      at,
      `The audit message ${post.ts} is not as the announcer posts them`,
      'It was edited, and no entry speaks of it.',
    );
  if (said.changes.length > 0 && said.changes.every((change) => entered.has(changeKey(change)))) return 'repeat';
  if (Number(post.ts) > newestEntered && nowMs - msOf(post.ts) < longestUnderWayMs) return 'under-way';
  return faultAt(
    'entry-missing',
    at,
    `The audit stream has no entry of the message ${post.ts}`,
    'The newest audit entries were cut off, or the announcer has not come back since an answer of Slack was lost.',
  );
};

/** Holds the audit stream against itself and against its channel, both ways. */
export const verifyAudit = (
  reading: StreamReading,
  { channelId, posts, oldest }: Channel,
  nowMs: number,
): AuditCheck => {
  const { intact, faults: broken } = checkChain(auditStream, reading);
  const entries = 'entries' in reading ? reading.entries : [];
  const placeOf = new Map(entries.map(({ hash }, index) => [hash, index + 1]));
  const byTs = new Map(posts.map((post) => [post.ts, post]));
  const oldestSeen = posts.reduce((least, { ts }) => Math.min(least, Number(ts)), Number.POSITIVE_INFINITY);
  const faults: VerificationFault[] = [...broken];
  const told: Told[] = [];
  const claimed = new Set<string>();
  const gone: string[] = [];
  let [messages, beforeTheWindow, inOtherChannels, vouchedFor, newestEntered] = [0, 0, 0, 0, 0];

  for (const [index, entry] of entries.entries()) {
    const { body } = entry;
    if (body.kind !== 'announced') {
      const what = `Entry ${entry.sequence} of ${auditStream} is of kind ${body.kind}`;
      faults.push(
        faultAt(
          'foreign-entry',
          { sequence: entry.sequence },
          what,
          'That stream contains announcements only: somebody else wrote it.',
        ),
      );
      continue;
    }
    const at = { sequence: entry.sequence, ts: body.ts };
    if (body.channelId !== channelId) {
      inOtherChannels += 1;
      continue;
    }
    if (claimed.has(body.ts)) {
      const what = `Entry ${entry.sequence} claims the message ${body.ts}, which an earlier entry claims too`;
      faults.push(
        faultAt('message-claimed-twice', at, what, 'The announcer enters a message once: one of the two was inserted.'),
      );
      continue;
    }
    claimed.add(body.ts);
    newestEntered = Math.max(newestEntered, Number(body.ts));
    const post = byTs.get(body.ts);
    if (post === undefined) {
      const isOld = nowMs - msOf(body.ts) >= shortestRetentionMs;
      if (oldest !== undefined && Number(body.ts) < Number(oldest)) beforeTheWindow += 1;
      else if (isOld && Number(body.ts) < oldestSeen) gone.push(body.ts);
      else {
        const what = `The channel does not have the message ${body.ts} of entry ${entry.sequence}`;
        faults.push(faultAt('message-missing', at, what, 'It was deleted, or the entry was written by somebody else.'));
      }
      continue;
    }
    const said = checkMessage(entry, body, post, placeOf);
    if ('code' in said) {
      faults.push(said);
      continue;
    }
    messages += 1;
    vouchedFor = Math.max(vouchedFor, Math.min(index + 1, intact));
  }

  // A message vouches for the audit entry that it names and, by the chain, for all before; so it does where their own messages are gone.
  for (const [index, { body, sequence }] of entries.entries()) {
    if (body.kind !== 'announced') continue;
    for (const change of body.changes)
      told.push({ change, where: `audit entry ${sequence}`, isVouched: index < vouchedFor });
  }
  const entered = new Set(told.map(({ change }) => changeKey(change)));
  let repeats = 0;
  const underWay: string[] = [];
  for (const post of posts.filter(isAuditPost)) {
    const said = post.edited ? undefined : readAuditPost(post);
    for (const change of said?.changes ?? [])
      told.push({ change, where: `the message ${post.ts}`, ts: post.ts, isVouched: true });
    if (claimed.has(post.ts)) continue;
    const found = checkUnentered(post, entered, newestEntered, nowMs);
    if (found === 'repeat') repeats += 1;
    else if (found === 'under-way') underWay.push(post.ts);
    else faults.push(found);
  }
  const verdict = streamVerdict(auditStream, reading, vouchedFor);
  const until = gone.toSorted((one, other) => Number(one) - Number(other)).at(-1);
  const witnessGone = until === undefined ? {} : { witnessGone: { count: gone.length, until } };
  return { verdict, told, faults, messages, beforeTheWindow, inOtherChannels, repeats, underWay, ...witnessGone };
};
