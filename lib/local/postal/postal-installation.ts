import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** What the local Postal and the functions share, made anew with each start. */
export type PostalInstallation = {
  /** `organization/server` of its only mail server. */
  readonly server: string;
  /** The name under which its host sends reports, and the key that signs them. */
  readonly sender: string;
  readonly reportKey: string;
  readonly webhookToken: string;
  /** Signs webhooks. */
  readonly signingKey: KeyObject;
  /** The public part, as the profile has it. */
  readonly publicKey: string;
  /** What the functions are given as their secret. */
  readonly secret: string;
};

/** An installation with the key that `postal bootstrap` would make: RSA of 1,024 bits. */
export const createPostalInstallation = (): PostalInstallation => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const [server, sender] = ['acme/production', 'postal1'];
  const [reportKey, webhookToken] = [randomBytes(32).toString('hex'), randomBytes(24).toString('hex')];
  const secrets = {
    webhookTokens: { [server]: webhookToken },
    reportKeys: { [sender]: reportKey },
    recipientKey: randomBytes(32).toString('hex'),
  };
  return {
    server,
    sender,
    reportKey,
    webhookToken,
    signingKey: privateKey,
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    secret: JSON.stringify(secrets),
  };
};
