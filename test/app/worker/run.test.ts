import { describe, expect, it } from 'vitest';
import { StateUnavailable } from '../../../lib/app/ports/state-store.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';

describe('working a queue message', () => {
  it('does not do again what only could not be remembered', async () => {
    const worker = workerUnderTest();
    const put = () => Promise.reject(new StateUnavailable('down'));
    expect(await worker.work(worker.message(`check ${host}`), 1, { state: { ...worker.ports.state, put } })).toEqual({
      kind: 'done',
    });
    expect(worker.messenger.replies).toHaveLength(1);
    expect(worker.logged.join()).toContain('could not be remembered');
  });

  it('asks for a later delivery even when the person cannot be told of the delay', async () => {
    const worker = workerUnderTest();
    const state = { ...worker.ports.state, get: () => Promise.reject(new StateUnavailable('down')) };
    const messenger = { ...worker.messenger, reply: () => Promise.reject(new Error('no bot token')) };
    expect(await worker.work(worker.message(`check ${host}`), 1, { state, messenger })).toMatchObject({
      kind: 'retry',
    });
  });
});
