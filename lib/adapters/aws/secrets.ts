import * as z from 'zod/mini';
import type { Logger } from '../../app/ports/logger.ts';
import { httpExchange } from '../http-exchange.ts';

const slackSecretsSchema = z.object({
  signingSecret: z.string().check(z.minLength(1)),
  botToken: z.string().check(z.minLength(1)),
  botId: z.string().check(z.minLength(1)),
  botUserId: z.string().check(z.minLength(1)),
  /** Keys of the policy's destinations, by their names. */
  destinationKeys: z.optional(z.record(z.string(), z.string().check(z.minLength(1)))),
});

/** What Slack shares with this app. Never logged. */
export type SlackSecrets = z.infer<typeof slackSecretsSchema>;

/** Port to a secret. Throws `SecretsUnavailable` where it was never read so far. */
export interface Secrets<Secret = SlackSecrets> {
  /** From memory for up to five minutes, and for as long as the extension gives nothing newer. */
  read(signal: AbortSignal): Promise<Secret>;
  /** Afresh, for when a signature does not fit: the secret may have been rotated. At most every ten seconds, or strangers could spend our quota. */
  refresh(signal: AbortSignal): Promise<Secret>;
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
  /** Hears when a secret that was read before has to do. */
  readonly log: Pick<Logger, 'warn'>;
};

const cachedMs = 5 * 60_000;
const betweenAttemptsMs = 10_000;
const requestTimeoutMs = 2000;

const answerSchema = z.object({ SecretString: z.string() });

const json = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    // What a parser complains of can quote what it parsed.
    return undefined;
  }
};

const parse = <Secret>(body: string, schema: z.ZodMiniType<Secret>): Secret => {
  const answer = answerSchema.safeParse(json(body));
  const secret = answer.success ? json(answer.data.SecretString) : undefined;
  if (secret === undefined) throw new SecretsUnavailable('The secrets extension gave no usable answer');
  const parsed = schema.safeParse(secret);
  if (parsed.success) return parsed.data;
  throw new SecretsUnavailable(
    `The secret lacks ${parsed.error.issues.map((issue) => issue.path.join('.') || 'everything').join(', ')}`,
  );
};

/** Settles with the promise, or rejects with the signal's reason if that comes first. The promise goes on for others who wait for it. */
const unlessAborted = <Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> =>
  new Promise((resolve, reject) => {
    const abort = () =>
      reject(new SecretsUnavailable('The secrets extension did not answer in time', { cause: signal.reason }));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });

/** Secrets from the AWS Parameters and Secrets Lambda Extension: one request at a time, shared by all who ask meanwhile. */
export const createSecretsOf = <Secret>(
  schema: z.ZodMiniType<Secret>,
  { port, secretId, sessionToken, now, log }: SecretsOptions,
): Secrets<Secret> => {
  const url = new URL(`http://localhost:${port}/secretsmanager/get?${new URLSearchParams({ secretId })}`);
  let cached: { readonly secrets: Secret; readonly atMs: number } | undefined;
  let reading: Promise<Secret> | undefined;
  let quietUntilMs = Number.NEGATIVE_INFINITY;

  const fetchSecrets = async (): Promise<Secret> => {
    const request = { method: 'GET', headers: { 'x-aws-parameters-secrets-token': sessionToken } } as const;
    const answer = await httpExchange(url, request, AbortSignal.timeout(requestTimeoutMs)).catch((cause: unknown) => {
      throw new SecretsUnavailable('The secrets extension gave no usable answer', { cause });
    });
    if (answer.status !== 200) throw new SecretsUnavailable(`The secrets extension answered ${answer.status}`);
    const secrets = parse(answer.body, schema);
    cached = { secrets, atMs: now() };
    return secrets;
  };

  const share = (signal: AbortSignal): Promise<Secret> => {
    reading ??= fetchSecrets().finally(() => {
      reading = undefined;
    });
    return unlessAborted(reading, signal);
  };

  const orKnown = async (asked: Promise<Secret>): Promise<Secret> => {
    try {
      return await asked;
    } catch (error) {
      if (cached === undefined) throw error;
      quietUntilMs = now() + betweenAttemptsMs;
      log.warn('the secret could not be read afresh; the known one is used', { error });
      return cached.secrets;
    }
  };

  return {
    read: async (signal) => {
      if (cached !== undefined && (now() - cached.atMs < cachedMs || now() < quietUntilMs)) return cached.secrets;
      return orKnown(share(signal));
    },
    refresh: async (signal) => {
      if (cached !== undefined && now() < quietUntilMs) return cached.secrets;
      quietUntilMs = now() + betweenAttemptsMs;
      return orKnown(share(signal));
    },
  };
};

/** What Slack shares with this app. */
export const createSecrets = (options: SecretsOptions): Secrets => createSecretsOf(slackSecretsSchema, options);
