import { expect, it } from 'vitest';
import type { StateStore } from '../../../lib/app/ports/state-store.ts';
import { awaitAnnouncement, markAnnounced, waitingAnnouncements } from '../../../lib/app/state/announcements.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';

const changeId = '01KJQDP5Y0DZ33AS94E8K5JF29';
const hostname = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();

/** A state table in which something happens before or after one of the calls of whoever notes that an announcement is awaited. */
const noted = async (call: number, meanwhile: (state: StateStore) => Promise<unknown>) => {
  const state = createMemoryStateStore(createManualClock('2026-03-02T14:02:00.000Z'));
  let calls = 0;
  const stepped: StateStore = {
    ...state,
    get: async (...args) => {
      calls += 1;
      if (calls === call) await meanwhile(state);
      return state.get(...args);
    },
    put: async (...args) => {
      calls += 1;
      if (calls === call) await meanwhile(state);
      return state.put(...args);
    },
  };
  await awaitAnnouncement(stepped, changeId, hostname, true, signal);
  return { calls, waiting: (await waitingAnnouncements(state, signal)).map(({ status }) => status) };
};

const announced = async (state: StateStore): Promise<void> => {
  await awaitAnnouncement(state, changeId, hostname, true, signal);
  await markAnnounced(state, changeId, hostname, null, signal);
};

it('notes that an announcement is awaited', async () => {
  expect(await noted(0, async () => undefined)).toMatchObject({ waiting: ['pending'] });
});

it.each([1, 2, 3, 4])('leaves nothing to announce where another worker announced it before call %i', async (call) => {
  const { calls, waiting } = await noted(call, announced);
  expect(calls).toBeGreaterThanOrEqual(Math.min(call, 2));
  expect(waiting).toEqual([]);
});

it('takes back what was noted by a worker that was killed after it had been announced', async () => {
  const state = createMemoryStateStore(createManualClock('2026-03-02T14:02:00.000Z'));
  await announced(state);
  const late = {
    collection: 'announcements-waiting',
    key: changeId,
    value: { status: 'pending', hostname, inSync: true },
  };
  await state.put(late, true, signal);
  await awaitAnnouncement(state, changeId, hostname, true, signal);
  expect(await waitingAnnouncements(state, signal)).toEqual([]);
});
