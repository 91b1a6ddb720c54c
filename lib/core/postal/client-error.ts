import type { StageName } from '../probe-report/report.ts';
import type { ReplyError } from './reply.ts';

/**
 * What Postal's client raises, with the words that Postal shows for it.
 *
 * | kind | from |
 * | --- | --- |
 * | `reply` | a reply that it did not want |
 * | `read-timeout` | silence while a reply was due |
 * | `broken` | a reset of the connection, or writing to one that is gone |
 * | `tls` | OpenSSL |
 * | `other` | all else: the end of the connection, no connection at all, … |
 */
export type ClientError =
  | { readonly kind: 'reply'; readonly error: ReplyError; readonly message: string }
  | { readonly kind: 'read-timeout' | 'broken' | 'tls' | 'other'; readonly message: string };

/** Why a probe cannot say what Postal would meet. */
export type Open = {
  readonly kind: 'open';
  readonly reason: 'slow' | 'outside-policy' | 'probe-failed' | 'put-off';
  readonly message: string;
  /** The stage that has to be observed next to know more; absent when that stage was observed and does not tell. */
  readonly next?: StageName;
};
