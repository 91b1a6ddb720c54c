import type { DeliveryFact } from '../database/delivery-page.ts';
import type { Predicted } from './predicted.ts';
import { type Looked, type PredictionSpan, predictionAt } from './prediction-spans.ts';
import { type Recorded, type RecordedValue, recordedOf } from './recorded.ts';

/**
 * Why a delivery and a prediction cannot be compared; a closed set. Where two hold, the upper one counts.
 *
 * | reason | why |
 * | --- | --- |
 * | `no-prediction` | no probe at that time: before the registration, or watch did not run |
 * | `changed` | the prediction changed around the attempt |
 * | `not-tried` | Postal tried no server: the message was held, bounced, given up or was spam |
 * | `unreadable` | Postal's words do not tell how far it came |
 * | `other-hostname` | Postal's endpoint had another hostname then |
 * | `entered-otherwise` | Postal has another port or SSL mode than is registered |
 * | `unknown` | the probe did not show what Postal would do |
 * | `put-off` | the server put Postal off for now |
 * | `internal-error` | Postal itself failed |
 * | `later` | Postal got in as predicted; what happened to the message then no probe tries |
 */
export const incomparableReasons = [
  'no-prediction',
  'changed',
  'not-tried',
  'unreadable',
  'other-hostname',
  'entered-otherwise',
  'unknown',
  'put-off',
  'internal-error',
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

/** What Postal recorded of an attempt at which it tried a server, and a prediction that is not open. */
const judged = (recorded: Exclude<RecordedValue, 'not-tried' | 'unreadable'>, span: PredictionSpan): Comparison => {
  const { predicted } = span;
  const by = (agrees: boolean): Comparison => (agrees ? { kind: 'agreed' } : { kind: 'differs', span });
  switch (recorded) {
    case 'encrypted':
    case 'plaintext':
    case 'no-address':
    case 'not-in':
      return by(recorded === predicted);
    case 'put-off':
      return getsIn(predicted) || predicted === 'breaks-off' ? not(recorded) : by(predicted === 'not-in');
    case 'later':
      return getsIn(predicted) ? not(recorded) : by(predicted === 'breaks-off');
    case 'internal-error':
      return predicted === recorded ? { kind: 'agreed' } : not(recorded);
  }
};

/**
 * Compares what Postal recorded of an attempt with a prediction.
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
export const compareRecorded = (
  { value, hostnames, ports }: Recorded,
  endpoint: EnteredEndpoint,
  span: PredictionSpan,
): Comparison => {
  if (value === 'not-tried' || value === 'unreadable') return not(value);
  if (hostnames.length > 0 && !hostnames.includes(endpoint.hostname)) return not('other-hostname');
  const isOtherwise = endpoint.port !== span.port || endpoint.sslMode !== span.sslMode;
  if (isOtherwise || ports.some((port) => port !== span.port)) return not('entered-otherwise');
  return span.predicted === 'unknown' ? not('unknown') : judged(value, span);
};

/** Compares a delivery with the prediction that held at its attempt. `wait`: the probe after the attempt may yet come. */
export const compareDelivery = (
  delivery: Pick<DeliveryFact, 'status' | 'details' | 'output' | 'isEncrypted' | 'atMs'>,
  endpoint: EnteredEndpoint,
  spans: readonly PredictionSpan[],
  looked: Looked,
  nowMs: number,
): Comparison | 'wait' => {
  const span = predictionAt(spans, delivery.atMs, looked, nowMs);
  switch (span) {
    case 'wait':
      return span;
    case 'none':
      return not('no-prediction');
    case 'changed':
      return not(span);
    default:
      return compareRecorded(recordedOf(delivery), endpoint, span);
  }
};
