import { createHash, createPublicKey, type KeyObject, randomUUID, sign } from 'node:crypto';

/** A delivery of an incoming message, as far as a webhook tells of it. Times are milliseconds since the epoch. */
export type WebhookContent = {
  readonly event?: string;
  readonly status?: string;
  readonly direction?: string;
  readonly atMs: number;
  readonly uuid?: string;
  readonly messageId?: number;
  readonly token?: string;
  readonly messageIdHeader?: string;
  readonly to?: string;
  readonly from?: string;
  readonly subject?: string;
  readonly messageAtMs?: number;
  readonly details?: string;
  readonly output?: string;
  readonly isEncrypted?: boolean;
};

/** The body of a webhook as Postal writes it. What is not given is of a message that is deferred. */
export const webhookBody = ({
  event = 'MessageDelayed',
  status = 'SoftFail',
  direction = 'incoming',
  atMs,
  uuid = randomUUID(),
  messageId = 2,
  token = 'D96KGRWQBCMst24k',
  messageIdHeader = 'cb33e3a1@SECRET.example',
  to = 'recipient-SECRET@acme.example',
  from = 'sender-SECRET@ext.example',
  subject = 'SECRET subject',
  messageAtMs = atMs - 1000,
  details = 'No SMTP servers were available for acme.example. Tried gitlab.mail.corp.internal.',
  output = 'Connection refused - connect(2) for "10.0.4.12" port 25',
  isEncrypted = false,
}: WebhookContent): string =>
  JSON.stringify({
    event,
    timestamp: atMs / 1000,
    payload: {
      message: {
        id: messageId,
        token,
        direction,
        message_id: messageIdHeader,
        to,
        from,
        subject,
        timestamp: messageAtMs / 1000,
        spam_status: 'NotSpam',
        tag: null,
      },
      status,
      details,
      output,
      sent_with_ssl: isEncrypted,
      timestamp: atMs / 1000,
      time: null,
    },
    uuid,
  })
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e');

/** The id of a key, as it is in Postal's JWK set: 64 hex digits. */
const keyId = (signingKey: KeyObject): string =>
  createHash('sha256')
    .update(createPublicKey(signingKey).export({ format: 'der', type: 'pkcs1' }))
    .digest('hex');

/** A webhook as Postal 3.2 and later send it: signed with SHA-1 and SHA-256. */
export const webhookRequest = (
  body: string,
  signingKey: KeyObject,
): { readonly method: 'POST'; readonly headers: Readonly<Record<string, string>>; readonly body: string } => {
  const signature = (algorithm: 'sha1' | 'sha256'): string =>
    sign(algorithm, Buffer.from(body), signingKey).toString('base64');
  return {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Postal/3.3.7',
      'x-postal-signature': signature('sha1'),
      'x-postal-signature-256': signature('sha256'),
      'x-postal-signature-kid': keyId(signingKey),
    },
    body,
  };
};
