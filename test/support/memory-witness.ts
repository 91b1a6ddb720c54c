import type { Witness, WitnessPost } from '../../lib/app/ports/witness.ts';
import type { MemoryMessenger } from './memory-messenger.ts';

/** What stands first in every channel that a bot was invited to. */
const joined: WitnessPost = {
  ts: '1000000000.000000',
  text: 'has joined the channel',
  edited: false,
  byThisApp: false,
  metadata: undefined,
};

/** What a channel of a Slack in memory has, as `conversations.history` shows it. */
export const createMemoryWitness = (messenger: Pick<MemoryMessenger, 'posts'>): Witness => ({
  posts: async (channelId, oldest) => {
    const posts = messenger.posts
      .filter((post) => post.channelId === channelId)
      .map(({ ts, message, metadata }): WitnessPost => {
        const { event_type: eventType, event_payload: payload } = metadata;
        return { ts, text: message.text, edited: false, byThisApp: true, metadata: { eventType, payload } };
      });
    return { ok: true, value: [joined, ...posts].filter(({ ts }) => Number(ts) >= Number(oldest ?? 0)) };
  },
});
