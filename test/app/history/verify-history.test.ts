import { describe, expect, it } from 'vitest';
import type { MessengerFailure } from '../../../lib/messages/message.ts';
import { announcedHistory } from '../../support/announced-history.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = new AbortController().signal;

const headOf = (worker: ReturnType<typeof workerUnderTest>) => worker.messenger.replies.at(-1)?.message.text;

describe('history --verify', () => {
  it('says how far all is verified, and of one hostname too', async () => {
    const worker = await announcedHistory(40);
    await worker.say('history --verify');
    expect(headOf(worker)).toMatch(/^✅ Verified up to /);
    expect(worker.lastReply()).toMatch(
      /\d+ entries of \d+ hostnames verified against \d+ messages in the audit channel/,
    );
    await worker.say('history h1.mail.corp.internal --verify');
    expect(headOf(worker)).toMatch(/^✅ Verified up to /);
    expect(worker.lastReply()).toContain('h1.mail.corp.internal: verified up to entry 3 of 3');
  });

  it('says what was not announced yet, and does not call that verified', async () => {
    const worker = workerUnderTest();
    await worker.work(worker.message(`add ${host} 10.0.4.12`));
    await worker.say(`history ${host} --verify`);
    expect(headOf(worker)).toMatch(/^❔ Nothing could be verified/);
    expect(worker.lastReply()).toContain('not yet announced: 3 entries');
  });

  it('finds an entry that somebody changed, and says where and what it means', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    const [first] = await worker.ledger.read(host, signal);
    if (first === undefined) throw new Error('no entry');
    worker.ledger.overwrite(host, 1, { ...first, at: '2026-03-02T14:01:59.000Z' });
    await worker.say('history --verify');
    expect(headOf(worker)).toBe('🛑 The history was changed: 1 fault found.');
    expect(worker.lastReply()).toContain(`${host}, entry 1: Entry 1 of ${host} was edited`);
    expect(worker.lastReply()).toContain('Somebody who can write the ledger table');
  });

  it('says nothing of names that the person may not ask about', async () => {
    const worker = workerUnderTest({
      policy: {
        grants: [
          { name: 'admins', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
          {
            name: 'guests',
            teams: ['T0TEAM'],
            users: ['U0GUEST'],
            verbs: ['history'],
            hostnames: ['public.mail.corp.internal'],
          },
        ],
      },
    });
    for (const name of [host, 'public.mail.corp.internal']) await worker.say(`add ${name} 10.0.4.12`);
    await worker.say('history --verify', { user: 'guest' });
    expect(worker.lastReply()).toContain('public.mail.corp.internal');
    expect(worker.lastReply()).not.toContain('gitlab');
  });

  it.each<[MessengerFailure, string]>([
    [{ kind: 'refused', code: 'not_in_channel' }, 'Invite me there'],
    [{ kind: 'refused', code: 'missing_scope' }, 'missing_scope'],
    [{ kind: 'rate-limited', retryAfterSeconds: 120 }, '120 s'],
    [{ kind: 'unreachable', message: 'HTTP 503' }, 'HTTP 503'],
  ])('never calls fine what it could not look at: %j', async (failure, words) => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.work(worker.message('history --verify'), 1, {
      witness: { posts: async () => ({ ok: false, failure }) },
    });
    expect(worker.lastReply()).toContain('could not be verified');
    expect(worker.lastReply()).toContain(words);
    expect(worker.lastReply()).not.toContain('✅');
  });
});
