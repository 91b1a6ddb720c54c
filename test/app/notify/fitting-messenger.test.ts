import { describe, expect, it } from 'vitest';
import { fittingMessenger } from '../../../lib/app/notify/fitting-messenger.ts';
import type { Messenger } from '../../../lib/app/ports/messenger.ts';
import { auditEventType } from '../../../lib/app/verify/audit-post.ts';
import { messageBudget } from '../../../lib/core/limits/limits.ts';
import { section } from '../../../lib/messages/block-kit/blocks.ts';
import { charactersOf } from '../../../lib/messages/block-kit/fit.ts';
import type { Message } from '../../../lib/messages/message.ts';
import { createMemoryMessenger } from '../../support/memory-messenger.ts';

const { signal } = new AbortController();
const long: Message = {
  text: 'It is long.',
  blocks: Array.from({ length: 30 }, (_, index) => section(`${index} ${'x'.repeat(500)}`)),
};
const metadata = (type: string) => ({ event_type: type, event_payload: {} });

/** A Slack that refuses blocks of more than so many characters, and what it was asked to post, by its characters. */
const slack = (characters: number) => {
  const memory = createMemoryMessenger(() => 0, ['C0AUDIT']);
  const tried: number[] = [];
  const post: Messenger['post'] = async (channelId, message, ...rest) => {
    tried.push(charactersOf(message.blocks));
    return charactersOf(message.blocks) > characters
      ? { ok: false, failure: { kind: 'refused', code: 'msg_blocks_too_long' } }
      : memory.post(channelId, message, ...rest);
  };
  return { messenger: fittingMessenger({ ...memory, post }), tried };
};

describe('a message that Slack refuses for its size', () => {
  it.each([
    [messageBudget.characters, 1],
    [messageBudget.characters - 1_000, 2],
    [1_000, 3],
  ])('is said shorter until it is taken, where %i characters are: %i times', async (characters, times) => {
    const { messenger, tried } = slack(characters);
    expect(await messenger.post('C0AUDIT', long, metadata('postal_endpoint_pointer'), signal)).toMatchObject({
      ok: true,
    });
    expect(tried).toHaveLength(times);
    expect(tried.toSorted((one, other) => other - one)).toEqual(tried);
  });

  it('is refused where even its text alone is', async () => {
    const { messenger, tried } = slack(-1);
    expect(await messenger.post('C0AUDIT', long, metadata('postal_endpoint_pointer'), signal)).toMatchObject({
      ok: false,
    });
    expect(tried).toHaveLength(3);
  });

  it('is left to the announcer, as it is, where it is an announcement', async () => {
    const { messenger, tried } = slack(1_000);
    expect(await messenger.post('C0AUDIT', long, metadata(auditEventType), signal)).toMatchObject({ ok: false });
    expect(tried).toEqual([charactersOf(long.blocks)]);
  });
});
