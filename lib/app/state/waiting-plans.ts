import * as z from 'zod';
import type { StateItem, StateStore } from '../ports/state-store.ts';

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

export const waitingPlan = async (
  state: StateStore,
  changeId: string,
  signal: AbortSignal,
): Promise<WaitingPlan | undefined> => {
  const item = await state.get(plansWaiting, changeId, signal);
  return schema.safeParse(item?.value).data;
};

/** Every plan that waits, oldest first; an item that this version cannot read hides no other. */
export const waitingPlans = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<readonly (WaitingPlan & { readonly changeId: string })[]> =>
  (await state.list(plansWaiting, signal)).flatMap(({ key, value }) => {
    const { data } = schema.safeParse(value);
    return data === undefined ? [] : [{ changeId: key, ...data }];
  });

/** That a plan waits. */
export const waitingPlanItem = (changeId: string, plan: WaitingPlan): StateItem => ({
  collection: plansWaiting,
  key: changeId,
  value: JSON.parse(JSON.stringify(plan)),
});

export const saveWaitingPlan = async (
  state: StateStore,
  changeId: string,
  plan: WaitingPlan,
  signal: AbortSignal,
): Promise<void> => {
  await state.put(waitingPlanItem(changeId, plan), false, signal);
};

export const forgetWaitingPlan = (state: StateStore, changeId: string, signal: AbortSignal): Promise<void> =>
  state.remove(plansWaiting, changeId, signal);
