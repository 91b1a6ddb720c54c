import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** What the local Postal and the functions share, made anew with each start. */
export type PostalInstallation = {
  /** `organization/server` of its first mail server. */
  readonly server: string;
  /** The name under which its host sends reports, and the key that signs them. */
  readonly sender: string;
  readonly reportKey: string;
  /** Of the first mail server. */
  readonly webhookToken: string;
  /** By mail server. */
  readonly webhookTokens: Readonly<Record<string, string>>;
  /** Signs webhooks. */
  readonly signingKey: KeyObject;
  /** The public part, as the profile has it. */
  readonly publicKey: string;
  /** What the functions are given as their secret. */
  readonly secret: string;
};

/** An installation of these mail servers, with the key that `postal bootstrap` would make: RSA of 1,024 bits. */
export const createPostalInstallation = (
  [server, ...others]: readonly [string, ...string[]] = ['acme/production'],
): PostalInstallation => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const sender = 'postal1';
  const token = (): string => randomBytes(24).toString('hex');
  const [reportKey, webhookToken] = [randomBytes(32).toString('hex'), token()];
  const webhookTokens = { [server]: webhookToken, ...Object.fromEntries(others.map((other) => [other, token()])) };
  const secrets = {
    webhookTokens,
    reportKeys: { [sender]: reportKey },
    recipientKey: randomBytes(32).toString('hex'),
  };
  return {
    server,
    sender,
    reportKey,
    webhookToken,
    webhookTokens,
    signingKey: privateKey,
    publicKey: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    secret: JSON.stringify(secrets),
  };
};

/** Where an installation's hosts send reports, below the origin of the bot's HTTP API. */
export const snapshotUrl = (origin: string): string => `${origin}/postal/snapshots`;

/** What is entered in Postal as the webhook of a mail server. */
export const webhookUrl = (
  origin: string,
  { webhookTokens }: Pick<PostalInstallation, 'webhookTokens'>,
  server: string,
): string => `${origin}/postal/webhooks/${server}/${webhookTokens[server]}`;
