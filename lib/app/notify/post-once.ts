import type { MessageMetadata } from '@slack/types';
import { backoffMs } from '../../core/base/backoff.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import type { Message, MessengerFailure, Posted } from '../../messages/message.ts';
import type { MessengerResult } from '../ports/messenger.ts';
import type { Outcome, Ports } from '../ports/ports.ts';
import { retrySlack } from './retry-slack.ts';

/** Slack's clock and ours may differ by this much. */
const clockSkewMs = 60_000;

/** When a post was first tried, ISO 8601, and in which channel last. */
export type EarlierTry = { readonly channelId: string; readonly since: string };

/** A post to a channel that must not appear twice. */
export type OncePost = {
  readonly channelId: string;
  /** Posts into the thread under this post of the channel. */
  readonly threadTs?: string;
  /** The member of the metadata's payload by which Slack finds the post again, and its value. */
  readonly id: { readonly key: string; readonly value: string };
  /** As `begin` recorded it, when the post was tried before. */
  readonly earlier: EarlierTry | undefined;
  readonly compose: () => Promise<{
    readonly message: Message;
    readonly eventType: string;
    readonly payload?: MessageMetadata['event_payload'];
  }>;
  /** Records that the post is about to be sent; `since` is the time of the first try. */
  readonly begin: (since: string, message: Message) => Promise<void>;
};

/** `isFound`: an earlier try had arrived, so the message may be older than what `compose` would say. */
export type PostedOnce = Posted & { readonly isFound: boolean };

const findEarlier = async (
  ports: Pick<Ports, 'messenger' | 'clock'>,
  { earlier, id, threadTs }: OncePost,
  deadline: Deadline,
): Promise<MessengerResult<Posted | undefined>> => {
  if (earlier === undefined) return { ok: true, value: undefined };
  const inThread = threadTs === undefined ? {} : { threadTs };
  const oldest = new Date(Date.parse(earlier.since) - clockSkewMs).toISOString();
  const found = await retrySlack(ports, deadline, true, () =>
    ports.messenger.findPost({ channelId: earlier.channelId, ...inThread }, id.key, id.value, oldest, deadline.signal),
  );
  // A channel that refuses to be read has probably refused the message as well, and a second message is better than none.
  return !found.ok && found.failure.kind === 'refused' ? { ok: true, value: undefined } : found;
};

/**
 * Posts to a channel once: when an earlier try got no answer, the post is looked up by its metadata before it is sent again. Where the lookup fails for a
 * while, nothing is sent and its failure is returned.
 */
export const postOnce = async (
  ports: Pick<Ports, 'messenger' | 'clock'>,
  post: OncePost,
  deadline: Deadline,
): Promise<MessengerResult<PostedOnce>> => {
  const found = await findEarlier(ports, post, deadline);
  if (!found.ok) return found;
  if (found.value !== undefined) return { ok: true, value: { ...found.value, isFound: true } };
  const { channelId, id, threadTs } = post;
  const { message, eventType, payload = {} } = await post.compose();
  await post.begin(post.earlier?.since ?? new Date(ports.clock.now()).toISOString(), message);
  const metadata = { event_type: eventType, event_payload: { [id.key]: id.value, ...payload } };
  const sent = await retrySlack(ports, deadline, false, () =>
    threadTs === undefined
      ? ports.messenger.post(channelId, message, metadata, deadline.signal)
      : ports.messenger.postInThread({ channelId, ts: threadTs, broadcast: false }, message, metadata, deadline.signal),
  );
  return sent.ok ? { ok: true, value: { ...sent.value, isFound: false } } : sent;
};

/** When a message that Slack did not take is tried again: as late as a 429 demands, else later with every delivery, at most after 5 minutes. */
export const retryPost = (
  what: string,
  failure: MessengerFailure,
  deliveries: number,
  { random }: Pick<Ports, 'random'>,
): Outcome => {
  const afterSeconds =
    failure.kind === 'rate-limited'
      ? failure.retryAfterSeconds
      : Math.ceil(backoffMs(deliveries, 2_000, 300_000, random) / 1000);
  return { kind: 'retry', afterSeconds: Math.max(1, afterSeconds), why: `${what}: ${failure.kind}` };
};
