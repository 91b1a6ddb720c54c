import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../core/base/clock.ts';
import { slackLimits } from '../../../core/limits/limits.ts';

/** What a response_url leads to: the conversation, and the message whose button was pressed. */
export type ResponseUrlTarget = { readonly channel: string; readonly userId: string; readonly messageTs?: string };

type ResponseTicket = { readonly target: ResponseUrlTarget; readonly expiresAt: number; uses: number };
type Trigger = { readonly userId: string; readonly expiresAt: number; used: boolean };

/** The short-lived handles that Slack hands out with a request. */
export type Tickets = {
  issueResponseUrl(target: ResponseUrlTarget): string;
  /** Takes one use. */
  redeemResponseUrl(
    key: string,
  ): { readonly target: ResponseUrlTarget } | { readonly error: 'invalid_url' | 'expired_url' | 'used_url' };
  issueTrigger(userId: string): string;
  redeemTrigger(
    id: string,
  ):
    | { readonly userId: string }
    | { readonly error: 'invalid_trigger_id' | 'expired_trigger_id' | 'exchanged_trigger_id' };
};

/** Tickets with Slack's own limits: a response_url 5 uses in 30 minutes, a trigger once in 3 seconds. */
export const createTickets = (clock: Clock): Tickets => {
  const responses = new Map<string, ResponseTicket>();
  const triggers = new Map<string, Trigger>();
  const forget = (map: Map<string, { readonly expiresAt: number }>, graceMs: number): void => {
    for (const [key, { expiresAt }] of map) if (expiresAt + graceMs < clock.now()) map.delete(key);
  };

  return {
    issueResponseUrl: (target) => {
      forget(responses, 3_600_000);
      const key = randomBytes(18).toString('base64url');
      const expiresAt = clock.now() + slackLimits.responseUrlMinutes * 60_000;
      responses.set(key, { target, expiresAt, uses: 0 });
      return key;
    },
    redeemResponseUrl: (key) => {
      const ticket = responses.get(key);
      if (ticket === undefined) return { error: 'invalid_url' };
      if (clock.now() > ticket.expiresAt) return { error: 'expired_url' };
      if (ticket.uses >= slackLimits.responseUrlUses) return { error: 'used_url' };
      ticket.uses += 1;
      return { target: ticket.target };
    },
    issueTrigger: (userId) => {
      forget(triggers, 60_000);
      const id = `${clock.now()}.${randomBytes(12).toString('hex')}`;
      triggers.set(id, { userId, expiresAt: clock.now() + slackLimits.triggerSeconds * 1000, used: false });
      return id;
    },
    redeemTrigger: (id) => {
      const trigger = triggers.get(id);
      if (trigger === undefined) return { error: 'invalid_trigger_id' };
      if (trigger.used) return { error: 'exchanged_trigger_id' };
      if (clock.now() > trigger.expiresAt) return { error: 'expired_trigger_id' };
      trigger.used = true;
      return { userId: trigger.userId };
    },
  };
};
