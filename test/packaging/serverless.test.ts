import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ledgerTable } from '../../lib/ledger/table.ts';
import { stateTable, timeToLiveAttribute } from '../../lib/state/table.ts';

type Statement = { Sid: string; Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown };
type Resource = { Type: string; DeletionPolicy?: string; Properties: Record<string, unknown> };

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');

let folder: string;
let resources: Record<string, Resource>;
let hostedZoneArns: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postal-endpoint-package-'));
  await run(process.execPath, [join(root, 'scripts/build.ts')], { cwd: root });
  // No credentials, no home directory with any, and a proxy that nobody answers: packaging may need neither account nor network.
  const nowhere = 'http://127.0.0.1:9';
  await run(process.execPath, [join(root, 'node_modules/.bin/serverless'), 'package', '--package', folder], {
    cwd: root,
    env: { PATH: '/usr/bin:/bin', HOME: folder, HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  resources = JSON.parse(await readFile(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')).Resources;
  hostedZoneArns = JSON.parse(await readFile(join(root, 'dist/deployment.json'), 'utf8')).hostedZoneArns;
}, 120_000);

afterAll(() => rm(folder, { recursive: true }));

const resource = (name: string): Resource => {
  const found = resources[name];
  if (!found) throw new Error(`${name} is not among ${Object.keys(resources).join(', ')}`);
  return found;
};

const properties = (name: string): Record<string, unknown> => resource(name).Properties;

const statements = (role: string): Record<string, Statement> => {
  const policies = properties(role)['Policies'] as { PolicyDocument: { Statement: Statement[] } }[];
  return Object.fromEntries(policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map((statement) => [statement.Sid, statement]));
};

const allowed = (role: string): string[] =>
  Object.values(statements(role))
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action)
    .toSorted();

const variables = (name: string): Record<string, unknown> => (properties(name)['Environment'] as { Variables: Record<string, unknown> }).Variables;

describe('the functions', () => {
  test.each([
    ['Slack', 5],
    ['Worker', 90],
    ['Prober', 45],
  ])('%s runs on Node 24 and arm64, with a role of its own', (name, timeoutSeconds) => {
    expect(properties(`${name}LambdaFunction`)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: timeoutSeconds,
      Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
    });
    expect(properties(`${name}LogGroup`)).toMatchObject({ RetentionInDays: 90 });
  });

  test('are given exactly the variables that they read, and no secret', () => {
    const files = ['POLICY_FILE', 'POSTAL_PROFILE_FILE'];
    const slack = ['SLACK_API_URL', 'SLACK_SECRET_ID'];
    expect(Object.keys(variables('SlackLambdaFunction')).toSorted()).toEqual([...files, 'QUEUE_URL', ...slack]);
    expect(Object.keys(variables('WorkerLambdaFunction')).toSorted()).toEqual(
      [...files, ...slack, 'LEDGER_TABLE', 'PROBER_FUNCTION', 'QUEUE_URL', 'STATE_TABLE'].toSorted(),
    );
    expect(Object.keys(variables('ProberLambdaFunction')).toSorted()).toEqual(files);
    expect(variables('WorkerLambdaFunction')).toMatchObject({
      SLACK_SECRET_ID: 'postal-endpoint/slack',
      PROBER_FUNCTION: properties('ProberLambdaFunction')['FunctionName'],
      LEDGER_TABLE: { Ref: 'LedgerTable' },
      STATE_TABLE: { Ref: 'StateTable' },
      QUEUE_URL: { Ref: 'CommandQueue' },
    });
  });

  test('read secrets through the extension for arm64, all but the prober', () => {
    const layer = [expect.stringMatching(/:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:\d+$/)];
    expect(properties('SlackLambdaFunction')['Layers']).toEqual(layer);
    expect(properties('WorkerLambdaFunction')['Layers']).toEqual(layer);
    expect(properties('ProberLambdaFunction')).not.toHaveProperty('Layers');
  });

  test('leave the VPC to the prober alone', () => {
    expect(properties('ProberLambdaFunction')).toHaveProperty('VpcConfig.SubnetIds');
    expect(properties('ProberLambdaFunction')).toHaveProperty('VpcConfig.SecurityGroupIds');
    expect(properties('SlackLambdaFunction')).not.toHaveProperty('VpcConfig');
    expect(properties('WorkerLambdaFunction')).not.toHaveProperty('VpcConfig');
  });
});

describe('the way of a command', () => {
  test('begins at POST /slack/events of the HTTP API, in payload format 2.0', () => {
    const routes = Object.values(resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
    expect(routes.map(({ Properties }) => Properties['RouteKey'])).toEqual(['POST /slack/events']);
    expect(properties('HttpApiIntegrationSlack')).toMatchObject({ PayloadFormatVersion: '2.0' });
    expect(properties('HttpApiStage')).toMatchObject({ DefaultRouteSettings: { ThrottlingBurstLimit: 50, ThrottlingRateLimit: 25 } });
  });

  test('leads through a FIFO queue, whose visibility timeout outlasts the worker, with a dead-letter queue', () => {
    expect(properties('CommandQueue')).toMatchObject({
      FifoQueue: true,
      VisibilityTimeout: 100,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] }, maxReceiveCount: 20 },
    });
    expect(properties('DeadLetterQueue')).toMatchObject({ FifoQueue: true, MessageRetentionPeriod: 1_209_600 });
  });

  test('reaches the worker one message at a time, ten at once at most', () => {
    expect(properties('WorkerEventSourceMappingSQSCommandQueue')).toMatchObject({
      BatchSize: 1,
      ScalingConfig: { MaximumConcurrency: 10 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      EventSourceArn: { 'Fn::GetAtt': ['CommandQueue', 'Arn'] },
    });
  });
});

describe('the tables', () => {
  test.each([
    ['LedgerTable', ledgerTable],
    ['StateTable', stateTable],
  ])('%s is the one that the code means, and survives mistakes', (name, definition) => {
    expect(properties(name)).toMatchObject({
      ...definition,
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(resource(name).DeletionPolicy).toBe('Retain');
  });

  test('drop expired state, and never a ledger entry', () => {
    expect(properties('StateTable')).toMatchObject({ TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true } });
    expect(properties('LedgerTable')).not.toHaveProperty('TimeToLiveSpecification');
  });
});

describe('the roles', () => {
  test('let the front send to the queue and read its secret', () => {
    expect(allowed('SlackRole')).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue', 'sqs:SendMessage']);
  });

  test('let the worker append to the ledger and read it, nothing else', () => {
    const onLedger = Object.values(statements('WorkerRole')).filter(({ Resource }) => JSON.stringify(Resource).includes('LedgerTable'));
    expect(onLedger.flatMap(({ Action }) => Action).toSorted()).toEqual(['dynamodb:GetItem', 'dynamodb:PartiQLInsert', 'dynamodb:Query']);
  });

  test('let the worker change records of the configured zones, by creating and deleting the types that it manages', () => {
    expect(hostedZoneArns.length).toBeGreaterThan(0);
    expect(statements('WorkerRole')['ZoneChange']).toMatchObject({
      Action: 'route53:ChangeResourceRecordSets',
      Resource: hostedZoneArns,
      Condition: {
        'ForAllValues:StringEquals': {
          'route53:ChangeResourceRecordSetsActions': ['CREATE', 'DELETE'],
          'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME', 'TXT'],
        },
        Null: { 'route53:ChangeResourceRecordSetsActions': 'false', 'route53:ChangeResourceRecordSetsRecordTypes': 'false' },
      },
    });
    expect(statements('WorkerRole')['ZoneRead']?.Resource).toEqual(hostedZoneArns);
  });

  test('let the worker invoke the prober, and no other function', () => {
    expect(statements('WorkerRole')['Prober']).toMatchObject({
      Action: 'lambda:InvokeFunction',
      Resource: { 'Fn::Sub': expect.stringMatching(/:function:postal-endpoint-production-prober$/) },
    });
  });

  test('let the prober log, and Lambda connect it to the VPC, which its own code may not', () => {
    expect(allowed('ProberRole').filter((action) => !action.startsWith('ec2:'))).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    const { NetworkInterface, NotFromTheCode } = statements('ProberRole');
    expect(NotFromTheCode).toMatchObject({ Effect: 'Deny', Action: NetworkInterface?.Action, Condition: { ArnEquals: expect.anything() } });
  });

  test('use a wildcard only where AWS knows no resource', () => {
    const wild = ['SlackRole', 'WorkerRole', 'ProberRole'].flatMap((role) =>
      Object.values(statements(role))
        .filter(({ Effect, Resource }) => Effect === 'Allow' && Resource === '*')
        .flatMap(({ Action }) => Action),
    );
    expect(wild.filter((action) => !action.startsWith('ec2:'))).toEqual(['route53:ListHostedZonesByVPC']);
  });

  test('never allow a whole service', () => {
    for (const role of ['SlackRole', 'WorkerRole', 'ProberRole']) for (const action of allowed(role)) expect(action).not.toContain('*');
  });

  test('are the only ones: the framework adds none', () => {
    const roles = Object.keys(resources).filter((name) => resource(name).Type === 'AWS::IAM::Role');
    expect(roles.toSorted()).toEqual(['ProberRole', 'SchedulerRole', 'SlackRole', 'WatchRole', 'WorkerRole']);
  });
});
