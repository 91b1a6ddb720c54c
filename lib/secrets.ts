import * as z from 'zod';

const slackSecretsSchema = z.object({
  signingSecret: z.string().min(1),
  botToken: z.string().min(1),
  botId: z.string().min(1),
  botUserId: z.string().min(1),
});

/** What Slack shares with this app. Never logged. */
export type SlackSecrets = z.infer<typeof slackSecretsSchema>;

/** Port to the app's own secrets. Throws `SecretsUnavailable`. */
export interface Secrets {
  /** From memory for up to five minutes. */
  read(signal: AbortSignal): Promise<SlackSecrets>;
  /** Afresh, for when a signature does not fit: the secret may have been rotated. At most every ten seconds, or strangers could spend our quota. */
  refresh(signal: AbortSignal): Promise<SlackSecrets>;
}

/** The secrets could not be read; the message names no value of them. */
export class SecretsUnavailable extends Error {
  override readonly name = 'SecretsUnavailable';
}

export type SecretsOptions = {
  /** Port on localhost of the AWS Parameters and Secrets Lambda Extension. */
  readonly port: number;
  readonly secretId: string;
  /** AWS_SESSION_TOKEN: the extension answers only who knows it. */
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

const cachedMs = 5 * 60_000;
const betweenRefreshesMs = 10_000;
const requestTimeoutMs = 2000;

const answerSchema = z.object({ SecretString: z.string() });

const parse = (body: string): SlackSecrets => {
  const parsed = slackSecretsSchema.safeParse(JSON.parse(answerSchema.parse(JSON.parse(body)).SecretString));
  if (parsed.success) return parsed.data;
  throw new SecretsUnavailable(`The secret lacks ${parsed.error.issues.map((issue) => issue.path.join('.') || 'everything').join(', ')}`);
};

/** Settles with the promise, or rejects with the signal's reason if that comes first. The promise goes on for others who wait for it. */
const unlessAborted = <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(new SecretsUnavailable('The secrets extension did not answer in time', { cause: signal.reason }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

/** Secrets from the AWS Parameters and Secrets Lambda Extension: one request at a time, shared by all who ask meanwhile. */
export const createSecrets = ({ port, secretId, sessionToken, now }: SecretsOptions): Secrets => {
  const url = `http://localhost:${port}/secretsmanager/get?${new URLSearchParams({ secretId })}`;
  let cached: { readonly secrets: SlackSecrets; readonly atMs: number } | undefined;
  let reading: Promise<SlackSecrets> | undefined;
  let refreshedAtMs = Number.NEGATIVE_INFINITY;

  const fetchSecrets = async (): Promise<SlackSecrets> => {
    try {
      const response = await fetch(url, {
        headers: { 'x-aws-parameters-secrets-token': sessionToken },
        redirect: 'error',
        signal: AbortSignal.timeout(requestTimeoutMs),
      });
      const body = await response.text();
      if (!response.ok) throw new SecretsUnavailable(`The secrets extension answered ${response.status}`);
      const secrets = parse(body);
      cached = { secrets, atMs: now() };
      return secrets;
    } catch (error) {
      if (error instanceof SecretsUnavailable) throw error;
      // What a parser complains of can quote what it parsed, so a cause is kept only from the way there.
      const isTransport = error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError');
      throw new SecretsUnavailable('The secrets extension gave no usable answer', isTransport ? { cause: error } : {});
    }
  };

  const share = (signal: AbortSignal): Promise<SlackSecrets> => {
    reading ??= fetchSecrets().finally(() => {
      reading = undefined;
    });
    return unlessAborted(reading, signal);
  };

  return {
    read: async (signal) => (cached && now() - cached.atMs < cachedMs ? cached.secrets : share(signal)),
    refresh: async (signal) => {
      if (cached && now() - refreshedAtMs < betweenRefreshesMs) return cached.secrets;
      refreshedAtMs = now();
      return share(signal);
    },
  };
};
