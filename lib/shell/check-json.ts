import type { Assessment } from '../core/postal/assessment.ts';
import type { Prediction } from '../core/postal/prediction.ts';

/** What happened to the recipient; `not-tried` also where Postal did not get so far. */
type RecipientOutcome = 'not-tried' | 'accepted' | 'refused' | 'put-off';

const recipientOf = (prediction: Prediction): RecipientOutcome => {
  const { entry, inconclusive } = prediction;
  if (entry === undefined || inconclusive?.reason === 'recipient-not-tried') return 'not-tried';
  if (inconclusive?.reason === 'message-not-delivered' || prediction.result === 'Sent') return 'accepted';
  return prediction.result === 'HardFail' ? 'refused' : 'put-off';
};

/** Where only the recipient or the message was left out, it is known that Postal gets in, and how. */
const withoutRecipient = (prediction: Prediction): object => {
  const { entry, inconclusive, ...known } = prediction;
  const isLeftOut = inconclusive?.reason === 'recipient-not-tried' || inconclusive?.reason === 'message-not-delivered';
  return isLeftOut && entry !== undefined ? { ...known, entry, class: `gets_in_${entry.security}` } : prediction;
};

/** `null` where the probe does not tell. */
const getsIn = ({ entry, class: predicted }: Prediction): boolean | null =>
  entry !== undefined ? true : predicted === 'inconclusive' ? null : false;

/**
 * The answer of `check --json`.
 *
 * | class | Postal |
 * | --- | --- |
 * | `gets_in_tls`, `gets_in_plaintext` | gets in; `recipient` says whether one was tried and accepted |
 * | `sent_tls`, `sent_plaintext` | delivers |
 * | `no_hosts`, `connect_fail` | does not get in, and tries again |
 * | `softfail_smtp`, `softfail_error` | gets in, is put off, and tries again |
 * | `hardfail` | gets in, is refused, and bounces |
 * | `internal_error` | fails itself, and tries again |
 * | `inconclusive` | does what a probe cannot know, for the reason in `inconclusive` |
 */
export const checkJson = ({ report, prediction, findings }: Assessment, sslMode: string): string => {
  const { hostname, port, startedAt, durationMs, seenFrom, resolution, transaction, addresses } = report;
  return JSON.stringify({
    hostname,
    port,
    sslMode,
    getsIn: getsIn(prediction),
    recipient: recipientOf(prediction),
    prediction: withoutRecipient(prediction),
    addresses,
    findings,
    resolution,
    transaction,
    seenFrom,
    startedAt,
    durationMs,
  });
};
