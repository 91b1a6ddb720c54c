import type { Predicted } from './predicted.ts';
import { type Looked, type PredictionSpan, predictionAt } from './prediction-spans.ts';
import type { Recorded, RecordedValue } from './recorded.ts';

/**
 * Why a delivery and a prediction cannot be compared; a closed set.
 *
 * | reason | why |
 * | --- | --- |
 * | `not-tried` | Postal tried no server: the message was held, bounced, given up or was spam |
 * | `unreadable` | Postal's words do not tell how far it came |
 * | `internal-error` | Postal itself failed, before it got to the server or afterwards |
 * | `other-hostname` | Postal's endpoint had another hostname then |
 * | `no-prediction` | no probe at that time: before the registration, or watch did not run |
 * | `changed` | the prediction changed around the attempt |
 * | `unknown` | the probe did not show what Postal would do |
 * | `entered-otherwise` | Postal has another port or SSL mode than is registered |
 * | `put-off` | the server put Postal off for now |
 * | `later` | Postal got in as predicted; what happened to the message then no probe tries |
 */
export const incomparableReasons = [
  'not-tried',
  'unreadable',
  'internal-error',
  'other-hostname',
  'no-prediction',
  'changed',
  'unknown',
  'entered-otherwise',
  'put-off',
  'later',
] as const;
export type IncomparableReason = (typeof incomparableReasons)[number];

export type Comparison =
  | { readonly kind: 'agreed' }
  | { readonly kind: 'differs'; readonly span: PredictionSpan }
  | { readonly kind: 'not comparable'; readonly reason: IncomparableReason };

/** Postal's endpoint to which the delivery went, as it is entered now. */
export type EnteredEndpoint = {
  /** In lower case, without a trailing dot. */
  readonly hostname: string;
  readonly port: number;
  readonly sslMode: string | null;
};

const not = (reason: IncomparableReason): Comparison => ({ kind: 'not comparable', reason });
const getsIn = (predicted: Predicted): boolean => predicted === 'encrypted' || predicted === 'plaintext';

/** A prediction and what came of it, both known. */
const judged = (recorded: RecordedValue, span: PredictionSpan): Comparison => {
  const { predicted } = span;
  const by = (agrees: boolean): Comparison => (agrees ? { kind: 'agreed' } : { kind: 'differs', span });
  switch (recorded) {
    case 'encrypted':
    case 'plaintext':
    case 'no-address':
    case 'not-in':
      return by(recorded === predicted);
    case 'put-off':
      return getsIn(predicted) || predicted === 'breaks-off' ? not('put-off') : by(predicted === 'not-in');
    case 'later':
      return getsIn(predicted) ? not('later') : by(predicted === 'breaks-off');
    case 'internal-error':
      return predicted === 'internal-error' ? { kind: 'agreed' } : not('internal-error');
    case 'not-tried':
    case 'unreadable':
      return not(recorded);
  }
};

/**
 * Compares what Postal recorded of an attempt with the prediction that held then. `wait`: the probe after the attempt may yet come.
 *
 * | recorded | agrees with | not comparable with |
 * | --- | --- | --- |
 * | `encrypted`, `plaintext`, `no-address`, `not-in` | the same | |
 * | `put-off` | `not-in` | where it was to get in |
 * | `later` | `breaks-off` | `encrypted`, `plaintext` |
 * | `internal-error` | the same | anything else |
 *
 * It differs from every other prediction.
 */
export const compareDelivery = (
  recorded: Recorded,
  deliveredAtMs: number,
  endpoint: EnteredEndpoint,
  spans: readonly PredictionSpan[],
  looked: Looked,
  nowMs: number,
): Comparison | 'wait' => {
  const { value, hostnames, ports } = recorded;
  if (value === 'not-tried' || value === 'unreadable') return not(value);
  if (hostnames.length > 0 && !hostnames.includes(endpoint.hostname)) return not('other-hostname');
  const span = predictionAt(spans, deliveredAtMs, looked, nowMs);
  if (span === 'wait') return span;
  if (span === 'none') return not('no-prediction');
  if (span === 'changed') return not('changed');
  const isOtherwise = endpoint.port !== span.port || endpoint.sslMode !== span.sslMode;
  if (isOtherwise || ports.some((port) => port !== span.port)) return not('entered-otherwise');
  return span.predicted === 'unknown' ? not('unknown') : judged(value, span);
};
