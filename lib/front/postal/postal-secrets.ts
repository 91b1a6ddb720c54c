import * as z from 'zod/mini';
import { senderShape, smallestReportKey } from '../../core/postal/reports/report-signature.ts';

/** Of a mail server's URL: long enough that nobody guesses it. */
const tokenShape = /^[A-Za-z0-9_-]{32,128}$/;
const serverShape = /^[a-z0-9-]{1,100}\/[a-z0-9-]{1,100}$/;

const key = z.string().check(z.minLength(smallestReportKey), z.maxLength(512));

/** What Postal's hosts share with this deployment: a secret of its own, apart from Slack's. */
export const postalSecretsSchema = z.object({
  /** By mail server, `organization/server`: the last part of the URL of its webhook. */
  webhookTokens: z._default(
    z.record(z.string().check(z.regex(serverShape)), z.string().check(z.regex(tokenShape))),
    {},
  ),
  /** By sender's name: signs its reports. */
  reportKeys: z._default(z.record(z.string().check(z.regex(senderShape)), key), {}),
  /** Makes digests of recipients; the function that compares them with routes has it as well. */
  recipientKey: key,
});
export type PostalSecrets = z.infer<typeof postalSecretsSchema>;
