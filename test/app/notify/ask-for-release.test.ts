import { describe, expect, it } from 'vitest';
import { plansWaiting } from '../../../lib/app/state/waiting-plans.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { orderlyPorts } from '../../support/orderly-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const host = 'gitlab.mail.corp.internal';
const policy = {
  protected: [
    {
      name: 'production',
      hostnames: ['*.prod.corp.internal'],
      approvers: { users: ['U0LI'] },
      channel: 'C0APPROVERS',
    },
  ],
};

/** Works a command line; as soon as its plan is recorded, another worker takes it to its end by another one. */
const overtaken = async (line: string, hostname: string, decision: (changeId: string) => string, user: string) => {
  const worker = workerUnderTest({ policy, channels: ['C0AUDIT', 'C0OTHER', 'C0APPROVERS'] });
  await worker.say(`add ${host} 10.0.4.12`);
  const { state } = worker.ports;
  let isDecided = false;
  const put: typeof state.put = async (item, ...rest) => {
    if (item.collection === plansWaiting && !isDecided) {
      isDecided = true;
      await worker.work(worker.message(decision(item.key), { user }));
    }
    return state.put(item, ...rest);
  };
  const seen = orderlyPorts({ ...worker.ports, state: { ...state, put } });
  await worker.work(worker.message(line), 1, seen.ports);
  const last = [...fold(await worker.ledger.read(hostname, signal)).changes.values()].at(-1);
  return { worker, seen, state: last?.state };
};

describe('a plan that is decided before it is shown', () => {
  it('leaves nothing behind where it waits for a confirmation', async () => {
    const line = `update ${host} 10.0.4.13`;
    const { worker, seen, state } = await overtaken(line, host, (changeId) => `cancel ${changeId}`, 'maria');
    expect(state).toBe('cancelled');
    expect(await worker.ports.state.list(plansWaiting, signal)).toEqual([]);
    expect(seen.overlaps).toEqual([]);
    expect(seen.pending()).toEqual([]);
  });

  it('has no buttons in the approvers’ channel', async () => {
    const guarded = 'mail.prod.corp.internal';
    const reject = (changeId: string): string => `reject ${changeId} --reason "not today"`;
    const { worker, seen, state } = await overtaken(`add ${guarded} 10.0.4.12`, guarded, reject, 'li');
    expect(state).toBe('rejected');
    const asked = worker.messenger.posts.filter(({ channelId }) => channelId === 'C0APPROVERS');
    expect(asked).toHaveLength(1);
    expect(JSON.stringify(asked[0]?.message)).toContain('Rejected by <@U0LI>');
    expect(JSON.stringify(asked[0]?.message)).not.toContain('run-replacing');
    expect(await worker.ports.state.list(plansWaiting, signal)).toEqual([]);
    expect(seen.overlaps).toEqual([]);
    expect(seen.pending()).toEqual([]);
  });
});
