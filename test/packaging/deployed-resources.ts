import type { Resource } from './packaged.ts';

type Template = {
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Resources: Readonly<Record<string, Resource>>;
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Conditions of literal values, as this project writes them. */
const holds = (template: Template, condition: unknown): boolean => {
  if (!isObject(condition)) throw new Error(`no condition: ${JSON.stringify(condition)}`);
  const [[key = '', argument] = []] = Object.entries(condition);
  if (key === 'Condition') return holds(template, template.Conditions?.[String(argument)]);
  if (!Array.isArray(argument)) throw new Error(`no test has needed ${key} so far`);
  if (key === 'Fn::Not') return !holds(template, argument[0]);
  if (key === 'Fn::And') return argument.every((each) => holds(template, each));
  if (key === 'Fn::Equals') return argument[0] === argument[1];
  throw new Error(`no test has needed ${key} so far`);
};

const isNoValue = (value: unknown): boolean => isObject(value) && value['Ref'] === 'AWS::NoValue';

/** A part of the template with each `Fn::If` decided, and without what has no value then. */
const decided = (template: Template, value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((each) => decided(template, each)).filter((each) => !isNoValue(each));
  if (!isObject(value)) return value;
  const choice = value['Fn::If'];
  if (Array.isArray(choice)) return decided(template, choice[holds(template, { Condition: choice[0] }) ? 1 : 2]);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, decided(template, each)] as const)
      .filter(([, each]) => !isNoValue(each)),
  );
};

/** The resources that CloudFormation would make of a template. */
export const deployedResources = (template: Template): Readonly<Record<string, Resource>> =>
  Object.fromEntries(
    Object.entries(template.Resources)
      .filter(([, { Condition }]) => Condition === undefined || holds(template, { Condition }))
      .map(([name, resource]) => [
        name,
        {
          ...resource,
          Properties: Object.fromEntries(
            Object.entries(resource.Properties ?? {}).flatMap(([key, each]) => {
              const value = decided(template, each);
              return isNoValue(value) ? [] : [[key, value] as const];
            }),
          ),
        },
      ]),
  );
