import { expect, test } from 'vitest';
import { postalReportChunks, postalReports } from '../../lib/app/state/postal/postal-report-store.ts';
import { webhookCollections } from '../../lib/app/state/postal/webhook-store.ts';
import { type Packaged, resourceIn } from './packaged.ts';
import { accountId, region } from './resolved.ts';
import { type Context, type Row, roleTests, rows } from './simulated.ts';

const here = `${region}:${accountId}`;
const stack = 'postal-endpoint-production';
const arn = {
  commands: `arn:aws:sqs:${here}:${stack}-commands.fifo`,
  deadLetters: `arn:aws:sqs:${here}:${stack}-dead-letters.fifo`,
  ledger: `arn:aws:dynamodb:${here}:table/${stack}-ledger`,
  byDay: `arn:aws:dynamodb:${here}:table/${stack}-ledger/index/byDay`,
  state: `arn:aws:dynamodb:${here}:table/${stack}-state`,
  secret: `arn:aws:secretsmanager:${here}:secret:postal-endpoint/slack-a1B2c3`,
  postalSecret: `arn:aws:secretsmanager:${here}:secret:postal-endpoint/postal-a1B2c3`,
  postal: `arn:aws:sqs:${here}:${stack}-postal.fifo`,
  postalDeadLetters: `arn:aws:sqs:${here}:${stack}-postal-dead-letters.fifo`,
  otherSecret: `arn:aws:secretsmanager:${here}:secret:postal-endpoint/slack-of-others-a1B2c3`,
  zone: 'arn:aws:route53:::hostedzone/Z0123456789EXAMPLE',
  otherZone: 'arn:aws:route53:::hostedzone/Z0OTHERZONE',
  change: 'arn:aws:route53:::change/C0123',
  /** What stands for a topic where the policy names none. */
  noTopic: 'arn:aws:sns:us-east-1:000000000000:no-topic',
  otherTopic: `arn:aws:sns:${here}:of-others`,
  interface: `arn:aws:ec2:${here}:network-interface/eni-1`,
  function: (name: string) => `arn:aws:lambda:${here}:function:${stack}-${name}`,
  log: (name: string) => `arn:aws:logs:${here}:log-group:/aws/lambda/${stack}-${name}:log-stream:today`,
} as const;

const change = (actions: string[], types: string[], names: string[]): Context => ({
  'route53:ChangeResourceRecordSetsActions': actions,
  'route53:ChangeResourceRecordSetsRecordTypes': types,
  'route53:ChangeResourceRecordSetsNormalizedRecordNames': names,
});
const name = 'gitlab.mail.corp.internal';
const marker = `_postal-endpoint.${name}`;
const changeRecords = 'route53:ChangeResourceRecordSets';
const without = (key: string): Context =>
  Object.fromEntries(Object.entries(change(['CREATE'], ['A'], [name])).filter(([each]) => !each.endsWith(key)));

const readsTable = ['dynamodb:GetItem', 'dynamodb:Query'];
const overwrites = [
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:BatchWriteItem',
  'dynamodb:PartiQLUpdate',
  'dynamodb:PartiQLDelete',
  'dynamodb:DeleteTable',
  'dynamodb:UpdateTable',
  'dynamodb:UpdateTimeToLive',
  'dynamodb:RestoreTableToPointInTime',
];
const ofCollections = (...names: string[]): Context => ({ 'dynamodb:LeadingKeys': names });
const postalCollections = [postalReports, postalReportChunks, ...webhookCollections];

/** Whoever breaks into what Postal's hosts can reach must get no further. */
export const mayNeitherCommandNorReadSlack: readonly Row[] = [
  ['may not', 'sqs:SendMessage', arn.commands],
  ['may not', 'sqs:SendMessage', arn.deadLetters],
  ['may not', 'sqs:SendMessage', arn.postalDeadLetters],
  ['may not', 'secretsmanager:GetSecretValue', arn.secret],
  ['may not', 'lambda:InvokeFunction', arn.function('worker')],
  ['may not', 'lambda:InvokeFunction', arn.function('prober')],
  ['may not', 'lambda:InvokeFunction', arn.function('watch')],
  ...rows('may not', [...readsTable, ...overwrites, 'dynamodb:PartiQLInsert'], arn.ledger),
  ['may not', 'route53:ListResourceRecordSets', arn.zone],
  ['may not', changeRecords, arn.zone, change(['CREATE'], ['A'], [name])],
];

/** What each role is for, and what it must never be good for. */
const table: Readonly<Record<string, readonly Row[]>> = {
  SlackRole: [
    ['may', 'sqs:SendMessage', arn.commands],
    ['may', 'secretsmanager:GetSecretValue', arn.secret],
    ['may', 'logs:PutLogEvents', arn.log('slack')],
    ['may not', 'sqs:SendMessage', arn.deadLetters],
    ['may not', 'sqs:ReceiveMessage', arn.commands],
    ['may not', 'sqs:PurgeQueue', arn.commands],
    ['may not', 'secretsmanager:GetSecretValue', arn.otherSecret],
    ['may not', 'secretsmanager:GetSecretValue', arn.postalSecret],
    ['may not', 'secretsmanager:PutSecretValue', arn.secret],
    ...rows('may not', [...readsTable, ...overwrites, 'dynamodb:PartiQLInsert'], arn.ledger),
    ...rows('may not', [...readsTable, 'dynamodb:PutItem'], arn.state),
    ['may not', changeRecords, arn.zone, change(['CREATE'], ['A'], [name])],
    ['may not', 'route53:ListResourceRecordSets', arn.zone],
    ['may not', 'lambda:InvokeFunction', arn.function('worker')],
    ['may not', 'lambda:InvokeFunction', arn.function('prober')],
    ['may not', 'logs:PutLogEvents', arn.log('worker')],
  ],
  WorkerRole: [
    ['may', 'sqs:ReceiveMessage', arn.commands],
    ['may', 'sqs:DeleteMessage', arn.commands],
    ['may', 'sqs:ChangeMessageVisibility', arn.commands],
    ['may', 'sqs:SendMessage', arn.commands],
    ['may not', 'sqs:PurgeQueue', arn.commands],
    ['may not', 'sqs:DeleteMessage', arn.deadLetters],
    ['may', 'secretsmanager:GetSecretValue', arn.secret],
    ['may not', 'secretsmanager:GetSecretValue', arn.otherSecret],
    ['may not', 'secretsmanager:GetSecretValue', arn.postalSecret],
    ['may not', 'sns:Publish', arn.otherTopic],
    ['may', 'sns:Publish', arn.noTopic],
    ['may not', 'sns:Subscribe', arn.noTopic],
    ['may', 'lambda:InvokeFunction', arn.function('prober')],
    ['may not', 'lambda:InvokeFunction', arn.function('watch')],
    ['may not', 'lambda:UpdateFunctionCode', arn.function('prober')],

    // The ledger grows, and nothing else.
    ['may', 'dynamodb:PartiQLInsert', arn.ledger],
    ...rows('may', readsTable, arn.ledger),
    ['may', 'dynamodb:Query', arn.byDay],
    ...rows('may not', overwrites, arn.ledger),
    ['may not', 'dynamodb:Scan', arn.ledger],
    ...rows('may', [...readsTable, 'dynamodb:PutItem', 'dynamodb:DeleteItem'], arn.state),
    ['may not', 'dynamodb:DeleteTable', arn.state],
    ['may not', 'dynamodb:PartiQLInsert', arn.state],

    // Records: those of add, update, remove and adopt.
    ['may', changeRecords, arn.zone, change(['CREATE'], ['A', 'TXT'], [name, marker])],
    ['may', changeRecords, arn.zone, change(['DELETE', 'CREATE'], ['A', 'AAAA', 'TXT'], [name, marker])],
    ['may', changeRecords, arn.zone, change(['DELETE'], ['CNAME', 'TXT'], [name, marker])],
    ['may not', changeRecords, arn.otherZone, change(['CREATE'], ['A'], [name])],
    ['may not', changeRecords, arn.zone, change(['UPSERT'], ['A'], [name])],
    ['may not', changeRecords, arn.zone, change(['CREATE', 'UPSERT'], ['A', 'TXT'], [name, marker])],
    ...['NS', 'SOA', 'MX', 'SRV', 'PTR', 'CAA'].map(
      (type): Row => ['may not', changeRecords, arn.zone, change(['CREATE'], [type], [name])],
    ),
    ['may not', changeRecords, arn.zone, change(['DELETE'], ['A', 'NS'], [name])],
    ['may not', changeRecords, arn.zone, change(['CREATE'], ['A'], ['corp.internal'])],
    ['may not', changeRecords, arn.zone, change(['CREATE'], ['A', 'TXT'], [name, 'corp.internal'])],
    ['may not', changeRecords, arn.zone, change(['CREATE'], ['A'], ['gitlab.other.internal'])],
    ['may not', changeRecords, arn.zone, change(['CREATE'], ['A'], ['evilcorp.internal'])],
    ['may not', changeRecords, arn.zone, {}],
    ['may not', changeRecords, arn.zone, change([], [], [])],
    ['may not', changeRecords, arn.zone, without('Actions')],
    ['may not', changeRecords, arn.zone, without('RecordTypes')],
    ['may not', changeRecords, arn.zone, without('NormalizedRecordNames')],
    ['may', 'route53:ListResourceRecordSets', arn.zone],
    ['may', 'route53:GetHostedZone', arn.zone],
    ['may not', 'route53:ListResourceRecordSets', arn.otherZone],
    ['may', 'route53:GetChange', arn.change],
    ['may', 'route53:ListHostedZonesByVPC', '*'],
    ['may not', 'route53:DeleteHostedZone', arn.zone],
    ['may not', 'route53:AssociateVPCWithHostedZone', arn.zone],
    ['may not', 'route53:CreateHostedZone', '*'],
    ['may not', 'iam:PassRole', `arn:aws:iam::${accountId}:role/${stack}-${region}-worker`],
  ],
  ProberRole: [
    ['may', 'logs:PutLogEvents', arn.log('prober')],
    ['may', 'ec2:CreateNetworkInterface', arn.interface],
    ['may not', 'ec2:CreateNetworkInterface', arn.interface, { 'lambda:SourceFunctionArn': arn.function('prober') }],
    ['may not', 'ec2:DeleteNetworkInterface', arn.interface, { 'lambda:SourceFunctionArn': arn.function('prober') }],
    ['may not', 'lambda:InvokeFunction', arn.function('worker')],
    ['may not', 'lambda:InvokeFunction', arn.function('prober')],
    ['may not', 'sqs:SendMessage', arn.commands],
    ['may not', 'secretsmanager:GetSecretValue', arn.secret],
    ...rows('may not', [...readsTable, 'dynamodb:PartiQLInsert'], arn.ledger),
    ...rows('may not', [...readsTable, 'dynamodb:PutItem'], arn.state),
    ['may not', 'route53:ListResourceRecordSets', arn.zone],
    ['may not', changeRecords, arn.zone, change(['CREATE'], ['A'], [name])],
  ],
  WatchRole: [
    ['may', 'sqs:SendMessage', arn.commands],
    ['may not', 'sqs:ReceiveMessage', arn.commands],
    ['may', 'sqs:ReceiveMessage', arn.deadLetters],
    ['may', 'sqs:DeleteMessage', arn.deadLetters],
    ['may', 'lambda:InvokeFunction', arn.function('prober')],
    ['may not', 'lambda:InvokeFunction', arn.function('worker')],
    ...rows('may', readsTable, arn.ledger),
    ['may', 'dynamodb:Query', arn.byDay],
    ...rows('may not', [...overwrites, 'dynamodb:PartiQLInsert'], arn.ledger),
    ...rows('may', [...readsTable, 'dynamodb:PutItem', 'dynamodb:DeleteItem'], arn.state),
    ['may not', 'dynamodb:DeleteTable', arn.state],
    ['may', 'route53:ListResourceRecordSets', arn.zone],
    ['may not', 'route53:GetHostedZone', arn.zone],
    ['may not', 'route53:ListResourceRecordSets', arn.otherZone],
    ['may not', changeRecords, arn.zone, change(['CREATE'], ['A'], [name])],
    ['may not', changeRecords, arn.zone, change(['DELETE'], ['TXT'], [marker])],
    ['may not', 'secretsmanager:GetSecretValue', arn.secret],
  ],
  PostalRole: [
    ['may', 'logs:PutLogEvents', arn.log('postal')],
    ['may', 'sqs:SendMessage', arn.postal],
    ['may', 'secretsmanager:GetSecretValue', arn.postalSecret],
    ['may', 'dynamodb:GetItem', arn.state, ofCollections('postal-reports')],
    ...mayNeitherCommandNorReadSlack,
    ['may not', 'sqs:ReceiveMessage', arn.postal],
    ...rows('may not', ['dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'], arn.state),
    ['may not', 'dynamodb:GetItem', arn.state, ofCollections('directory')],
    ['may not', 'dynamodb:GetItem', arn.state, ofCollections('postal-reports', 'directory')],
    ['may not', 'dynamodb:GetItem', arn.state],
  ],
  PostalFactsRole: [
    ['may', 'logs:PutLogEvents', arn.log('postal-facts')],
    ...rows('may', ['sqs:ReceiveMessage', 'sqs:DeleteMessage'], arn.postal),
    ['may', 'secretsmanager:GetSecretValue', arn.postalSecret],
    ...postalCollections.flatMap((name) =>
      [...readsTable, 'dynamodb:PutItem', 'dynamodb:DeleteItem'].map(
        (action): Row => ['may', action, arn.state, ofCollections(name)],
      ),
    ),
    ...mayNeitherCommandNorReadSlack,
    ['may not', 'sqs:SendMessage', arn.postal],
    ...['directory', 'incidents', 'mutes', 'probes'].flatMap((name) =>
      [...readsTable, 'dynamodb:PutItem', 'dynamodb:DeleteItem'].map(
        (action): Row => ['may not', action, arn.state, ofCollections(name)],
      ),
    ),
    ['may not', 'dynamodb:Query', arn.state],
    ['may not', 'dynamodb:Scan', arn.state],
  ],
  SchedulerRole: [
    ['may', 'lambda:InvokeFunction', arn.function('watch')],
    ['may not', 'lambda:InvokeFunction', arn.function('worker')],
    ['may not', 'sqs:SendMessage', arn.commands],
  ],
};

/** Evaluates the packaged policies as IAM would. */
export const permissionTests = (packaged: () => Packaged): void => {
  for (const [role, listed] of Object.entries(table)) roleTests(packaged, role, listed);

  test('every role is in the table', () => {
    const roles = Object.entries(packaged().resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
    expect(roles.map(([role]) => role).toSorted()).toEqual(Object.keys(table).toSorted());
  });

  test('each role is for its service alone', () => {
    for (const role of Object.keys(table)) {
      const { AssumeRolePolicyDocument } = resourceIn(packaged(), role).Properties;
      const Service = role === 'SchedulerRole' ? 'scheduler.amazonaws.com' : 'lambda.amazonaws.com';
      expect(AssumeRolePolicyDocument).toMatchObject({
        Statement: [{ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
      });
    }
  });
};
