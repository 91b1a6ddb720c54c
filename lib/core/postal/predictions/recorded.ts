import { normaliseName } from '../../endpoint/hostname.ts';
import { readAcceptedWhere } from '../database/accepted-where.ts';
import type { DeliveryFact } from '../database/delivery-page.ts';
import { deliveryWords } from '../explain/delivery-words.ts';
import { explain } from '../explain/explain.ts';
import type { ExplainedItem, ExplainStage } from '../explain/explanation.ts';

/**
 * What Postal recorded of an attempt, in the terms of a prediction.
 *
 * | value | Postal |
 * | --- | --- |
 * | `encrypted`, `plaintext` | delivered the message |
 * | `no-address` | found no address |
 * | `not-in` | got in at no address |
 * | `put-off` | got in at no address, because the server put it off for now: busy, first contact, greylisting |
 * | `later` | got in, and the message, its sender or its recipient was refused, or the session broke off |
 * | `internal-error` | failed by itself |
 * | `not-tried` | tried no server: held, bounced by the route, given up, spam, … |
 * | `unreadable` | says too little to tell these apart |
 */
export type RecordedValue =
  | 'encrypted'
  | 'plaintext'
  | 'no-address'
  | 'not-in'
  | 'put-off'
  | 'later'
  | 'internal-error'
  | 'not-tried'
  | 'unreadable';

export type Recorded = {
  readonly value: RecordedValue;
  /** What Postal says of where it tried, in lower case and without a trailing dot; empty where it does not say. */
  readonly hostnames: readonly string[];
  readonly ports: readonly number[];
};

const onTheWayIn: ReadonlySet<ExplainStage> = new Set(['connect', 'banner', 'ehlo', 'starttls', 'tls']);
const afterwards: ReadonlySet<ExplainStage> = new Set(['mail', 'rcpt', 'data', 'end-of-data']);

const isPutOff = ({ code, quote }: ExplainedItem): boolean =>
  quote.startsWith('4') &&
  (code === 'reply-busy' ||
    code === 'reply-greylisted' ||
    code === 'reply-first-contact' ||
    (code === 'reply-temporary' && quote.startsWith('421')));

const valueOfFailure = (items: readonly ExplainedItem[]): RecordedValue => {
  // 2.x says `Tried` of a name that has no address, too.
  if (items.some(({ code }) => code === 'no-hosts')) return 'no-address';
  const stages = [...new Set(items.flatMap((item) => item.stages))];
  if (stages.length === 0) return 'unreadable';
  if (stages.every((stage) => onTheWayIn.has(stage))) return items.some(isPutOff) ? 'put-off' : 'not-in';
  if (stages.every((stage) => afterwards.has(stage))) return 'later';
  if (stages.every((stage) => stage === 'resolve')) return 'no-address';
  if (stages.every((stage) => stage === 'queue')) return 'not-tried';
  return stages.every((stage) => stage === 'internal') ? 'internal-error' : 'unreadable';
};

/** What one delivery says of the endpoint. */
export const recordedOf = ({
  status,
  details,
  output,
  isEncrypted,
}: Pick<DeliveryFact, 'status' | 'details' | 'output' | 'isEncrypted'>): Recorded => {
  switch (status) {
    case 'Sent': {
      const { hostname, port } = readAcceptedWhere(details ?? '');
      return {
        value: isEncrypted ? 'encrypted' : 'plaintext',
        hostnames: hostname === undefined ? [] : [normaliseName(hostname)],
        ports: port === undefined ? [] : [port],
      };
    }
    case 'Error':
      return { value: 'internal-error', hostnames: [], ports: [] };
    case 'SoftFail':
    case 'HardFail': {
      const explained = explain(deliveryWords(details, output));
      if (!explained.recognised) return { value: 'unreadable', hostnames: [], ports: [] };
      return {
        value: valueOfFailure(explained.items),
        hostnames: explained.hostnames.map(normaliseName),
        ports: explained.items.flatMap(({ endpoint }) => endpoint.port ?? []),
      };
    }
    default:
      return { value: 'not-tried', hostnames: [], ports: [] };
  }
};
