import { describe, expect, it } from 'vitest';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const wrong = 'add 10.0.4.12 mail.example.com';

describe('a refusal', () => {
  it('is recorded once, though others were refused between its deliveries', async () => {
    const worker = workerUnderTest();
    const message = worker.message(wrong);
    worker.messenger.replyTrouble.push({ kind: 'rate-limited', retryAfterSeconds: 30 });
    expect(await worker.work(message, 1)).toMatchObject({ kind: 'retry', afterSeconds: 30 });
    await worker.say(wrong, { user: 'li' });
    expect(await worker.work(message, 2)).toEqual({ kind: 'done' });
    expect(await worker.kinds('_refused')).toEqual(['refused', 'refused']);
  });

  it.each([wrong, 'add gitlab.mail.corp.internal 8.8.8.8'])(
    'is recorded though another worker records one at the same moment: %s',
    async (line) => {
      const worker = workerUnderTest();
      let isOvertaken = false;
      const append: typeof worker.ledger.append = async (...call) => {
        if (!isOvertaken) {
          isOvertaken = true;
          await worker.work(worker.message(line, { user: 'li' }));
        }
        return worker.ledger.append(...call);
      };
      await worker.work(worker.message(line), 1, { ledger: { ...worker.ledger, append } });
      expect(isOvertaken).toBe(true);
      const stream = line === wrong ? '_refused' : 'gitlab.mail.corp.internal';
      const refused = (await worker.ledger.read(stream, new AbortController().signal)).map(({ body }) =>
        body.kind === 'refused' ? body.actor.userName : body.kind,
      );
      expect(refused).toEqual(['li', 'maria']);
    },
  );

  it('reaches the person in spite of a 429 and a 500', async () => {
    const worker = workerUnderTest();
    worker.messenger.replyTrouble.push(
      { kind: 'rate-limited', retryAfterSeconds: 2 },
      { kind: 'unreachable', message: 'HTTP 500' },
    );
    expect(await worker.say(wrong)).toEqual({ kind: 'done' });
    expect(worker.messenger.replies).toHaveLength(1);
    expect(worker.lastReply()).toContain('Nothing was changed');
  });
});

describe('the answer to a change', () => {
  it('is not lost when Slack puts it off for longer than a worker may wait', async () => {
    const worker = workerUnderTest();
    const message = worker.message('add gitlab.mail.corp.internal 10.0.4.12');
    worker.messenger.replyTrouble.push({ kind: 'rate-limited', retryAfterSeconds: 60 });
    expect(await worker.work(message, 1)).toMatchObject({ kind: 'retry', afterSeconds: 60 });
    expect(await worker.work(message, 2)).toEqual({ kind: 'done' });
    expect(worker.messenger.replies).toHaveLength(1);
    expect(worker.lastReply()).toContain('added');
    expect(await worker.kinds('gitlab.mail.corp.internal')).toEqual(['requested', 'applying', 'applied']);
  });
});
