import type { Mistake } from '../../lib/core/base/config-error.ts';
import { isExampleId } from '../../lib/core/policy/example-ids.ts';
import type { PolicyDocument } from '../../lib/core/policy/policy.ts';

/** What serverless is given: `--region`, and `--param="name=value"` by name, with the defaults of serverless.yml. */
export type Parameters = { readonly region: string; readonly params: Readonly<Record<string, string>> };

const regionForm = /^(?:af|ap|ca|cn|eu|il|me|mx|sa|us|us-gov)-[a-z]+-\d$/;
const layerForm =
  /^arn:(aws|aws-cn|aws-us-gov):lambda:([a-z0-9-]+):(\d{12}):layer:AWS-Parameters-and-Secrets-Lambda-Extension(-Arm64)?:(\d+)$/;

const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';

const idMistake = (path: string, id: string, prefix: string): readonly Mistake[] => {
  if (!new RegExp(`^${prefix}-(?:[0-9a-f]{8}|[0-9a-f]{17})$`).test(id))
    return [{ path, message: `${JSON.stringify(id)} is not an id such as ${prefix}-0c3f9a71be52d8046` }];
  return isExampleId(id) ? [{ path, message: `${id} is an example: give --param="${path}=…"` }] : [];
};

const layerMistakes = (region: string, arn: string): readonly Mistake[] => {
  const path = 'secretsExtensionLayer';
  const [, partition, layerRegion, , arm] = layerForm.exec(arn) ?? [];
  if (partition === undefined)
    return [
      { path, message: `${JSON.stringify(arn)} is not the ARN of the AWS Parameters and Secrets Lambda Extension` },
    ];
  return [
    ...(layerRegion === region
      ? []
      : [
          {
            path,
            message: `the layer is in ${layerRegion}, the deployment in ${region}: Lambda takes layers of its own region alone`,
          },
        ]),
    ...(partition === partitionOf(region)
      ? []
      : [{ path, message: `an ARN of ${region} begins with arn:${partitionOf(region)}:` }]),
    ...(arm === undefined ? [{ path, message: 'the functions run on arm64: give the layer that ends in -Arm64' }] : []),
  ];
};

const zoneMistakes = (region: string, vpcId: string, zones: PolicyDocument['zones']): readonly Mistake[] =>
  zones.flatMap(({ name, vpcs }, index) => {
    if (vpcs.some((vpc) => vpc.id === vpcId && vpc.region === region)) return [];
    const path = `policy zones[${index}].vpcs`;
    return [{ path, message: `${vpcId} in ${region} is not among them, so the prober would not see ${name}` }];
  });

const networkForm = /^(?:\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;
/** Of an instance, or of an Aurora cluster: neither its name nor its ARN. */
const resourceIdForm = /^(?:db|cluster)-[A-Z0-9]{10,40}$/;

/** What Postal's database is read with, where a host is given. */
const databaseMistakes = (params: Parameters['params']): readonly Mistake[] => {
  const { postalDatabaseHost: host = '', postalDatabaseResourceId: resourceId = '' } = params;
  if (host === '')
    return resourceId === ''
      ? []
      : [
          {
            path: 'postalDatabaseHost',
            message: 'without it postalDatabaseResourceId has no effect: give both, or neither',
          },
        ];
  const port = Number(params['postalDatabasePort']);
  const checks: readonly (readonly [isRight: boolean, path: string, message: string])[] = [
    [
      /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/i.test(host),
      'postalDatabaseHost',
      `${JSON.stringify(host)} is not a host name, such as postal.c9akciq32.eu-central-1.rds.amazonaws.com`,
    ],
    [
      Number.isInteger(port) && port >= 1 && port <= 65_535,
      'postalDatabasePort',
      `${JSON.stringify(params['postalDatabasePort'])} is not a port: give 1 to 65535`,
    ],
    [
      networkForm.test(params['postalDatabaseNetwork'] ?? ''),
      'postalDatabaseNetwork',
      `${JSON.stringify(params['postalDatabaseNetwork'])} is not a network such as 10.0.0.0/16`,
    ],
    [
      resourceId === '' || resourceIdForm.test(resourceId),
      'postalDatabaseResourceId',
      `${JSON.stringify(resourceId)} is not a resource id: it begins with db- or cluster-, and aws rds describe-db-instances shows it as DbiResourceId`,
    ],
  ];
  return checks.flatMap(([isRight, path, message]) => (isRight ? [] : [{ path, message }]));
};

/** What a deployment with these parameters would fail on, or do wrong without failing. */
export const parameterMistakes = ({ region, params }: Parameters, policy: PolicyDocument): readonly Mistake[] => {
  const { vpcId = '', subnetIds = '', secretsExtensionLayer = '', slackSecretId = '', alarmEmail = '' } = params;
  const subnets = subnetIds.split(',').map((id) => id.trim());
  const yesOrNo = ['dualStackSubnets', 'protectTables'].flatMap((path) =>
    /^(?:true|false)$/.test(params[path] ?? '') ? [] : [{ path, message: 'it is neither true nor false' }],
  );
  return [
    ...(regionForm.test(region) ? [] : [{ path: 'region', message: `${JSON.stringify(region)} is no AWS region` }]),
    ...idMistake('vpcId', vpcId, 'vpc'),
    ...subnets.flatMap((id) => idMistake('subnetIds', id, 'subnet')),
    ...(new Set(subnets).size < subnets.length ? [{ path: 'subnetIds', message: 'a subnet is given twice' }] : []),
    ...layerMistakes(region, secretsExtensionLayer),
    ...(/^[\w/+=.@-]{1,505}$/.test(slackSecretId)
      ? []
      : [{ path: 'slackSecretId', message: `${JSON.stringify(slackSecretId)} is no name of a secret` }]),
    ...(alarmEmail === '' || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(alarmEmail)
      ? []
      : [{ path: 'alarmEmail', message: `${JSON.stringify(alarmEmail)} is not a mail address` }]),
    ...yesOrNo,
    ...databaseMistakes(params),
    ...zoneMistakes(region, vpcId, policy.zones),
  ];
};
