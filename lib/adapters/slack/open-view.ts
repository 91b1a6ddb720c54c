import type { ModalView } from '@slack/types';
import * as z from 'zod/mini';
import type { MessengerFailure } from '../../messages/message.ts';
import type { WebApiCall } from './web-api-call.ts';

const expiredTriggers = new Set([
  'expired_trigger_id',
  'trigger_expired',
  'trigger_exchanged',
  'exchanged_trigger_id',
  'invalid_trigger_id',
]);

/** What happened to a form that was to open. `expired`: the trigger was used, or older than three seconds. */
export type ViewOpening =
  | { readonly kind: 'opened' }
  | { readonly kind: 'expired' | 'unavailable'; readonly failure: MessengerFailure };

/** Opens a form with `views.open`. Throws only what `call` throws. */
export const openView = async (
  call: WebApiCall,
  triggerId: string,
  view: ModalView,
  signal: AbortSignal,
): Promise<ViewOpening> => {
  const opened = await call('views.open', { trigger_id: triggerId, view }, z.object({}), signal);
  if (opened.ok) return { kind: 'opened' };
  const { failure } = opened;
  return { kind: failure.kind === 'refused' && expiredTriggers.has(failure.code) ? 'expired' : 'unavailable', failure };
};
