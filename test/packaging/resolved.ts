import type { Packaged } from './packaged.ts';
import { resourceIn } from './packaged.ts';

export const region = 'eu-central-1';
export const accountId = '111122223333';

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': region,
  'AWS::AccountId': accountId,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Service and resource part of an ARN, by type, and the property that names such a resource. */
const arnParts: Readonly<Record<string, readonly [service: string, prefix: string, nameProperty: string]>> = {
  'AWS::SQS::Queue': ['sqs', '', 'QueueName'],
  'AWS::SNS::Topic': ['sns', '', 'TopicName'],
  'AWS::DynamoDB::Table': ['dynamodb', 'table/', 'TableName'],
  'AWS::Lambda::Function': ['lambda', 'function:', 'FunctionName'],
  'AWS::CloudWatch::Alarm': ['cloudwatch', 'alarm:', 'AlarmName'],
};

const named = (packaged: Packaged, logicalId: string): { readonly arn: string; readonly name: string } => {
  const { Type, Properties } = resourceIn(packaged, logicalId);
  const [service, prefix, nameProperty] = arnParts[Type] ?? [];
  const name = nameProperty === undefined ? logicalId : String(Properties[nameProperty]);
  return { name, arn: `arn:aws:${service ?? Type}:${region}:${accountId}:${prefix ?? ''}${name}` };
};

const attribute = (packaged: Packaged, logicalId: string, name: string): string =>
  name === 'Arn' ? named(packaged, logicalId).arn : named(packaged, logicalId).name;

const reference = (packaged: Packaged, name: string): string => pseudoParameters[name] ?? named(packaged, name).name;

const substituted = (packaged: Packaged, text: string): string =>
  text.replace(/\$\{([^}!]+)\}/g, (_, expression: string) => {
    const [logicalId = '', ...path] = expression.split('.');
    return path.length === 0 ? reference(packaged, logicalId) : attribute(packaged, logicalId, path.join('.'));
  });

/** A part of the template as CloudFormation would resolve it, in an account and a region of ours. */
export const resolved = (packaged: Packaged, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((each) => resolved(packaged, each));
  if (typeof value !== 'object' || value === null) return value;
  const [[key = '', argument] = []] = Object.entries(value);
  if (key === 'Ref') return reference(packaged, String(argument));
  if (key === 'Fn::Sub') return substituted(packaged, String(argument));
  if (key === 'Fn::GetAtt' && Array.isArray(argument))
    return attribute(packaged, String(argument[0]), argument.slice(1).join('.'));
  if (key.startsWith('Fn::')) throw new Error(`no test has needed ${key} so far`);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(packaged, each)]));
};
