import { describe, expect, it } from 'vitest';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const addLine = `add ${host} 10.0.4.12`;

describe('carrying on', () => {
  it('takes what was recorded to its end, though policy no longer lets the person ask for it', async () => {
    const worker = workerUnderTest();
    const message = worker.message(addLine);
    let reads = 0;
    const zones = {
      ...worker.ports.zones,
      submit: async (...call: Parameters<typeof worker.ports.zones.submit>): Promise<SubmitResult> => {
        await worker.ports.zones.submit(...call);
        return { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };
      },
      readNames: async (...call: Parameters<typeof worker.ports.zones.readNames>) => {
        reads += 1;
        if (reads === 1) return worker.ports.zones.readNames(...call);
        return { ok: false, failure: { kind: 'unreachable', message: 'timed out' } } as const;
      },
    };
    expect(await worker.work(message, 1, { zones })).toMatchObject({ kind: 'retry' });
    const policy = {
      ...worker.ports.policy,
      grants: [{ name: 'few', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'] }],
    };
    expect(await worker.work(message, 2, { policy })).toEqual({ kind: 'done' });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
    expect(await worker.kinds('_refused')).toEqual([]);
    expect(worker.lastReply()).not.toContain('Nothing was changed');
  });

  it('has a change finished whose own message is gone, when its name is asked for again', async () => {
    const worker = workerUnderTest();
    const dies = { ...worker.ports.zones, submit: () => Promise.reject(new Error('the worker dies')) };
    await worker.work(worker.message(addLine), 1, { zones: dies });
    expect(await worker.kinds(host)).toEqual(['requested', 'applying']);
    await worker.say(`add ${host} 10.9.9.9`, { user: 'li' });
    expect((await worker.kinds(host)).at(-1)).toBe('applied');
    expect((await worker.records(host)).find(({ type }) => type === 'A')?.values).toEqual(['10.0.4.12']);
    expect(
      worker.messenger.replies.filter(
        ({ to, message }) => to.userId === 'U0LI' && message.text.includes('is just being added by @maria'),
      ),
    ).toHaveLength(1);
    expect(worker.messenger.replies.at(-1)?.to.userId).toBe('U0MARIA');
    expect(worker.lastReply()).toContain('added');
  });
});
