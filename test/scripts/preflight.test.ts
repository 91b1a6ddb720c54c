import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type PolicyDocument, policySchema } from '../../lib/core/policy/policy.ts';
import { authorityMistakes } from '../../scripts/preflight/build-mistakes.ts';
import { parameterMistakes } from '../../scripts/preflight/parameter-mistakes.ts';
import { readParameters } from '../../scripts/preflight/read-parameters.ts';

const root = join(import.meta.dirname, '../..');
const layer = (region: string, partition = 'aws', arm = '-Arm64'): string =>
  `arn:${partition}:lambda:${region}:187925254637:layer:AWS-Parameters-and-Secrets-Lambda-Extension${arm}:12`;

const vpcId = 'vpc-0c3f9a71be52d8046';
const policyOf = (vpc: string, region: string): PolicyDocument =>
  policySchema.parse({
    zones: [{ name: 'corp.internal', id: 'Z04K7QW2M8T1', vpcs: [{ id: vpc, region }] }],
    cidrs: ['10.0.0.0/8'],
    auditChannel: 'C8RT41WXB',
    grants: [{ name: 'mail team', teams: ['T7QK2M0ZP'], verbs: ['*'] }],
  });

const good: Readonly<Record<string, string>> = {
  vpcId,
  subnetIds: 'subnet-0a41c7de90b36f258,subnet-0b52d8ef01c47a369',
  dualStackSubnets: 'false',
  slackSecretId: 'postal-endpoint/slack',
  secretsExtensionLayer: layer('us-east-1'),
  protectTables: 'false',
  alarmEmail: '',
};

const pathsOf = (more: Readonly<Record<string, string>>, region = 'us-east-1'): readonly string[] =>
  parameterMistakes({ region, params: { ...good, ...more } }, policyOf(vpcId, region)).map(({ path }) => path);

describe('parameterMistakes', () => {
  it('has nothing against real ids in one region', () => {
    expect(pathsOf({})).toEqual([]);
    const china = { secretsExtensionLayer: layer('cn-north-1', 'aws-cn') };
    expect(pathsOf(china, 'cn-north-1')).toEqual([]);
  });

  it.each<[Readonly<Record<string, string>>, string]>([
    [{ secretsExtensionLayer: layer('eu-central-1') }, 'secretsExtensionLayer'],
    [{ secretsExtensionLayer: layer('us-east-1', 'aws-us-gov') }, 'secretsExtensionLayer'],
    [{ secretsExtensionLayer: layer('us-east-1', 'aws', '') }, 'secretsExtensionLayer'],
    [{ secretsExtensionLayer: 'arn:aws:lambda:us-east-1:1:layer:other:1' }, 'secretsExtensionLayer'],
    [{ vpcId: 'vpc-xyz' }, 'vpcId'],
    [{ subnetIds: 'subnet-00000000000000000' }, 'subnetIds'],
    [{ subnetIds: '' }, 'subnetIds'],
    [{ subnetIds: `${'subnet-0a41c7de90b36f258'},subnet-0a41c7de90b36f258` }, 'subnetIds'],
    [{ slackSecretId: '' }, 'slackSecretId'],
    [{ alarmEmail: 'oncall' }, 'alarmEmail'],
    [{ dualStackSubnets: 'yes' }, 'dualStackSubnets'],
    [{ protectTables: '' }, 'protectTables'],
    [{ vpcId: 'vpc-0d4fab82cf63e9157' }, 'policy zones[0].vpcs'],
  ])('%j: %s', (more, path) => {
    expect(pathsOf(more)).toContain(path);
  });

  const database = {
    postalDatabaseHost: 'postal.c9akciq32.us-east-1.rds.amazonaws.com',
    postalDatabasePort: '3306',
    postalDatabaseNetwork: '10.2.0.0/16',
    postalDatabaseResourceId: 'db-ABCDEFGHIJKL0123456789MNOP',
  };

  it("has nothing against a database of Postal's, nor against none", () => {
    expect(pathsOf(database)).toEqual([]);
    expect(pathsOf({ ...database, postalDatabaseResourceId: '' })).toEqual([]);
    expect(pathsOf({ postalDatabaseHost: '', postalDatabaseResourceId: '' })).toEqual([]);
  });

  it.each([
    ['postalDatabaseHost', ''],
    ['postalDatabaseHost', 'mysql://db.corp.internal'],
    ['postalDatabasePort', '70000'],
    ['postalDatabaseNetwork', '10.2.0.0'],
    ['postalDatabaseResourceId', 'postal'],
    ['postalDatabaseResourceId', 'arn:aws:rds:us-east-1:111122223333:db:postal'],
  ])('%s "%s" is refused', (path, value) => {
    expect(pathsOf({ ...database, [path]: value })).toEqual([path]);
  });

  it('wants the authorities of RDS where its certificate has to be verified', () => {
    const paths = (params: Readonly<Record<string, string>>) =>
      authorityMistakes(join(root, 'no-such-folder'), params).map(({ path }) => path);
    expect(paths(database)).toEqual(['config/postal-database-ca.pem']);
    expect(paths({ ...database, postalDatabaseResourceId: '' })).toEqual([]);
    expect(paths({ ...database, postalDatabaseHost: '' })).toEqual([]);
  });

  it('refuses a region that is none', () => {
    expect(pathsOf({}, 'Frankfurt')).toContain('region');
  });

  it('refuses everything that serverless.yml has as an example, in its own region and in another', () => {
    const policy = policySchema.parse(
      JSON.parse(readFileSync(join(root, 'config/policy.json'), 'utf8').replace(/"\$schema".*/, '')),
    );
    for (const args of [[], ['--region', 'us-east-1']]) {
      const paths = parameterMistakes(readParameters(args, join(root, 'serverless.yml')), policy).map(
        ({ path }) => path,
      );
      expect(paths).toEqual(expect.arrayContaining(['vpcId', 'subnetIds']));
      expect(paths.includes('secretsExtensionLayer')).toBe(args.length > 0);
    }
  });
});

describe('readParameters', () => {
  it('reads what serverless is given, beside its defaults', () => {
    const { region, params } = readParameters(
      ['--region', 'us-east-1', '--stage', 'test', '--param=vpcId=vpc-1', '--param', 'alarmEmail=a@b.example'],
      join(root, 'serverless.yml'),
    );
    expect(region).toBe('us-east-1');
    expect(params).toMatchObject({ vpcId: 'vpc-1', alarmEmail: 'a@b.example', dualStackSubnets: 'false' });
  });

  it('names a parameter that there is not', () => {
    expect(() => readParameters(['--param=vpc=vpc-1'], join(root, 'serverless.yml'))).toThrow(
      'serverless.yml has vpcId',
    );
  });
});
