import * as z from 'zod';
import type { StateStore } from '../ports/state-store.ts';
import { collectionOf } from './collection.ts';

/**
 * Plans that wait for a person, and where they were put before an approver. Scratch: the ledger knows which plans wait, and a message that is lost from
 * here merely keeps its buttons, which are refused when pressed.
 */
const schema = z.object({
  hostname: z.string(),
  expiresAt: z.string(),
  /** Since when a post is tried; absent where nobody is asked in a channel. */
  since: z.string().optional(),
  post: z.object({ channelId: z.string(), ts: z.string() }).optional(),
});
export type WaitingPlan = z.output<typeof schema>;

export const plansWaiting = 'plans-waiting';

const plans = collectionOf(plansWaiting, schema);
export const { item: waitingPlanItem, read: waitingPlan, save: saveWaitingPlan, remove: forgetWaitingPlan } = plans;

/** Every plan that waits, oldest first. */
export const waitingPlans = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<readonly (WaitingPlan & { readonly changeId: string })[]> =>
  [...(await plans.list(state, signal))].map(([changeId, plan]) => ({ changeId, ...plan }));
