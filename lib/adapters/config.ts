import * as z from 'zod/mini';
import '../core/base/zod-locale.ts';

const text = z.string().check(z.minLength(1));
const port = z.pipe(z.coerce.number(), z.int().check(z.minimum(1), z.maximum(65_535)));
const withTrailingSlash = z.pipe(
  z.url(),
  z.transform((url) => (url.endsWith('/') ? url : `${url}/`)),
);

const files = {
  /** Path of policy.json, beside the bundle in the cloud. */
  POLICY_FILE: text,
  POSTAL_PROFILE_FILE: text,
};

const slack = {
  SLACK_SECRET_ID: text,
  SLACK_API_URL: z._default(withTrailingSlash, 'https://slack.com/api/'),
  /** Set by the AWS Parameters and Secrets Lambda Extension's own convention. */
  PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: z._default(port, 2773),
  AWS_SESSION_TOKEN: text,
};

type Read<Shape extends z.core.$ZodShape> = z.output<z.ZodMiniObject<Shape>>;

const ofFiles = (env: Read<typeof files>) => ({
  policyFile: env.POLICY_FILE,
  postalProfileFile: env.POSTAL_PROFILE_FILE,
});

const ofSlack = (env: Read<typeof slack>) => ({
  secretsPort: env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT,
  secretsSessionToken: env.AWS_SESSION_TOKEN,
  slackSecretId: env.SLACK_SECRET_ID,
  slackApiUrl: env.SLACK_API_URL,
});

/** Lambda's own. */
const credentials = { AWS_REGION: text, AWS_ACCESS_KEY_ID: text, AWS_SECRET_ACCESS_KEY: text };

const ofCredentials = (env: Read<typeof credentials> & { readonly AWS_SESSION_TOKEN: string }) => ({
  accessKeyId: env.AWS_ACCESS_KEY_ID,
  secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
  sessionToken: env.AWS_SESSION_TOKEN,
});

const frontSchema = z.pipe(
  z.object({ ...files, ...slack, ...credentials, QUEUE_URL: z.url() }),
  z.transform((env) => ({
    queueUrl: env.QUEUE_URL,
    region: env.AWS_REGION,
    credentials: ofCredentials(env),
    ...ofSlack(env),
    ...ofFiles(env),
  })),
);

const workerSchema = z.pipe(
  z.object({
    ...files,
    ...slack,
    QUEUE_URL: z.url(),
    LEDGER_TABLE: text,
    STATE_TABLE: text,
    PROBER_FUNCTION: text,
    ...credentials,
    AWS_ENDPOINT_URL_SNS: z.optional(z.url()),
    /** Set by the local workspace alone. */
    WEBHOOKS_REACH_LOOPBACK: z.optional(z.literal('yes')),
    WORKERS_AT_ONCE: z.optional(z.string().check(z.regex(/^\d{1,4}$/, 'a number of workers, such as 10'))),
  }),
  z.transform((env) => ({
    ...(env.WORKERS_AT_ONCE === undefined ? {} : { workers: Number(env.WORKERS_AT_ONCE) }),
    ...(env.AWS_ENDPOINT_URL_SNS === undefined ? {} : { snsEndpointUrl: env.AWS_ENDPOINT_URL_SNS }),
    credentials: ofCredentials(env),
    mayReachLoopback: env.WEBHOOKS_REACH_LOOPBACK === 'yes',
    queueUrl: env.QUEUE_URL,
    ledgerTable: env.LEDGER_TABLE,
    stateTable: env.STATE_TABLE,
    proberFunction: env.PROBER_FUNCTION,
    ...ofSlack(env),
    ...ofFiles(env),
  })),
);

const watchSchema = z.pipe(
  z.object({
    ...files,
    QUEUE_URL: z.url(),
    DEAD_LETTER_QUEUE_URL: z.url(),
    LEDGER_TABLE: text,
    STATE_TABLE: text,
    PROBER_FUNCTION: text,
    POSTAL_DATABASE_FUNCTION: z.optional(text),
  }),
  z.transform((env) => ({
    ...(env.POSTAL_DATABASE_FUNCTION === undefined ? {} : { postalDatabaseFunction: env.POSTAL_DATABASE_FUNCTION }),
    queueUrl: env.QUEUE_URL,
    deadLetterQueueUrl: env.DEAD_LETTER_QUEUE_URL,
    ledgerTable: env.LEDGER_TABLE,
    stateTable: env.STATE_TABLE,
    proberFunction: env.PROBER_FUNCTION,
    ...ofFiles(env),
  })),
);

const postalSecret = {
  POSTAL_SECRET_ID: text,
  PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: slack.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT,
  AWS_SESSION_TOKEN: text,
  STATE_TABLE: text,
};

const ofPostalSecret = (env: Read<typeof postalSecret>) => ({
  secretsPort: env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT,
  secretsSessionToken: env.AWS_SESSION_TOKEN,
  postalSecretId: env.POSTAL_SECRET_ID,
  stateTable: env.STATE_TABLE,
});

const postalSchema = z.pipe(
  z.object({ ...postalSecret, ...credentials, POSTAL_QUEUE_URL: z.url(), POSTAL_PROFILE_FILE: text }),
  z.transform((env) => ({
    queueUrl: env.POSTAL_QUEUE_URL,
    postalProfileFile: env.POSTAL_PROFILE_FILE,
    region: env.AWS_REGION,
    credentials: ofCredentials(env),
    ...ofPostalSecret(env),
  })),
);

const postalFactsSchema = z.pipe(z.object(postalSecret), z.transform(ofPostalSecret));

const postalDatabaseSchema = z.pipe(
  z.object({
    ...credentials,
    AWS_SESSION_TOKEN: text,
    POSTAL_DATABASE_HOST: text,
    POSTAL_DATABASE_PORT: z._default(port, 3306),
    /** Of the main database. */
    POSTAL_DATABASE_NAME: z._default(text, 'postal'),
    POSTAL_DATABASE_PREFIX: z._default(text, 'postal'),
    /** PEM certificates of the authorities that may have signed the server's; without the file, those that Node knows. */
    POSTAL_DATABASE_CA_FILE: text,
    /** For IAM authentication. */
    POSTAL_DATABASE_USER: z.optional(text),
    /** In place of it: a secret with `username` and `password`. */
    POSTAL_DATABASE_SECRET_ID: z.optional(text),
    PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: slack.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT,
  }),
  z.transform((env) => ({
    host: env.POSTAL_DATABASE_HOST,
    port: env.POSTAL_DATABASE_PORT,
    database: env.POSTAL_DATABASE_NAME,
    messagePrefix: env.POSTAL_DATABASE_PREFIX,
    caFile: env.POSTAL_DATABASE_CA_FILE,
    user: env.POSTAL_DATABASE_USER,
    secretId: env.POSTAL_DATABASE_SECRET_ID,
    secretsPort: env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT,
    secretsSessionToken: env.AWS_SESSION_TOKEN,
    region: env.AWS_REGION,
    credentials: ofCredentials(env),
  })),
);

const proberSchema = z.pipe(z.object(files), z.transform(ofFiles));

export type FrontConfig = z.output<typeof frontSchema>;
export type WorkerConfig = z.output<typeof workerSchema>;
export type WatchConfig = z.output<typeof watchSchema>;
export type PostalConfig = z.output<typeof postalSchema>;
export type PostalFactsConfig = z.output<typeof postalFactsSchema>;
export type PostalDatabaseConfig = z.output<typeof postalDatabaseSchema>;
export type ProberConfig = z.output<typeof proberSchema>;

/** The environment lacks something, or holds it in a wrong form; the message lists every mistake by variable, and no value. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
}

const read = <Output>(schema: z.ZodMiniType<Output>): Output => {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  throw new ConfigInvalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
};

/** What the front needs of its environment. Throws `ConfigInvalid`. */
export const frontConfig = (): FrontConfig => read(frontSchema);

/** What the worker needs of its environment. Throws `ConfigInvalid`. */
export const workerConfig = (): WorkerConfig => read(workerSchema);

/** What the receiver of Postal's requests needs of its environment. Throws `ConfigInvalid`. */
export const postalConfig = (): PostalConfig => read(postalSchema);

/** What the keeper of Postal's facts needs of its environment. Throws `ConfigInvalid`. */
export const postalFactsConfig = (): PostalFactsConfig => read(postalFactsSchema);

/** What the reader of Postal's database needs of its environment. Throws `ConfigInvalid`. */
export const postalDatabaseConfig = (): PostalDatabaseConfig => read(postalDatabaseSchema);

/** What the prober needs of its environment. Throws `ConfigInvalid`. */
export const proberConfig = (): ProberConfig => read(proberSchema);

/** What watch needs of its environment. Throws `ConfigInvalid`. */
export const watchConfig = (): WatchConfig => read(watchSchema);

const endpointSchema = z.object({ AWS_ENDPOINT_URL_ROUTE_53: z.optional(z.union([z.literal(''), z.url()])) });

/** Where the SDK is told to find Route 53, when that is not AWS; an empty variable counts as none. Throws `ConfigInvalid`. */
export const route53EndpointUrl = (): string | undefined => read(endpointSchema).AWS_ENDPOINT_URL_ROUTE_53 || undefined;

/** The name under which Lambda knows the running function, which tells service, stage and function apart; `local` outside of Lambda. */
export const functionName = (): string => process.env['AWS_LAMBDA_FUNCTION_NAME'] || 'local';

/** Every variable of this process, for what reads those of another program: Postal's configuration. */
export const processEnvironment = (): Readonly<Record<string, string | undefined>> => process.env;
