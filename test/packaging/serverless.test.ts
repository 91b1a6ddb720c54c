import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { ledgerTable } from '../../lib/adapters/aws/ledger-table.ts';
import { stateTable, timeToLiveAttribute } from '../../lib/adapters/aws/state-table.ts';
import { workersAtOnce } from '../../lib/core/shares/fair-shares.ts';
import { timeoutsSeconds } from '../../lib/local/workspace-functions.ts';
import { observabilityTests } from './observability.ts';
import { type Packaged, packageAll, type Resource, resourceIn } from './packaged.ts';
import { permissionTests } from './permissions.ts';
import { resolved } from './resolved.ts';
import { templateRuleTests } from './template-rules.ts';

type Statement = { Sid: string; Effect: string; Action: string | string[]; Resource: unknown; Condition?: unknown };

let packaged: Packaged;

beforeAll(async () => {
  packaged = await packageAll();
}, 120_000);

afterAll(async () => {
  if (packaged) await packaged.remove();
});

const resource = (name: string): Resource => resourceIn(packaged, name);

const properties = (name: string): Readonly<Record<string, unknown>> => resource(name).Properties;

const statements = (role: string): Record<string, Statement> => {
  const policies = properties(role)['Policies'] as { PolicyDocument: { Statement: Statement[] } }[];
  return Object.fromEntries(
    policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).map((statement) => [statement.Sid, statement]),
  );
};

const allowed = (role: string): string[] =>
  Object.values(statements(role))
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action }) => Action)
    .toSorted();

const allRoles = [
  'PostalFactsRole',
  'PostalRole',
  'ProberRole',
  'SchedulerRole',
  'SlackRole',
  'WatchRole',
  'WorkerRole',
];

const variables = (name: string): Record<string, unknown> =>
  (properties(name)['Environment'] as { Variables: Record<string, unknown> }).Variables;

describe('the functions', () => {
  test.each([
    ['Slack', 5],
    ['Worker', timeoutsSeconds.worker],
    ['Prober', timeoutsSeconds.prober],
    ['Watch', timeoutsSeconds.watch],
    ['Postal', timeoutsSeconds.postal],
    ['PostalFacts', timeoutsSeconds['postal-facts']],
  ])('%s runs on Node 24 and arm64, with a role of its own', (name, timeoutSeconds) => {
    expect(properties(`${name}LambdaFunction`)).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Timeout: timeoutSeconds,
      Role: { 'Fn::GetAtt': [`${name}Role`, 'Arn'] },
    });
    expect(properties(`${name}LogGroup`)).toMatchObject({ RetentionInDays: 365 });
  });

  test('are given exactly the variables that they read, and no secret', () => {
    const files = ['POLICY_FILE', 'POSTAL_PROFILE_FILE'];
    const slack = ['SECRETS_MANAGER_TTL', 'SLACK_API_URL', 'SLACK_SECRET_ID'];
    expect(Object.keys(variables('SlackLambdaFunction')).toSorted()).toEqual(
      [...files, 'QUEUE_URL', ...slack].toSorted(),
    );
    expect(Object.keys(variables('WorkerLambdaFunction')).toSorted()).toEqual(
      [...files, ...slack, 'LEDGER_TABLE', 'PROBER_FUNCTION', 'QUEUE_URL', 'STATE_TABLE', 'WORKERS_AT_ONCE'].toSorted(),
    );
    expect(Object.keys(variables('ProberLambdaFunction')).toSorted()).toEqual(files);
    expect(Object.keys(variables('WatchLambdaFunction')).toSorted()).toEqual(
      [...files, 'DEAD_LETTER_QUEUE_URL', 'LEDGER_TABLE', 'PROBER_FUNCTION', 'QUEUE_URL', 'STATE_TABLE'].toSorted(),
    );
    const postal = ['POSTAL_SECRET_ID', 'SECRETS_MANAGER_TTL', 'STATE_TABLE'];
    expect(Object.keys(variables('PostalLambdaFunction')).toSorted()).toEqual(
      [...postal, 'POSTAL_PROFILE_FILE', 'POSTAL_QUEUE_URL'].toSorted(),
    );
    expect(Object.keys(variables('PostalFactsLambdaFunction')).toSorted()).toEqual(postal);
    expect(variables('WorkerLambdaFunction')).toMatchObject({
      SLACK_SECRET_ID: 'postal-endpoint/slack',
      PROBER_FUNCTION: properties('ProberLambdaFunction')['FunctionName'],
      LEDGER_TABLE: { Ref: 'LedgerTable' },
      STATE_TABLE: { Ref: 'StateTable' },
      QUEUE_URL: { Ref: 'CommandQueue' },
      WORKERS_AT_ONCE: String(workersAtOnce),
    });
  });

  test('read secrets through the extension for arm64, those that speak to Slack or listen to Postal', () => {
    const layer = [expect.stringMatching(/:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:\d+$/)];
    expect(properties('SlackLambdaFunction')['Layers']).toEqual(layer);
    expect(properties('WorkerLambdaFunction')['Layers']).toEqual(layer);
    expect(properties('PostalLambdaFunction')['Layers']).toEqual(layer);
    expect(properties('PostalFactsLambdaFunction')['Layers']).toEqual(layer);
    expect(properties('ProberLambdaFunction')).not.toHaveProperty('Layers');
    expect(properties('WatchLambdaFunction')).not.toHaveProperty('Layers');
  });

  test('leave the VPC to the prober alone, in a security group of its own', () => {
    expect(properties('ProberLambdaFunction')['VpcConfig']).toMatchObject({
      SecurityGroupIds: [{ 'Fn::GetAtt': ['ProberSecurityGroup', 'GroupId'] }],
      SubnetIds: { 'Fn::Split': [',', expect.stringMatching(/^subnet-/)] },
    });
    for (const name of ['Slack', 'Worker', 'Watch', 'Postal', 'PostalFacts'])
      expect(properties(`${name}LambdaFunction`)).not.toHaveProperty('VpcConfig');
  });

  test('let the prober out to the ports and networks of the policy and to the nameservers of the profile, and nobody in', () => {
    const group = properties('ProberSecurityGroup');
    expect(group).not.toHaveProperty('SecurityGroupIngress');
    const rules = z
      .array(
        z.object({
          IpProtocol: z.string(),
          FromPort: z.int(),
          ToPort: z.int(),
          CidrIp: z.string().optional(),
          CidrIpv6: z.string().optional(),
        }),
      )
      .parse(group['SecurityGroupEgress']);
    expect(rules.every(({ FromPort, ToPort }) => FromPort === ToPort)).toBe(true);
    const ports = [25, 465, 587, 2525];
    expect(
      rules.map(({ IpProtocol, FromPort, CidrIp, CidrIpv6 }) => `${IpProtocol} ${CidrIp ?? CidrIpv6} ${FromPort}`),
    ).toEqual([
      ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'].flatMap((cidr) =>
        ports.map((port) => `tcp ${cidr} ${port}`),
      ),
      'udp 10.0.0.2/32 53',
      'tcp 10.0.0.2/32 53',
    ]);
  });

  test('keep a share of the concurrency: one watch at a time, and so many probers', () => {
    expect(properties('WatchLambdaFunction')).toMatchObject({ ReservedConcurrentExecutions: 1 });
    expect(properties('ProberLambdaFunction')).toMatchObject({ ReservedConcurrentExecutions: 32 });
  });

  test('are not run again by Lambda itself, where that would be late', () => {
    expect(properties('ProberLambdaEvConf')).toMatchObject({ MaximumRetryAttempts: 0 });
    expect(properties('WatchLambdaEvConf')).toMatchObject({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
  });
});

test("nothing of the reader of Postal's database is deployed unless it is configured", () => {
  expect(JSON.stringify(packaged.resources)).not.toMatch(/postal-?database/i);
});

describe('watch', () => {
  test('is woken every minute by a schedule with a role of its own', () => {
    const schedules = Object.values(packaged.resources).filter(({ Type }) => Type === 'AWS::Scheduler::Schedule');
    expect(schedules).toHaveLength(1);
    expect(schedules[0]?.Properties).toMatchObject({
      ScheduleExpression: 'cron(* * * * ? *)',
      Target: {
        Arn: { 'Fn::GetAtt': ['WatchLambdaFunction', 'Arn'] },
        RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
      },
    });
  });
});

describe("the way of what Postal's hosts send", () => {
  test('has limits and a queue of its own, so that it takes nothing from commands', () => {
    expect(properties('HttpApiStage')['RouteSettings']).toEqual({
      'POST /postal/snapshots': { ThrottlingBurstLimit: 10, ThrottlingRateLimit: 2 },
      'POST /postal/webhooks/{proxy+}': { ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 },
    });
    // A stage's setting of a route that does not exist yet ends the deployment.
    expect(resource('HttpApiStage').DependsOn).toEqual(
      expect.arrayContaining(['HttpApiRoutePostPostalSnapshots', 'HttpApiRoutePostPostalWebhooksProxyVar']),
    );
    expect(properties('PostalLambdaFunction')['ReservedConcurrentExecutions']).toBe(10);
    expect(variables('PostalLambdaFunction')['POSTAL_QUEUE_URL']).toEqual({ Ref: 'PostalQueue' });
    expect(properties('PostalFactsEventSourceMappingSQSPostalQueue')).toMatchObject({
      ScalingConfig: { MaximumConcurrency: 2 },
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      EventSourceArn: { 'Fn::GetAtt': ['PostalQueue', 'Arn'] },
    });
    expect(properties('PostalQueue')).toMatchObject({
      FifoQueue: true,
      VisibilityTimeout: 90,
      RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['PostalDeadLetterQueue', 'Arn'] }, maxReceiveCount: 20 },
    });
  });

  test('is logged by route, never by path: a path holds a token', () => {
    const settings = z.object({ Format: z.string() }).parse(properties('HttpApiStage')['AccessLogSettings']);
    expect(settings.Format).toContain('$context.routeKey');
    expect(settings.Format).not.toMatch(/path|proxy|domain/i);
  });
});

describe('the way of a command', () => {
  test('begins at POST /slack/events of the HTTP API, in payload format 2.0', () => {
    const routes = Object.values(packaged.resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
    expect(routes.map(({ Properties }) => Properties['RouteKey'])).toEqual([
      'POST /slack/events',
      'POST /postal/snapshots',
      'POST /postal/webhooks/{proxy+}',
    ]);
    expect(properties('HttpApiIntegrationSlack')).toMatchObject({ PayloadFormatVersion: '2.0' });
    expect(properties('HttpApiStage')).toMatchObject({
      DefaultRouteSettings: { ThrottlingBurstLimit: 50, ThrottlingRateLimit: 25 },
    });
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
      ScalingConfig: { MaximumConcurrency: workersAtOnce },
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
      DeletionProtectionEnabled: false,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    // A first deployment that fails takes them away again, and the next one makes them anew.
    expect(resource(name)).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('drop expired state, and never a ledger entry', () => {
    expect(properties('StateTable')).toMatchObject({
      TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
    });
    expect(properties('LedgerTable')).not.toHaveProperty('TimeToLiveSpecification');
  });
});

describe('the roles', () => {
  test('let the front send to the queue and read its secret', () => {
    expect(allowed('SlackRole')).toEqual([
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ]);
  });

  test('let the worker append to the ledger and read it, nothing else', () => {
    const onLedger = Object.values(statements('WorkerRole')).filter(({ Resource }) =>
      JSON.stringify(Resource).includes('LedgerTable'),
    );
    expect(onLedger.flatMap(({ Action }) => Action).toSorted()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PartiQLInsert',
      'dynamodb:Query',
    ]);
  });

  test('take the zones and the names below them from the policy that is bundled', () => {
    const { hostedZoneArns, recordNames, zoneNames } = packaged.deployment;
    expect(resolved(packaged, hostedZoneArns)).toEqual(['arn:aws:route53:::hostedzone/Z0123456789EXAMPLE']);
    const names = 'route53:ChangeResourceRecordSetsNormalizedRecordNames';
    expect(statements('WorkerRole')['ZoneChange']).toMatchObject({
      Resource: hostedZoneArns,
      Condition: {
        'ForAllValues:StringLike': { [names]: recordNames },
        'ForAllValues:StringNotEquals': { [names]: zoneNames },
      },
    });
    expect(recordNames).toEqual(['*.corp.internal']);
    expect(zoneNames).toEqual(['corp.internal']);
  });

  // The simulator's list of actions is older than those of record set protections.
  test('let the worker read the protections of its zones, and make or delete none', () => {
    const { hostedZoneArns } = packaged.deployment;
    expect(statements('WorkerRole')['ZoneRead']).toMatchObject({
      Action: ['route53:GetHostedZone', 'route53:ListResourceRecordSets', 'route53:ListResourceRecordSetProtections'],
      Resource: hostedZoneArns,
    });
    const everything = allRoles.flatMap((role) => Object.values(statements(role)).flatMap(({ Action }) => Action));
    expect(everything.filter((action) => /Protections?$/.test(action))).toEqual([
      'route53:ListResourceRecordSetProtections',
    ]);
  });

  test('use a wildcard only where AWS knows no resource', () => {
    const wild = allRoles.flatMap((role) =>
      Object.values(statements(role))
        .filter(({ Effect, Resource }) => Effect === 'Allow' && Resource === '*')
        .flatMap(({ Action }) => Action),
    );
    expect(wild.filter((action) => !action.startsWith('ec2:'))).toEqual(['route53:ListHostedZonesByVPC']);
  });

  test('never allow a whole service', () => {
    for (const role of allRoles) for (const action of allowed(role)) expect(action).not.toContain('*');
  });

  test('are the only ones: the framework adds none', () => {
    const roles = Object.keys(packaged.resources).filter((name) => resource(name).Type === 'AWS::IAM::Role');
    expect(roles.toSorted()).toEqual(allRoles);
  });
});

describe('as IAM would judge', () => permissionTests(() => packaged));

describe('the template', () => templateRuleTests(() => packaged));

describe('alarms and dashboard', () => observabilityTests(() => packaged));
