import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MetricName } from '../../lib/adapters/metrics.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import type { LocalWorkspace } from '../../lib/local/workspace.ts';
import { buildFunctions, functionNames } from '../../scripts/build/functions.ts';
import { untilMessage, workspaceClient } from '../../scripts/smoke/workspace-client.ts';
import { maria, temporaryFolder, whole, workspaceUnderTest } from '../support/workspace.ts';

// The functions at work, then everything that they wrote, and the bundles as they would be deployed.

const host = 'seen.mail.corp.internal';
const leftInTheEnvironment = 'xoxb-left-in-the-environment-of-whoever-builds';

let workspace: LocalWorkspace;
let lines: readonly {
  readonly name: string;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}[];

const until = async (fits: () => Promise<boolean>): Promise<void> => {
  await vi.waitUntil(fits, { timeout: 45_000, interval: 100 });
};

const readLog = async (): Promise<typeof lines> =>
  (await readFile(workspace.logFile, 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [name = '', text = ''] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)];
      return { name, text, json: text.startsWith('{') ? JSON.parse(text) : {} };
    });

const recorded = (name: string, metric: MetricName): boolean =>
  lines.some((line) => line.name === name && '_aws' in line.json && metric in line.json);

beforeAll(async () => {
  workspace = await workspaceUnderTest();
  const client = workspaceClient(workspace, maria.id);
  const port = workspace.samples.find(({ name }) => name === 'starttls')?.port;

  // One answer that Slack takes by no way at first, one command that is refused, one that nobody signed, and a change to its end.
  for (const way of ['response_url', 'chat.postEphemeral', 'chat.postMessage']) workspace.slack.faults.add(way, 503);
  await client.say('whoami');
  await client.say('add outside.example.com 127.20.0.11');
  await client.send({
    ...client.sign('list'),
    headers: { ...client.sign('list').headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` },
  });
  await client.say(`add ${host} 127.20.0.11 --port ${port}`);
  await untilMessage(
    workspace,
    'the announcement',
    (message) => message.metadata !== undefined && whole(message).includes(host),
  );
  await client.say(`check ${host}`);
  await workspace.functions.watch.invoke({});
  const awaited = [
    ['slack', 'AckTime'],
    ['worker', 'QueueAge'],
    ['worker', 'ChangesApplied'],
    ['worker', 'ChangesRefused'],
    ['worker', 'SlackFailures'],
    ['prober', 'ProbesPassed'],
    ['watch', 'WatchRoundTime'],
    ['watch', 'EndpointsUp'],
  ] as const;
  await until(async () => {
    lines = await readLog();
    return awaited.every(([name, metric]) => recorded(name, metric));
  }).catch(() => {
    const missing = awaited.filter(([name, metric]) => !recorded(name, metric));
    throw new Error(`never recorded: ${missing.map((each) => each.join(' ')).join(', ')}`);
  });
}, 180_000);

afterAll(async () => {
  await workspace?.close();
});

it('tells by metrics what happened, under the function’s own name', () => {
  const measured = lines.filter(({ json }) => '_aws' in json);
  for (const { name, json } of measured)
    expect(json).toMatchObject({ FunctionName: name, _aws: { Timestamp: expect.any(Number) } });
  const sum = (metric: MetricName): number =>
    measured.reduce((total, { json }) => total + Number(json[metric] ?? 0), 0);
  expect(sum('ChangesApplied')).toBe(1);
  expect(sum('ChangesRefused')).toBe(1);
  expect(sum('SlackFailures')).toBe(1);
  const acks = measured.flatMap(({ json }) => (typeof json['AckTime'] === 'number' ? [json['AckTime']] : []));
  expect(acks).toHaveLength(4);
  for (const milliseconds of acks) expect(milliseconds).toBeGreaterThanOrEqual(0);
});

it('writes JSON only, each line with the request or the change that it is about', () => {
  const written = lines.filter(({ json }) => !('_aws' in json));
  expect(written.filter(({ json }) => Object.keys(json).length === 0)).toEqual([]);
  const ofWorker = written.filter(({ name }) => name === 'worker');
  for (const { json } of ofWorker)
    expect(json['requestId'] ?? json['changeId'], JSON.stringify(json)).toEqual(expect.any(String));
  const queued = written.find(({ json }) => json['message'] === 'queued' && json['verb'] === 'add');
  expect(queued?.json).toMatchObject({ level: 'INFO', function: 'slack', requestId: expect.any(String) });
  expect(written.map(({ json }) => json['message'])).toContain('A request was turned away');
});

it('writes no secret', async () => {
  expect(lines.length).toBeGreaterThan(10);
  const log = await readFile(workspace.logFile, 'utf8');
  expect(log).toContain('AckTime');
  for (const secret of [workspace.signingSecret, localAws.credentials.sessionToken, 'xoxb-'])
    expect(log).not.toContain(secret);
});

it('bundles no secret, and nothing of the environment that it was built in', async () => {
  await using folder = await temporaryFolder();
  vi.stubEnv('AWS_SESSION_TOKEN', localAws.credentials.sessionToken);
  vi.stubEnv('SLACK_SIGNING_SECRET', workspace.signingSecret);
  vi.stubEnv('SLACK_BOT_TOKEN', leftInTheEnvironment);
  await buildFunctions(folder.path);
  vi.unstubAllEnvs();
  for (const name of functionNames) {
    const files = await readdir(join(folder.path, name));
    const code = (await Promise.all(files.map((file) => readFile(join(folder.path, name, file), 'utf8')))).join('\n');
    expect(code.length).toBeGreaterThan(100_000);
    for (const secret of [workspace.signingSecret, localAws.credentials.sessionToken, leftInTheEnvironment])
      expect(code).not.toContain(secret);
    // The beginning of a token may be in a library's code; a whole one may not.
    expect(code).not.toMatch(/xox[abeprs]-[0-9A-Za-z-]{20}/);
  }
}, 120_000);
