import { randomUUID } from 'node:crypto';
import { frontConfig } from '../lib/config.ts';
import { jsonLogger } from '../lib/log.ts';
import { createSqsCommandQueue } from '../lib/queue/sqs-command-queue.ts';
import { createSecrets } from '../lib/secrets.ts';
import type { CheckInput } from '../lib/slack/front-ports.ts';
import { createFront } from '../lib/slack/receiver.ts';
import { createWebApiMessenger } from '../lib/slack/web-api-messenger.ts';

const config = frontConfig();
const now = () => Date.now();
const secretsTimeoutMs = 800;

const secrets = createSecrets({ port: config.secretsPort, secretId: config.slackSecretId, sessionToken: config.secretsSessionToken, now });

let rules: Promise<CheckInput> | undefined;

/** Loaded with the first form: no command waits for them here. */
const loadRules = (): Promise<CheckInput> => {
  rules ??= (async () => {
    const [{ checkDefinition }, { loadPolicy }, { loadPostalProfile }] = await Promise.all([
      import('../lib/endpoint/check-definition.ts'),
      import('../lib/policy/load-policy.ts'),
      import('../lib/postal/load-profile.ts'),
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

/** The front's Lambda, behind an HTTP API with payload format 2.0. */
export const handler = createFront({
  secrets,
  queue: createSqsCommandQueue({ queueUrl: config.queueUrl }),
  messenger: createWebApiMessenger({
    botToken: async () => (await secrets.read(AbortSignal.timeout(secretsTimeoutMs))).botToken,
    slackApiUrl: config.slackApiUrl,
  }),
  loadRules,
  log: jsonLogger({ function: 'slack' }),
  newNonce: randomUUID,
  now,
  slackApiUrl: config.slackApiUrl,
});
