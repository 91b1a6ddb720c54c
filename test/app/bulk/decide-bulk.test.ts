import { describe, expect, it } from 'vitest';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const large = { bulk: { names: 3, share: { of: 1, atLeast: 10 }, planMinutes: 60 } };

describe('a decision on a bulk', () => {
  it('is refused with another digest, by somebody else before it is confirmed, and twice', async () => {
    const { ask, say, bulk, bulkId, lastReply, press } = bulkUnderTest();
    await ask(importing(addingMany(2)));
    await say(`approve ${bulkId} --plan ${'0'.repeat(24)}`);
    expect(lastReply()).toContain('is not the digest of this list');
    await say(`approve ${bulkId}`);
    expect(lastReply()).toContain('the digest is missing');
    await say(`approve ${bulkId} --plan ${(await bulk())?.digest}`, { user: 'li' });
    expect(lastReply()).toContain('has to be confirmed first');
    expect((await bulk())?.state).toBe('requested');
    await press('Apply 2');
    await say(`approve ${bulkId} --plan ${(await bulk())?.digest}`);
    expect(lastReply()).toContain('no longer waits for a decision');
  });

  it('of a large bulk is for anybody else with the right to approve, or for those whom the policy lists', async () => {
    const open = bulkUnderTest({ policy: large });
    await open.ask(importing(addingMany(4)));
    await open.press('Apply 4');
    expect((await open.bulk())?.state).toBe('confirmed');
    await open.press('Approve 4');
    expect((await open.bulk())?.state).toBe('confirmed');
    await open.press('Approve 4', { user: 'li' });
    expect((await open.bulk())?.state).toBe('closed');

    const listed = bulkUnderTest({ policy: { bulk: { ...large.bulk, approvers: { users: ['U0ANNA'] } } } });
    await listed.ask(importing(addingMany(4)));
    await listed.press('Apply 4');
    await listed.press('Approve 4', { user: 'li' });
    expect(listed.lastReply()).toContain('not among those who approve large bulks');
    await listed.press('Approve 4', { user: 'anna' });
    expect((await listed.bulk())?.state).toBe('closed');
  });

  it('can reject it, with a reason, or cancel it; either ends it and is announced', async () => {
    for (const [line, user, state] of [
      ['reject', 'li', 'rejected'],
      ['cancel', 'maria', 'cancelled'],
    ] as const) {
      const { ask, press, say, bulk, bulkId, messenger, records } = bulkUnderTest({ policy: large });
      await ask(importing(addingMany(4)));
      await press('Apply 4');
      await say(`${line} ${bulkId}${line === 'reject' ? ' --reason "not today"' : ''}`, { user });
      expect((await bulk())?.state).toBe(state);
      expect(await records('n0.corp.internal')).toEqual([]);
      const audit = messenger.posts.filter(({ message }) => message.text.includes('entries '));
      expect(audit).toHaveLength(1);
      expect(audit[0]?.message.text).toContain(
        state === 'rejected' ? 'rejected by <@U0LI>: not today' : 'cancelled by <@U0MARIA>. Nothing was changed.',
      );
      // Whoever cancels their own bulk is named once.
      expect(audit[0]?.message.text.split('<@U0MARIA>')).toHaveLength(2);
    }
  });

  it('is no rejection where nobody has to approve it: whoever asked for it cancels it', async () => {
    const { ask, say, bulk, bulkId, lastReply } = bulkUnderTest();
    await ask(importing(addingMany(2)));
    await say(`reject ${bulkId}`, { user: 'li' });
    expect(lastReply()).toContain('needs no approval. Only the person who asked for it can cancel it.');
    expect((await bulk())?.state).toBe('requested');
  });

  it('is no rejection by somebody who may not approve it, who learns why', async () => {
    const { ask, press, say, bulk, bulkId, lastReply } = bulkUnderTest({
      policy: { bulk: { ...large.bulk, approvers: { users: ['U0ANNA'] } } },
    });
    await ask(importing(addingMany(4)));
    await press('Apply 4');
    await say(`reject ${bulkId}`, { user: 'li' });
    expect(lastReply()).toContain('not among those who approve large bulks');
    expect((await bulk())?.state).toBe('confirmed');
  });

  it('is seen in pending, and by its id', async () => {
    const { ask, say, bulkId, lastReply, press } = bulkUnderTest({ policy: large });
    await ask(importing(addingMany(4)));
    await say('pending');
    expect(lastReply()).toContain('waits for its requester');
    await press('Apply 4');
    await say('pending');
    expect(lastReply()).toContain('a second person, asked in');
    await say(`bulk ${bulkId}`);
    expect(lastReply()).toContain('waits for a second person');
    await press('Approve 4', { user: 'li' });
    await say('pending');
    expect(lastReply()).toContain('No plan is waiting');
    await say(`bulk ${bulkId}`);
    expect(lastReply()).toContain('4 names changed');
  });

  it('is taken with the buttons of its list, which later give way', async () => {
    const { ask, press, messenger } = bulkUnderTest({ policy: large });
    await ask(importing(addingMany(4)));
    await press('Apply 4');
    await press('Approve 4', { user: 'li' });
    const request = messenger.posts.find(({ metadata }) => metadata.event_type === 'postal_endpoint_release');
    expect(JSON.stringify(request?.message.blocks)).not.toContain('Approve 4');
  });
});
