import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localAws } from '../lib/local/local-aws.ts';
import { startSecretsExtension } from '../lib/local/secrets/secrets-extension.ts';
import { startSqsService } from '../lib/local/sqs/sqs-service.ts';
import { coldStart, type Measured } from './bench/cold/cold-process.ts';
import { benchSecrets } from './bench/cold/secrets.ts';
import { slashCommandEvent } from './bench/cold/slash-command.ts';
import { median } from './bench/statistics.ts';
import { bundleFunction, bundleUntrimmed, bytesAtStart } from './build/bundle.ts';
import { functionNames, writeBundle } from './build/functions.ts';

// Measures cold starts: each function's bundle beside a stock Bolt app bundled in the same run, in fresh processes, by turns. The last line is the
// medians of the ratios of each round; what they are made of goes to standard error.

const rounds = 25;
const secretId = 'postal-endpoint/slack';
const configuration = join(import.meta.dirname, '../config');

type Name = 'stock' | (typeof functionNames)[number];
const names: readonly Name[] = ['stock', ...functionNames];

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** Whether the front has queued the command: it says that it broke when it has not. */
const mustAnswer = (name: Name, { answer }: Measured): void => {
  const expected = name === 'stock' ? 'Hello' : "I'll post the result here";
  if (answer?.statusCode !== 200 || !answer.body.includes(expected))
    throw new Error(`${name} answered ${answer?.statusCode}: ${answer?.body}`);
};

const measure = async (folder: string): Promise<ReadonlyMap<Name, readonly Measured[]>> => {
  await using services = new AsyncDisposableStack();
  const secrets = await startSecretsExtension({
    port: 0,
    sessionToken: localAws.credentials.sessionToken,
    secrets: { [secretId]: JSON.stringify(benchSecrets) },
  });
  services.defer(() => secrets.close());
  const sqs = await startSqsService({
    port: 0,
    queueName: 'bench',
    visibilityTimeoutSeconds: 100,
    maxReceiveCount: 20,
  });
  services.defer(() => sqs.close());
  const env = {
    AWS_REGION: localAws.region,
    AWS_ACCESS_KEY_ID: localAws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localAws.credentials.secretAccessKey,
    AWS_SESSION_TOKEN: localAws.credentials.sessionToken,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: String(secrets.port),
    QUEUE_URL: sqs.queueUrl,
    SLACK_SECRET_ID: secretId,
    POSTAL_QUEUE_URL: sqs.queueUrl,
    POSTAL_SECRET_ID: 'postal-endpoint/postal',
    STATE_TABLE: 'postal-endpoint-state',
    POLICY_FILE: join(configuration, 'policy.json'),
    POSTAL_PROFILE_FILE: join(configuration, 'postal-profile.json'),
  };
  const loader = join(folder, 'loader/index.mjs');
  const event = join(folder, 'event.json');
  const measured = new Map<Name, Measured[]>(names.map((name) => [name, []]));
  // The first round reads the files from the disk, and the services are new to their work: it does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const answers = name === 'stock' || name === 'slack';
      if (answers)
        await writeFile(event, JSON.stringify(slashCommandEvent(`add host-${round}.mail.corp.internal 10.0.4.12`)));
      const one = await coldStart(
        { loader, bundle: join(folder, name, 'index.mjs'), ...(answers ? { event } : {}) },
        env,
      );
      if (answers) mustAnswer(name, one);
      if (round > 0) measured.get(name)?.push(one);
    }
  }
  return measured;
};

const main = async (folder: string): Promise<void> => {
  const bytes = new Map<Name, number>();
  await writeBundle(join(folder, 'loader'), await bundleUntrimmed('scripts/bench/cold/load-once.ts'));
  for (const name of names) {
    const bundle =
      name === 'stock' ? await bundleUntrimmed('scripts/bench/cold/stock-bolt.ts') : await bundleFunction(name);
    bytes.set(name, bytesAtStart(bundle));
    await writeBundle(join(folder, name), bundle);
  }
  const measured = await measure(folder);
  const medianOf = (name: Name, key: 'loadMs' | 'firstMs' | 'peakMegabytes'): number =>
    median((measured.get(name) ?? []).map((one) => one[key]));
  say(`medians of ${rounds} fresh processes each`);
  for (const name of names) {
    const first =
      name === 'stock' || name === 'slack' ? `, first answer after ${medianOf(name, 'firstMs').toFixed(1)} ms` : '';
    const size = `${((bytes.get(name) ?? 0) / 1000).toFixed(0)} KB at start`;
    say(
      `${name.padEnd(6)} ${size}, loaded in ${medianOf(name, 'loadMs').toFixed(1)} ms${first}, peak ${medianOf(name, 'peakMegabytes').toFixed(0)} MB`,
    );
  }
  const toStock = (name: Name, key: 'loadMs' | 'firstMs'): number => {
    const stock = measured.get('stock') ?? [];
    return rounded(median((measured.get(name) ?? []).map((one, round) => one[key] / (stock[round]?.[key] ?? 0))));
  };
  const ratios = {
    frontLoad: toStock('slack', 'loadMs'),
    frontFirst: toStock('slack', 'firstMs'),
    proberLoad: toStock('prober', 'loadMs'),
    workerLoad: toStock('worker', 'loadMs'),
    postalLoad: toStock('postal', 'loadMs'),
    postalDatabaseLoad: toStock('postal-database', 'loadMs'),
    frontBytes: bytes.get('slack'),
    proberBytes: bytes.get('prober'),
  };
  process.stdout.write(`${JSON.stringify(ratios)}\n`);
};

const folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-cold-'));
try {
  await main(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
