import * as z from 'zod';
import { newestKnownRelease } from './releases.ts';

/** How the Postal that this deployment serves is set up, so that prober and shell see what it sees. */
export const postalProfileSchema = z.strictObject({
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'three numbers such as 3.3.7')
    .default(newestKnownRelease)
    .describe(
      "Postal's version, for example `3.3.7`: SSL mode `STARTTLS` sends plaintext from 3.0.0 on, and no release is known to mend it; 2.x encrypts.",
    ),
  heloHostname: z.string().min(1).describe('`dns.helo_hostname` or `postal.smtp_hostname`: what Postal says in EHLO.'),
  returnPathDomain: z.string().min(1).describe('`dns.return_path_domain`: MAIL FROM is `<token>@` this.'),
  nameservers: z
    .array(z.string().min(1))
    .min(1)
    .describe("The nameservers of Postal's resolv.conf, in order: `address` or `address:port`."),
  osHostname: z
    .string()
    .min(1)
    .optional()
    .describe('What gethostname returns on the Postal host; its domain part is appended on NXDOMAIN.'),
  openTimeoutSeconds: z.number().positive().default(30),
  readTimeoutSeconds: z.number().positive().default(30),
  dnsTimeoutSeconds: z.number().positive().default(5),
  caFile: z
    .string()
    .optional()
    .describe("PEM file of the CAs that Postal trusts, where that is not the system's store."),
  addressPreference: z
    .enum(['ipv6', 'ipv4', 'ipv6_only', 'ipv4_only'])
    .optional()
    .describe(
      '`smtp_client.address_preference`, for a release of Postal that has this setting. Absent: all IPv6 addresses first, as every release does so far.',
    ),
  signingKey: z
    .string()
    .min(1)
    .max(20_000)
    .optional()
    .describe(
      "Public key of Postal's webhooks: a public key in PEM, the JWK set of `/.well-known/jwks.json`, or the record that `postal default-dkim-record` prints. Without it no webhook is taken.",
    ),
  webUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address such as https://postal.example.com' })
    .optional()
    .describe("Address of Postal's web UI, for example `https://postal.example.com`; messages link to it."),
});
export type PostalProfile = z.infer<typeof postalProfileSchema>;
