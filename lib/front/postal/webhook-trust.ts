import * as z from 'zod/mini';
import { signingKeys } from '../../core/postal/webhooks/signing-key.ts';
import type { WebhookTrust } from './postal-ports.ts';

/** Of the profile, which was checked when it was packaged, only this is needed here. */
const profileSchema = z.object({ version: z.optional(z.string()), signingKey: z.optional(z.string()) });

/** What the text of `postal-profile.json` says about webhooks. Throws for a text that is no profile. */
export const webhookTrust = (profile: string): WebhookTrust => {
  const { version = '', signingKey = '' } = profileSchema.parse(JSON.parse(profile));
  return { keys: signingKeys(signingKey), allowSha1: version.startsWith('2.') };
};
