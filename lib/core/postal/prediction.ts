/** What Postal makes of an endpoint: the outcome classes that its own code was seen to have, and `inconclusive` for what a probe cannot know. */
export const predictionClasses = [
  'sent_tls',
  'sent_plaintext',
  'connect_fail',
  'no_hosts',
  'softfail_smtp',
  'softfail_error',
  'hardfail',
  'internal_error',
  'inconclusive',
] as const;
export type PredictionClass = (typeof predictionClasses)[number];

/** Why a prediction stays open; a closed set. */
export type InconclusiveReason =
  /** Postal gets in; no recipient was tried. */
  | 'recipient-not-tried'
  /** The recipient was accepted; no message was delivered. */
  | 'message-not-delivered'
  /** Silence longer than a probe waits, shorter than Postal does. */
  | 'slow'
  /** The server put this prober off: 421, greylisting, a limit of connections. */
  | 'put-off'
  /** An address that Postal would try lies outside what policy lets the prober reach. */
  | 'outside-policy'
  /** The prober, its resolver or its deadline failed. */
  | 'probe-failed';

/** What Postal will do with a message for this endpoint. All addresses are in the text form in which Postal prints them. */
export type Prediction = {
  readonly class: PredictionClass;
  /** Postal's word; `Error` goes with class `internal_error`, `null` with `inconclusive`. */
  readonly result: 'Sent' | 'SoftFail' | 'HardFail' | 'Error' | null;
  readonly resolvedIpsInOrder: readonly string[];
  /** Those that Postal connects to, in order, up to the one that it settles on. */
  readonly attemptedIpsInOrder: readonly string[];
  readonly acceptedByIp: string | null;
  readonly wireSecurity: 'tls' | 'plaintext' | null;
  readonly bouncesToSender: boolean;
  readonly willRetry: boolean;
  readonly retryAfterSeconds: number | null;
  readonly hostnameCanBeSaved: boolean;
  /** Postal's own words, as its web UI shows them; empty where nothing is predicted. */
  readonly details: string;
  readonly output: string;
  /** Present exactly with class `inconclusive`. */
  readonly inconclusive?: { readonly reason: InconclusiveReason; readonly message: string };
  /** Whether Postal gets in: EHLO was answered, inside TLS if the mode uses it. Known even if the rest is not. */
  readonly entry?: { readonly ip: string; readonly security: 'tls' | 'plaintext' };
  /** Seconds that Postal waits in vain before that: dead addresses, dead nameservers. */
  readonly stallSeconds: number;
};
