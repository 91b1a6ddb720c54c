import type { InconclusiveReason, Prediction } from './prediction.ts';

/** `good`: in, encrypted, at once. `warning`: in, at a price. `bad`: not in. `unknown`: a probe cannot know. */
export type VerdictLevel = 'good' | 'warning' | 'bad' | 'unknown';

export type Verdict = {
  readonly level: VerdictLevel;
  /** What Postal will do, in one plain sentence. */
  readonly sentence: string;
  /** What was not tried, or what else belongs to it; a plain sentence. */
  readonly remark?: string;
  /** The same in a few words, for a table. */
  readonly brief: string;
};

/** Postal's schedule: 5 min × 1.3ⁿ, 18 attempts. */
const retriesFor = 'about 31 h';

const because: Readonly<Record<Exclude<InconclusiveReason, 'recipient-not-tried' | 'message-not-delivered'>, string>> =
  {
    slow: 'the server was silent for longer than a probe waits',
    'put-off': 'the server put this prober off',
    'outside-policy': 'an address lies outside the ranges that policy lets the prober reach',
    'probe-failed': 'the probe did not get far enough',
  };

const untried: Readonly<Record<'recipient-not-tried' | 'message-not-delivered', string>> = {
  'recipient-not-tried': 'No recipient was tried.',
  'message-not-delivered': 'The recipient is accepted; no message was delivered.',
};

const waiting = (seconds: number): string => (seconds >= 1 ? `, after waiting ${Math.round(seconds)} s in vain` : '');

/** `encrypted`, or loudly not. */
const secured = (security: 'tls' | 'plaintext'): string => (security === 'tls' ? 'encrypted' : 'but in PLAINTEXT');

const getsIn = (
  verb: 'get in' | 'deliver',
  security: 'tls' | 'plaintext',
  stallSeconds: number,
  remark?: string,
): Verdict => ({
  level: security === 'tls' && stallSeconds < 1 ? 'good' : 'warning',
  sentence: `Postal will ${verb}, ${secured(security)}${waiting(stallSeconds)}.`,
  brief: `${security === 'tls' ? 'encrypted' : 'PLAINTEXT'}${stallSeconds >= 1 ? `, ${Math.round(stallSeconds)} s late` : ''}`,
  ...(remark === undefined ? {} : { remark }),
});

const inconclusive = ({ inconclusive: open, entry, stallSeconds }: Prediction): Verdict => {
  const reason = open?.reason ?? 'probe-failed';
  switch (reason) {
    case 'recipient-not-tried':
    case 'message-not-delivered':
      if (entry !== undefined) return getsIn('get in', entry.security, stallSeconds, untried[reason]);
      break;
    case 'slow':
    case 'put-off':
    case 'outside-policy':
    case 'probe-failed': {
      // Of silence there is nothing more to say.
      const remark = open === undefined || open.message === '' || reason === 'slow' ? {} : { remark: open.message };
      if (entry === undefined) {
        return {
          level: 'unknown',
          sentence: `What Postal will do is unknown, because ${because[reason]}.`,
          brief: 'unknown',
          ...remark,
        };
      }
      const got = getsIn('get in', entry.security, stallSeconds);
      const sentence = `${got.sentence.slice(0, -1)}; what comes next is unknown, because ${because[reason]}.`;
      return { ...got, level: 'unknown', sentence, ...remark };
    }
  }
  return {
    level: 'unknown',
    sentence: `What Postal will do is unknown, because ${because['probe-failed']}.`,
    brief: 'unknown',
  };
};

/** What happens to the mail that did not get in. */
const afterwards = ({ willRetry, retryAfterSeconds, bouncesToSender }: Prediction): string => {
  if (!willRetry) return bouncesToSender ? 'bounce at once' : 'give up at once, without a bounce';
  const first = retryAfterSeconds === null ? '' : `, first in ${retryAfterSeconds} s`;
  return `retry for ${retriesFor}${first}, then bounce`;
};

const fails = (prediction: Prediction, what: string): Verdict => ({
  level: 'bad',
  sentence: `${what}: ${what.startsWith('Postal') ? 'it' : 'Postal'} will ${afterwards(prediction)}.`,
  brief: prediction.willRetry
    ? 'retries, then bounces'
    : prediction.bouncesToSender
      ? 'bounces at once'
      : 'gives up at once',
});

/** What a prediction means, verdict first: whether Postal gets in, encrypted or not, and what happens to the mail if not. */
export const verdictOf = (prediction: Prediction): Verdict => {
  switch (prediction.class) {
    case 'sent_tls':
      return getsIn('deliver', 'tls', prediction.stallSeconds);
    case 'sent_plaintext':
      return getsIn('deliver', 'plaintext', prediction.stallSeconds);
    case 'no_hosts':
      return fails(prediction, 'Postal will find no address');
    case 'connect_fail':
      return fails(prediction, 'Postal will not get in');
    case 'softfail_smtp':
      return fails(prediction, 'The server will put the mail off');
    case 'softfail_error':
      return fails(prediction, 'The connection will break while the mail is handed over');
    case 'hardfail':
      return fails(prediction, 'The server will refuse the mail');
    case 'internal_error':
      return fails(prediction, 'Postal itself will break over this endpoint');
    case 'inconclusive':
      return inconclusive(prediction);
  }
};
