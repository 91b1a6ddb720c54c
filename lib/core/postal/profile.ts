import * as z from 'zod';

/** How the Postal that this deployment serves is set up, so that prober and shell see what it sees. */
export const postalProfileSchema = z.strictObject({
  /** Postal's version, for example `3.3.6`: its SSL mode `STARTTLS` sends plaintext up to and including that version. */
  version: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'three numbers such as 3.3.7')
    .default('3.3.6'),
  /** `dns.helo_hostname` or `postal.smtp_hostname`: what Postal says in EHLO. */
  heloHostname: z.string().min(1),
  /** `dns.return_path_domain`: MAIL FROM is `<token>@` this. */
  returnPathDomain: z.string().min(1),
  /** The nameservers of Postal's resolv.conf, in order: `address` or `address:port`. */
  nameservers: z.array(z.string().min(1)).min(1),
  /** What gethostname returns on the Postal host; its domain part is appended on NXDOMAIN. */
  osHostname: z.string().min(1).optional(),
  openTimeoutSeconds: z.number().positive().default(30),
  readTimeoutSeconds: z.number().positive().default(30),
  dnsTimeoutSeconds: z.number().positive().default(5),
  /** PEM file of the CAs that Postal trusts, where that is not the system's store. */
  caFile: z.string().optional(),
  /** Address of Postal's web UI, for example `https://postal.example.com`; messages link to it. */
  webUrl: z
    .url({ protocol: /^https?$/, error: 'an http or https address such as https://postal.example.com' })
    .optional(),
});
export type PostalProfile = z.infer<typeof postalProfileSchema>;
