import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Packaged, packageAll, resourceIn } from './packaged.ts';
import { mayNeitherCommandNorReadSlack } from './permissions.ts';
import { accountId, region } from './resolved.ts';
import { type Row, roleTests, rows } from './simulated.ts';

const here = `${region}:${accountId}`;
const stack = 'postal-endpoint-production';
const user = (name: string, instance = 'db-ABCDEFGHIJKL0123456789MNOP'): string =>
  `arn:aws:rds-db:${here}:dbuser:${instance}/${name}`;
const secret = (name: string): string => `arn:aws:secretsmanager:${here}:secret:postal-endpoint/${name}-a1B2c3`;
const itself = { 'lambda:SourceFunctionArn': `arn:aws:lambda:${here}:function:${stack}-postal-database` };

const reader: readonly Row[] = [
  ['may', 'logs:PutLogEvents', `arn:aws:logs:${here}:log-group:/aws/lambda/${stack}-postal-database:log-stream:today`],
  ['may not', 'logs:PutLogEvents', `arn:aws:logs:${here}:log-group:/aws/lambda/${stack}-watch:log-stream:today`],
  ['may', 'ec2:CreateNetworkInterface', `arn:aws:ec2:${here}:network-interface/eni-1`],
  ['may not', 'ec2:CreateNetworkInterface', `arn:aws:ec2:${here}:network-interface/eni-1`, itself],
  ...mayNeitherCommandNorReadSlack,
  ['may not', 'sqs:SendMessage', `arn:aws:sqs:${here}:${stack}-postal.fifo`],
  ...rows(
    'may not',
    ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
    `arn:aws:dynamodb:${here}:table/${stack}-state`,
  ),
  ['may not', 'secretsmanager:GetSecretValue', secret('postal')],
];

const variants = [
  {
    name: 'with IAM authentication',
    params: ['--param=postalDatabaseResourceId=db-ABCDEFGHIJKL0123456789MNOP'],
    variables: { POSTAL_DATABASE_USER: 'postal_endpoint' },
    layers: undefined,
    egress: ['3306'],
    rows: [
      ['may', 'rds-db:connect', user('postal_endpoint')],
      ['may not', 'rds-db:connect', user('root')],
      ['may not', 'rds-db:connect', user('postal_endpoint', 'db-OTHER')],
      ['may not', 'secretsmanager:GetSecretValue', secret('postal-database')],
    ],
  },
  {
    name: 'with a secret',
    params: [],
    variables: { POSTAL_DATABASE_SECRET_ID: 'postal-endpoint/postal-database' },
    layers: 1,
    egress: ['3306', '443'],
    rows: [
      ['may', 'secretsmanager:GetSecretValue', secret('postal-database')],
      ['may not', 'secretsmanager:GetSecretValue', secret('postal-database-of-others')],
      ['may not', 'secretsmanager:PutSecretValue', secret('postal-database')],
      ['may not', 'rds-db:connect', user('postal_endpoint')],
    ],
  },
] as const;

describe.each(variants)("the reader of Postal's database $name", ({ params, variables, layers, egress, rows: own }) => {
  let packaged: Packaged;
  beforeAll(async () => {
    packaged = await packageAll('--param=postalDatabaseHost=db.corp.internal', ...params);
  }, 120_000);
  afterAll(() => packaged?.remove());

  const properties = (name: string): Readonly<Record<string, unknown>> => resourceIn(packaged, name).Properties;

  test('is in the VPC, in a security group that lets it out to the database alone, and nobody in', () => {
    expect(properties('PostalDatabaseLambdaFunction')).toMatchObject({
      Timeout: 20,
      ReservedConcurrentExecutions: 2,
      Role: { 'Fn::GetAtt': ['PostalDatabaseRole', 'Arn'] },
      VpcConfig: { SecurityGroupIds: [{ 'Fn::GetAtt': ['PostalDatabaseSecurityGroup', 'GroupId'] }] },
    });
    const group = properties('PostalDatabaseSecurityGroup');
    expect(group).not.toHaveProperty('SecurityGroupIngress');
    expect(group['SecurityGroupEgress']).toMatchObject(
      egress.map((port) => ({
        IpProtocol: 'tcp',
        CidrIp: '10.0.0.0/8',
        FromPort: expect.toSatisfy((each) => String(each) === port),
      })),
    );
    expect(group['SecurityGroupEgress']).toHaveLength(egress.length);
  });

  test('is given exactly the variables that it reads, and watch its name', () => {
    expect(properties('PostalDatabaseLambdaFunction')['Environment']).toEqual({
      Variables: {
        POSTAL_DATABASE_HOST: 'db.corp.internal',
        POSTAL_DATABASE_PORT: '3306',
        POSTAL_DATABASE_NAME: 'postal',
        POSTAL_DATABASE_PREFIX: 'postal',
        POSTAL_DATABASE_CA_FILE: '/var/task/postal-database-ca.pem',
        ...variables,
      },
    });
    const layersOf: unknown = properties('PostalDatabaseLambdaFunction')['Layers'];
    expect(Array.isArray(layersOf) ? layersOf.length : undefined).toBe(layers);
    expect(properties('WatchLambdaFunction')['Environment']).toMatchObject({
      Variables: { POSTAL_DATABASE_FUNCTION: properties('PostalDatabaseLambdaFunction')['FunctionName'] },
    });
  });

  roleTests(() => packaged, 'PostalDatabaseRole', [...reader, ...own]);
  roleTests(() => packaged, 'WatchRole', [
    ['may', 'lambda:InvokeFunction', `arn:aws:lambda:${here}:function:${stack}-postal-database`],
    ['may not', 'lambda:InvokeFunction', `arn:aws:lambda:${here}:function:${stack}-worker`],
  ]);
});
