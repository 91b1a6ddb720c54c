import type { KnownBlock } from '@slack/types';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import { actions, code, context, dateText, escapeText, mention, oneLine, section } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { verbCounts } from './bulk-words.ts';

/** One bulk that waits for somebody: whose it is, for whom it waits, and a button that shows its list. */
export const waitingBulkBlocks = (bulk: BulkState, nowMs: number): readonly KnownBlock[] => {
  const { actor, bulkId, expiresAt, needs, state, title } = bulk;
  const channels = [...new Set(needs.map(({ channelId }) => `<#${escapeText(channelId)}>`))].join(', ');
  const forWhom = state === 'requested' ? 'its requester' : `a second person, asked in ${channels}`;
  const isOver = nowMs > Date.parse(expiresAt);
  return [
    section(`${mention(actor.userId)}: ${escapeText(oneLine(title))} (${verbCounts(bulk)})`),
    context(
      `waits for ${forWhom} · ${isOver ? 'expired' : 'expires'} ${dateText(expiresAt)} · bulk ${code(shortChangeId(bulkId))}`,
    ),
    actions([
      commandButton('Show', `bulk ${bulkId}`),
      commandButton('Reject', `reject ${bulkId}`),
      commandButton('Cancel', `cancel ${bulkId}`),
    ]),
  ];
};
