import type { Deadline } from '../../core/base/deadline.ts';
import type { MessengerFailure } from '../../messages/message.ts';
import type { MessengerResult } from '../ports/messenger.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';

const triesAtMost = 4;
/** A longer wait would hold a worker that others wait for. */
const longestWaitMs = 10_000;
const keptForTheRestMs = 3_000;

const waitMs = (failure: MessengerFailure, attempt: number, repeatable: boolean): number | undefined => {
  switch (failure.kind) {
    case 'rate-limited':
      return failure.retryAfterSeconds * 1000;
    case 'unreachable':
      return repeatable ? 500 * 2 ** (attempt - 1) : undefined;
    case 'refused':
      return undefined;
  }
};

/**
 * Says something to Slack, and again where Slack says "not now", as far as the deadline goes. `repeatable`: to say it twice does less harm than not at
 * all, so that it is also said again when nobody knows whether it arrived.
 */
export const retrySlack = async <Value>(
  { clock }: Pick<Ports, 'clock'>,
  deadline: Deadline,
  repeatable: boolean,
  say: () => Promise<MessengerResult<Value>>,
): Promise<MessengerResult<Value>> => {
  for (let attempt = 1; ; attempt += 1) {
    const result = await say();
    if (result.ok) return result;
    const wait = waitMs(result.failure, attempt, repeatable);
    const fits = wait !== undefined && wait <= longestWaitMs && clock.now() + wait + keptForTheRestMs <= deadline.atMs;
    if (!fits || attempt >= triesAtMost || deadline.signal.aborted) return result;
    try {
      await clock.sleep(wait, deadline.signal);
    } catch {
      return result;
    }
  }
};

/** What happens to a queue message whose answer met this: what Slack put off is said by a later delivery. */
export const afterReply = (told: MessengerResult<unknown>): Outcome =>
  told.ok || told.failure.kind !== 'rate-limited'
    ? done
    : { kind: 'retry', afterSeconds: told.failure.retryAfterSeconds, why: 'the answer: rate-limited' };
