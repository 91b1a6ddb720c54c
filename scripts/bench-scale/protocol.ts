import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import type { BlockJson } from '../../lib/local/slack/store/workspace.ts';
import type { OpenRequest } from './open-requests.ts';

/** Where the emulators are, and what they were made with. */
export type Emulators = {
  readonly dynamoDbUrl: string;
  readonly route53Url: string;
  readonly sqs: { readonly endpoint: string; readonly queueUrl: string; readonly deadLetterQueueUrl: string };
  readonly slackApiUrl: string;
  readonly secretsPort: number;
};

/** What their process is asked. */
export type Question =
  | {
      readonly kind: 'start';
      readonly signingSecret: string;
      readonly botToken: string;
      readonly secrets: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'record-sets'; readonly recordSets: readonly LocalRecordSet[] }
  | { readonly kind: 'response-url'; readonly channelId: string; readonly userId: string }
  | { readonly kind: 'open-requests' };

/** What it answers, each with the number of its question, and what it says by itself: what Slack shows somebody, and since when. */
export type Said =
  | { readonly kind: 'started'; readonly id: number; readonly emulators: Emulators }
  | { readonly kind: 'done'; readonly id: number }
  | { readonly kind: 'url'; readonly id: number; readonly url: string }
  | { readonly kind: 'open'; readonly id: number; readonly requests: readonly OpenRequest[] }
  | {
      readonly kind: 'shown';
      readonly atMs: number;
      readonly userId: string;
      readonly text: string;
      readonly blocks: readonly BlockJson[];
    };
