import { describe, expect, it } from 'vitest';
import type { InconclusiveReason, Prediction } from '../../../lib/core/postal/prediction.ts';
import { verdictOf } from '../../../lib/core/postal/verdict.ts';
import { letIn, noHosts, shutOut } from '../../support/sample-probe.ts';

const ip = '10.0.4.12';
const open = (reason: InconclusiveReason, more: Partial<Prediction> = {}): Prediction =>
  shutOut([ip], {
    class: 'inconclusive',
    result: null,
    willRetry: false,
    inconclusive: { reason, message: 'It said nothing for 10 s.' },
    ...more,
  });

describe('verdictOf', () => {
  it.each([
    ['in, encrypted', letIn([ip], ip, 'tls'), 'good', 'Postal will get in, encrypted.'],
    ['in, in plaintext', letIn([ip], ip, 'plaintext'), 'warning', 'Postal will get in, but in PLAINTEXT.'],
    [
      'in, late',
      letIn([ip], ip, 'tls', { stallSeconds: 30 }),
      'warning',
      'Postal will get in, encrypted, after waiting 30 s in vain.',
    ],
    [
      'delivered',
      letIn([ip], ip, 'tls', { class: 'sent_tls', result: 'Sent' }),
      'good',
      'Postal will deliver, encrypted.',
    ],
    [
      'delivered in plaintext',
      letIn([ip], ip, 'plaintext', { class: 'sent_plaintext', result: 'Sent' }),
      'warning',
      'Postal will deliver, but in PLAINTEXT.',
    ],
    ['not in', shutOut([ip]), 'bad', 'Postal will not get in: it will retry for about 31 h, then bounce.'],
    ['no address', noHosts(), 'bad', 'Postal will find no address: it will retry for about 31 h, then bounce.'],
    [
      'put off',
      shutOut([ip], { class: 'softfail_smtp', retryAfterSeconds: 310 }),
      'bad',
      'The server will put the mail off: Postal will retry for about 31 h, first in 310 s, then bounce.',
    ],
    [
      'broken off',
      shutOut([ip], { class: 'softfail_error' }),
      'bad',
      'The connection will break while the mail is handed over: Postal will retry for about 31 h, then bounce.',
    ],
    [
      'refused',
      shutOut([ip], { class: 'hardfail', result: 'HardFail', willRetry: false, bouncesToSender: true }),
      'bad',
      'The server will refuse the mail: Postal will bounce at once.',
    ],
    [
      'a bounce refused',
      shutOut([ip], { class: 'hardfail', result: 'HardFail', willRetry: false, bouncesToSender: false }),
      'bad',
      'The server will refuse the mail: Postal will give up at once, without a bounce.',
    ],
    [
      'broken itself',
      noHosts({ class: 'internal_error' }),
      'bad',
      'Postal itself will break over this endpoint: it will retry for about 31 h, then bounce.',
    ],
  ] as const)('%s', (_, prediction, level, sentence) => {
    expect(verdictOf(prediction)).toMatchObject({ level, sentence });
  });

  it.each(['slow', 'put-off', 'outside-policy', 'probe-failed'] as const)('says why it is unknown: %s', (reason) => {
    const verdict = verdictOf(open(reason));
    expect(verdict).toMatchObject({
      level: 'unknown',
      ...(reason === 'slow' ? {} : { remark: 'It said nothing for 10 s.' }),
    });
    expect(verdict.sentence).toMatch(/^What Postal will do is unknown, because .+\.$/);
  });

  it('says how far Postal gets where only the rest is open', () => {
    const verdict = verdictOf(open('put-off', { entry: { ip, security: 'tls' } }));
    expect(verdict).toMatchObject({
      level: 'unknown',
      sentence: expect.stringMatching(/^Postal will get in, encrypted; what comes next is unknown, because/),
    });
  });

  it('says what was not tried', () => {
    expect(verdictOf(letIn([ip], ip, 'tls')).remark).toBe('No recipient was tried.');
    const accepted = letIn([ip], ip, 'tls', { inconclusive: { reason: 'message-not-delivered', message: '' } });
    expect(verdictOf(accepted).remark).toBe('The recipient is accepted; no message was delivered.');
  });

  it('does not promise what has no entry', () => {
    expect(verdictOf(open('recipient-not-tried')).level).toBe('unknown');
    expect(verdictOf(shutOut([ip], { class: 'inconclusive' })).level).toBe('unknown');
  });
});
