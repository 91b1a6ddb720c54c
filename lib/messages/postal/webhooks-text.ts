import { countOf } from '../../core/postal/audit/words.ts';
import { summaryOf, type WebhookTally } from '../../core/postal/webhooks/webhook-tally.ts';
import { dateText, escapeText } from '../block-kit/blocks.ts';

/** What the webhooks of one mail server said of a hostname. */
export type ToldByWebhooks = { readonly server: string; readonly tally: WebhookTally };

const time = (ms: number): string => dateText(new Date(ms).toISOString());

/** What the webhooks of each mail server count since the last message that was accepted; empty where they count nothing. */
export const webhooksText = (told: readonly ToldByWebhooks[]): string =>
  told
    .flatMap(({ server, tally }) => {
      const { deferred, bounced, held } = summaryOf(tally);
      const counts = [
        ...(deferred === 0 ? [] : [`${countOf(deferred, 'message')} deferred`]),
        ...(bounced === 0 ? [] : [`${bounced} bounced`]),
        ...(held === 0 ? [] : [`${held} held`]),
      ];
      if (counts.length === 0) return [];
      const since = tally.firstFailureAtMs === null ? '' : ` since ${time(tally.firstFailureAtMs)}`;
      return [`*Webhooks of ${escapeText(server)}*: ${counts.join(', ')}${since}, the last ${time(tally.lastAtMs)}.`];
    })
    .join('\n');
