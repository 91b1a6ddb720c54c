import { randomUUID } from 'node:crypto';
import { createSecrets } from '../lib/adapters/aws/secrets.ts';
import { createSqsCommandSender } from '../lib/adapters/aws/sqs-command-sender.ts';
import { frontConfig, functionName } from '../lib/adapters/config.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { embeddedMetricsWriter } from '../lib/adapters/metrics.ts';
import { meteredMessenger } from '../lib/adapters/slack/metered-messenger.ts';
import type { CheckInput, FrontPorts } from '../lib/front/front-ports.ts';
import { meteredFront } from '../lib/front/metered-front.ts';
import { createFront } from '../lib/front/receiver.ts';

const config = frontConfig();
const now = () => Date.now();
const secretsTimeoutMs = 800;
const metrics = embeddedMetricsWriter({ functionName: functionName(), now });

const log = jsonLogger({ function: 'slack' });
const secrets = createSecrets({
  port: config.secretsPort,
  secretId: config.slackSecretId,
  sessionToken: config.secretsSessionToken,
  now,
  log,
});

let rules: Promise<CheckInput> | undefined;

/** Loaded with the first form: no command waits for them here. */
const loadRules = (): Promise<CheckInput> => {
  rules ??= (async () => {
    const [{ checkDefinition }, { loadPolicy, loadPostalProfile }] = await Promise.all([
      import('../lib/core/validation/check-definition.ts'),
      import('../lib/adapters/config-files.ts'),
    ]);
    const policy = loadPolicy(config.policyFile);
    const profile = loadPostalProfile(config.postalProfileFile);
    return (input) => checkDefinition(input, policy, profile).findings;
  })();
  rules.catch(() => {
    rules = undefined;
  });
  return rules;
};

let messenger: Promise<FrontPorts['messenger']> | undefined;

/** Loaded with the first button: what a command is answered goes with its acknowledgement. */
const loadMessenger = (): Promise<FrontPorts['messenger']> => {
  messenger ??= import('../lib/adapters/slack/web-api-messenger.ts').then(({ createWebApiMessenger }) =>
    meteredMessenger(
      createWebApiMessenger({
        botToken: async () => (await secrets.read(AbortSignal.timeout(secretsTimeoutMs))).botToken,
        slackApiUrl: config.slackApiUrl,
      }),
      metrics,
    ),
  );
  return messenger;
};

const front = createFront({
  secrets,
  queue: createSqsCommandSender({
    queueUrl: config.queueUrl,
    region: config.region,
    credentials: config.credentials,
    now,
  }),
  messenger: { reply: async (...args) => (await loadMessenger()).reply(...args) },
  loadRules,
  log,
  newNonce: randomUUID,
  now,
  slackApiUrl: config.slackApiUrl,
});

/** The front's Lambda, behind an HTTP API with payload format 2.0. */
export const handler = meteredFront(front, metrics, () => performance.now());
