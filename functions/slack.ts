import { randomUUID } from 'node:crypto';
import { createSecrets } from '../lib/adapters/aws/secrets.ts';
import { createSqsCommandSender } from '../lib/adapters/aws/sqs-command-sender.ts';
import { frontConfig, functionName } from '../lib/adapters/config.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { embeddedMetricsWriter } from '../lib/adapters/metrics.ts';
import { meteredMessenger } from '../lib/adapters/slack/metered-messenger.ts';
import type { WebApiAccess } from '../lib/adapters/slack/web-api-call.ts';
import { createFront } from '../lib/front/front.ts';
import type { CheckInput, FrontPorts } from '../lib/front/front-ports.ts';

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

/** Loads once; what failed is tried again with the next request. */
const once = <Loaded>(load: () => Promise<Loaded>): (() => Promise<Loaded>) => {
  let loaded: Promise<Loaded> | undefined;
  return () => {
    loaded ??= load();
    loaded.catch(() => {
      loaded = undefined;
    });
    return loaded;
  };
};

/** Loaded with the first form: no command waits for them here. */
const loadRules = once(async (): Promise<CheckInput> => {
  const [{ checkDefinition }, { ownAdvice }, { loadPolicy, loadPostalProfile }] = await Promise.all([
    import('../lib/core/validation/check-definition.ts'),
    import('../lib/core/validation/own-examples.ts'),
    import('../lib/adapters/config-files.ts'),
  ]);
  const policy = loadPolicy(config.policyFile);
  const profile = loadPostalProfile(config.postalProfileFile);
  const own = ownAdvice(policy);
  return (input) =>
    checkDefinition(input, policy, profile).findings.map((finding) => ({ ...finding, right: own(finding.right) }));
});

const loadExamples = once(async () => {
  const [{ ownExamples }, { loadPolicy }] = await Promise.all([
    import('../lib/core/validation/own-examples.ts'),
    import('../lib/adapters/config-files.ts'),
  ]);
  return ownExamples(loadPolicy(config.policyFile));
});

const webApi: WebApiAccess = {
  botToken: async () => (await secrets.read(AbortSignal.timeout(secretsTimeoutMs))).botToken,
  slackApiUrl: config.slackApiUrl,
};

let messenger: Promise<FrontPorts['messenger']> | undefined;

/** Loaded with the first button: a command is answered by its acknowledgement. */
const loadMessenger = (): Promise<FrontPorts['messenger']> => {
  messenger ??= import('../lib/adapters/slack/web-api-messenger.ts').then(({ createWebApiMessenger }) =>
    meteredMessenger(createWebApiMessenger(webApi), metrics),
  );
  return messenger;
};

/** Loaded with the first form. */
const openView: FrontPorts['openView'] = async (...asked) => {
  const [{ openView }, { createWebApiCall }] = await Promise.all([
    import('../lib/adapters/slack/open-view.ts'),
    import('../lib/adapters/slack/web-api-call.ts'),
  ]);
  return openView(createWebApiCall(webApi), ...asked);
};

/** The front's Lambda, behind an HTTP API with payload format 2.0. */
export const handler = createFront({
  secrets,
  queue: createSqsCommandSender({
    queueUrl: config.queueUrl,
    region: config.region,
    credentials: config.credentials,
    now,
  }),
  messenger: { reply: async (...args) => (await loadMessenger()).reply(...args) },
  openView,
  loadExamples,
  loadRules,
  log,
  metrics,
  newNonce: randomUUID,
  now,
});
