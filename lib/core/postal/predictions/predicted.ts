import type { Prediction } from '../prediction.ts';

/**
 * What a probe predicts of a delivery, as far as a probe goes: it ends before a recipient is offered.
 *
 * | value | Postal |
 * | --- | --- |
 * | `encrypted`, `plaintext` | gets in |
 * | `no-address` | finds no address |
 * | `not-in` | gets in at no address |
 * | `breaks-off` | gets in, and what the server says then ends the session |
 * | `internal-error` | fails by itself |
 * | `unknown` | the probe does not show it |
 */
export const predictedValues = [
  'encrypted',
  'plaintext',
  'no-address',
  'not-in',
  'breaks-off',
  'internal-error',
  'unknown',
] as const;
export type Predicted = (typeof predictedValues)[number];

export const securityPredicted = { tls: 'encrypted', plaintext: 'plaintext' } as const;

/** A prediction as far as a probe goes. */
export const predictedBy = ({ class: kind, entry }: Prediction): Predicted => {
  switch (kind) {
    case 'no_hosts':
      return 'no-address';
    case 'connect_fail':
      return 'not-in';
    case 'softfail_smtp':
    case 'softfail_error':
    case 'hardfail':
      return 'breaks-off';
    case 'internal_error':
      return 'internal-error';
    case 'sent_tls':
      return 'encrypted';
    case 'sent_plaintext':
      return 'plaintext';
    case 'inconclusive':
      return entry === undefined ? 'unknown' : securityPredicted[entry.security];
  }
};

const sentences: Readonly<Record<Predicted, string>> = {
  encrypted: 'Postal gets in, encrypted',
  plaintext: 'Postal gets in, in plaintext',
  'no-address': 'Postal finds no address',
  'not-in': 'Postal does not get in',
  'breaks-off': 'Postal gets in, and the session breaks off',
  'internal-error': 'Postal itself fails',
  unknown: 'unknown',
};

/** A prediction in a few words. */
export const predictedText = (predicted: Predicted): string => sentences[predicted];
