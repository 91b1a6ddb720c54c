import * as z from 'zod';
import type { Deadline } from '../../core/base/deadline.ts';
import type { Message, Posted } from '../../messages/message.ts';
import { answer } from '../notify/reply.ts';
import { retrySlack } from '../notify/retry-slack.ts';
import type { MessengerResult } from '../ports/messenger.ts';
import { done, type Outcome, type Ports, type Request } from '../ports/ports.ts';

/** From then on whoever waits for a slash command wants to hear why. */
const slowAfterMs = 5_000;
/** A response_url takes five messages: after these, counted from the start, one is left for the result and one to spare. */
const replacedAtMs = [0, 4_000, 15_000];
/** Slack wants no more than about one message a second of a channel, and others have something to say there. */
const editEveryMs = 2_000;

const eventType = 'postal_endpoint_check';
const shown = 'checks-shown';
const keptSeconds = 3600;
const postSchema = z.object({ channelId: z.string(), ts: z.string() });

/** What tells somebody how far a check of many is, and in the end the result. */
export interface Progress {
  /** There is something new to show: shown at once, or as soon as Slack accepts another update. */
  told(message: Message): void;
  /** Puts the result in its place. */
  finish(message: Message): Promise<Outcome>;
  /** Shows nothing more: there is no result, and what was shown last is said otherwise. */
  stop(): void;
}

/** How one way of showing goes: when it may be shown for the n-th time, how, and how it ends. */
type Way = {
  readonly dueAtMs: (nth: number, startedAtMs: number, lastAtMs: number) => number | undefined;
  readonly show: (message: Message) => Promise<boolean>;
  readonly finish: (message: Message) => Promise<Outcome>;
};

/** Answers of a slash command do not replace each other, so that it has one word on the way; a button's message can give way, as often as Slack allows. */
const byAnswers = (ports: Ports, request: Request, deadline: Deadline): Way => {
  const { replyTo, replaceOriginal } = request;
  const atMs = replaceOriginal ? replacedAtMs : [slowAfterMs];
  return {
    dueAtMs: (nth, startedAtMs) => (atMs[nth] === undefined ? undefined : startedAtMs + atMs[nth]),
    show: async (message) =>
      (await ports.messenger.reply(replyTo, message, { replaceOriginal, inChannel: false }, deadline.signal)).ok,
    finish: (message) => answer(ports, request, message, deadline),
  };
};

/** One message for all to see, or for a person in their direct messages, that fills in. */
const byPost = (ports: Ports, request: Request, deadline: Deadline): Way => {
  const { messenger, state, clock } = ports;
  const { requestId, replyTo, deliveries } = request;
  const { signal } = deadline;
  let post: z.output<typeof postSchema> | undefined;

  const begin = async (message: Message): Promise<boolean> => {
    // An earlier delivery that died has left a message behind, which would say for ever that it is still at it.
    post = deliveries > 1 ? postSchema.safeParse((await state.get(shown, requestId, signal))?.value).data : undefined;
    if (post !== undefined) return (await messenger.edit(post.channelId, post.ts, message, signal)).ok;
    const metadata = { event_type: eventType, event_payload: { request_id: requestId } };
    const sent: MessengerResult<Posted> = await retrySlack(ports, deadline, false, () =>
      replyTo.threadTs === undefined
        ? messenger.post(replyTo.channelId, message, metadata, signal)
        : messenger.postInThread(
            { channelId: replyTo.channelId, ts: replyTo.threadTs, broadcast: false },
            message,
            metadata,
            signal,
          ),
    );
    if (!sent.ok) return false;
    const { channelId, ts } = sent.value;
    post = { channelId, ts };
    const expiresAt = Math.floor(clock.now() / 1000) + keptSeconds;
    await state.put({ collection: shown, key: requestId, value: { channelId, ts }, expiresAt }, false, signal);
    return true;
  };

  return {
    dueAtMs: (nth, startedAtMs, lastAtMs) =>
      nth === 0 ? startedAtMs : post === undefined ? undefined : lastAtMs + editEveryMs,
    show: async (message) =>
      post === undefined ? begin(message) : (await messenger.edit(post.channelId, post.ts, message, signal)).ok,
    finish: async (message) => {
      const place = post;
      if (place === undefined) return answer(ports, request, message, deadline);
      const edited = await retrySlack(ports, deadline, true, () =>
        messenger.edit(place.channelId, place.ts, message, signal),
      );
      return edited.ok ? done : answer(ports, request, message, deadline);
    },
  };
};

/** Whether the answer is a message of its own that can be edited: shared, or where no message waits to give way. */
const isOwnMessage = ({ command, replyTo, replaceOriginal }: Request): boolean =>
  !replaceOriginal && (('share' in command && command.share) || replyTo.responseUrl === undefined);

/** Shows how far a check of many is, in the way that suits where it was asked for. What Slack does not take on the way is let go: the result counts. */
export const showProgress = (ports: Ports, request: Request, deadline: Deadline): Progress => {
  const { clock, log } = ports;
  const way = isOwnMessage(request) ? byPost(ports, request, deadline) : byAnswers(ports, request, deadline);
  const startedAtMs = clock.now();
  const over = new AbortController();
  let latest: Message | undefined;
  let showing: Promise<void> | undefined;
  let times = 0;
  let lastAtMs = startedAtMs;

  /** As long as there is something new, and Slack accepts updates. */
  const work = async (): Promise<void> => {
    for (;;) {
      const dueAtMs = way.dueAtMs(times, startedAtMs, lastAtMs);
      if (dueAtMs === undefined) return;
      const waitMs = dueAtMs - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs, AbortSignal.any([over.signal, deadline.signal])).catch(() => undefined);
      const message = latest;
      if (message === undefined || over.signal.aborted || deadline.signal.aborted) return;
      latest = undefined;
      times += 1;
      if (!(await way.show(message)))
        log.warn('how far a check is could not be shown', { requestId: request.requestId });
      lastAtMs = clock.now();
      if (latest === undefined) return;
    }
  };

  return {
    told: (message) => {
      latest = message;
      showing ??= work()
        .catch((error: unknown) =>
          log.warn('how far a check is could not be shown', { requestId: request.requestId, error }),
        )
        .finally(() => {
          showing = undefined;
        });
    },
    finish: async (message) => {
      over.abort();
      await showing;
      return way.finish(message);
    },
    stop: () => over.abort(),
  };
};
