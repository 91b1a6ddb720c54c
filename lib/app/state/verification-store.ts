import {
  type VerificationDone,
  type VerificationRun,
  type VerificationState,
  verificationDoneSchema,
  verificationRunSchema,
} from '../../core/watch/nightly-verification.ts';
import type { StateStore } from '../ports/state-store.ts';
import { asJson } from './collection.ts';

const collection = 'verification';

/** What is known of the nightly verification. */
export const readVerification = async (state: StateStore, signal: AbortSignal): Promise<VerificationState> => {
  const items = await state.list(collection, signal);
  const named = (key: string): unknown => items.find((item) => item.key === key)?.value;
  const run = verificationRunSchema.safeParse(named('run')).data;
  const done = verificationDoneSchema.safeParse(named('done')).data;
  return { ...(run === undefined ? {} : { run }), ...(done === undefined ? {} : { done }) };
};

export const saveVerificationRun = async (
  state: StateStore,
  run: VerificationRun,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection, key: 'run', value: asJson(run) }, false, signal);
};

export const saveVerificationDone = async (
  state: StateStore,
  done: VerificationDone,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection, key: 'done', value: asJson(done) }, false, signal);
};
