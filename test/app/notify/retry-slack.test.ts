import { describe, expect, it } from 'vitest';
import { afterReply, retrySlack } from '../../../lib/app/notify/retry-slack.ts';
import type { MessengerResult } from '../../../lib/app/ports/messenger.ts';
import type { MessengerFailure } from '../../../lib/messages/message.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const limited = (retryAfterSeconds: number): MessengerFailure => ({ kind: 'rate-limited', retryAfterSeconds });
const silent: MessengerFailure = { kind: 'unreachable', message: 'HTTP 500' };
const refused: MessengerFailure = { kind: 'refused', code: 'not_in_channel' };

const saying = async (failures: readonly MessengerFailure[], { repeatable = true, budgetMs = 60_000 } = {}) => {
  const clock = createManualClock(undefined, { skipsSleep: true });
  const left = [...failures];
  let said = 0;
  const say = async (): Promise<MessengerResult<null>> => {
    said += 1;
    const failure = left.shift();
    return failure === undefined ? { ok: true, value: null } : { ok: false, failure };
  };
  const deadline = { atMs: clock.now() + budgetMs, signal: new AbortController().signal };
  const result = await retrySlack({ clock }, deadline, repeatable, say);
  return { ok: result.ok, said, slept: clock.slept };
};

describe('saying something retrySlack', () => {
  it('waits as long as Slack asks, then says it again', async () => {
    expect(await saying([limited(2), limited(1)])).toEqual({ ok: true, said: 3, slept: [2000, 1000] });
  });

  it.each([
    ['what a person has to mend', [refused], {}, 1],
    ['what may stand there already and must not stand there twice', [silent], { repeatable: false }, 1],
    ['what Slack puts off for longer than a worker may wait', [limited(30)], {}, 1],
    ['what would take the time that is left', [limited(8)], { budgetMs: 9_000 }, 1],
    ['what is put off again and again', Array.from({ length: 9 }, () => limited(1)), {}, 4],
  ] as const)('gives up on %s', async (_, failures, options, said) => {
    expect(await saying(failures, options)).toMatchObject({ ok: false, said });
  });

  it('says again what nobody knows to have arrived, where twice is better than never', async () => {
    expect(await saying([silent, silent])).toMatchObject({ ok: true, said: 3 });
  });

  it('leaves only what Slack put off to a later delivery', () => {
    expect(afterReply({ ok: false, failure: limited(30) })).toMatchObject({ kind: 'retry', afterSeconds: 30 });
    for (const failure of [silent, refused]) expect(afterReply({ ok: false, failure })).toEqual({ kind: 'done' });
    expect(afterReply({ ok: true, value: null })).toEqual({ kind: 'done' });
  });
});
