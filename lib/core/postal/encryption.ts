import type { PostalProfile } from './profile.ts';
import { hasBrokenStarttls } from './releases.ts';

/** What Postal's client does about TLS: nothing; STARTTLS where offered; STARTTLS or not at all; from the first byte. */
export type Encryption = 'none' | 'opportunistic' | 'required' | 'implicit';

/** The misspelt constant that Postal's client compares mode STARTTLS with. No endpoint can be saved with it. */
const misspelt = 'STARTLS';

/**
 * What an SSL mode, as it is in Postal's database, makes its client do. The two that verify, verify the chain and the dates, never the name.
 *
 * | mode | from 3.0.0 on | where the constant is spelt right (2.x) | verifies |
 * | --- | --- | --- | --- |
 * | `Auto` | opportunistic | opportunistic | no |
 * | `TLS` | implicit | implicit | yes |
 * | `STARTTLS` | none | required | yes |
 * | `STARTLS` | required | none | yes |
 * | `None`, anything else | none | none | |
 */
export const encryptionOf = (sslMode: string, { version }: Pick<PostalProfile, 'version'>): Encryption => {
  if (sslMode === 'Auto') return 'opportunistic';
  if (sslMode === 'TLS') return 'implicit';
  return sslMode === (hasBrokenStarttls(version) ? misspelt : 'STARTTLS') ? 'required' : 'none';
};

/** Whether Postal verifies the server's certificate. */
export const verifies = (encryption: Encryption): boolean => encryption === 'required' || encryption === 'implicit';
