import type { ChangeState } from '../../core/ledger/fold.ts';
import type { ReplyTo } from '../queue/message.ts';

/** Where and how the person behind a change is answered. */
export type Answering = {
  readonly replyTo: ReplyTo;
  /** A button's message gives way to the answer, step by step. A slash command's answers cannot replace each other: they would pile up. */
  readonly replaceOriginal: boolean;
};

/** Of a change whose request is no longer at hand. */
export const requesterOf = ({ actor }: ChangeState): Answering => ({
  replyTo: { channelId: actor.channelId, userId: actor.userId },
  replaceOriginal: false,
});
