import type { SignatureCode } from './signature-code.ts';

/** How far a delivery came. `queue`: before or after all talk with a mail server; `internal`: inside Postal itself. */
export const explainStages = [
  'resolve',
  'connect',
  'banner',
  'ehlo',
  'starttls',
  'tls',
  'mail',
  'rcpt',
  'data',
  'end-of-data',
  'accepted',
  'queue',
  'internal',
] as const;
export type ExplainStage = (typeof explainStages)[number];

/**
 * What happens to the message.
 *
 * | fate | the message | the sender |
 * | --- | --- | --- |
 * | `sent` | was accepted by the server | |
 * | `processed` | is done for Postal, and went to no server | is not told |
 * | `retried` | waits for another attempt | is not told yet |
 * | `held` | waits for a person | is not told |
 * | `bounced` | failed for good | gets a bounce |
 * | `lost` | failed for good | is not told |
 * | `open` | the text alone does not tell | |
 */
export type Fate = 'sent' | 'processed' | 'retried' | 'held' | 'bounced' | 'lost' | 'open';

/** What a text says of the mail server that was tried; as the text has it, and never completed. */
export type NamedEndpoint = { readonly hostname?: string; readonly ip?: string; readonly port?: number };

/** One thing that the text says. All that was read from the text is untrusted. */
export type ExplainedItem = {
  readonly code: SignatureCode;
  /** Where it happened, in the order of a delivery: one stage where the text decides, more where several say the same, none where nothing failed. */
  readonly stages: readonly ExplainStage[];
  readonly fate: Fate;
  /** One sentence. */
  readonly meaning: string;
  /** What Postal does next. */
  readonly postal: string;
  /** What a person does; empty when there is nothing to do. */
  readonly remedy: string;
  readonly endpoint: NamedEndpoint;
  readonly recipientDomain?: string;
  /** The words that it was recognised by, on one line. */
  readonly quote: string;
};

export type Explanation =
  | {
      readonly recognised: true;
      /** In the order of the text, each once. */
      readonly items: readonly [ExplainedItem, ...ExplainedItem[]];
      /** Every hostname that the text names, in its order. */
      readonly hostnames: readonly string[];
    }
  | {
      readonly recognised: false;
      /** What can be recognised, for a person to compare with. */
      readonly lookedFor: readonly string[];
      readonly example: string;
    };
