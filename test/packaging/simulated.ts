import { runSimulation } from '@cloud-copilot/iam-simulate';
import { expect, test } from 'vitest';
import { type Packaged, resourceIn } from './packaged.ts';
import { accountId, resolved } from './resolved.ts';

export type Context = Readonly<Record<string, string | string[]>>;
/** What a role may or may not do with a resource, and under which circumstances. */
export type Row = readonly [may: 'may' | 'may not', action: string, resource: string, context?: Context];

/** The same of several actions. */
export const rows = (may: Row[0], actions: readonly string[], resource: string): readonly Row[] =>
  actions.map((action) => [may, action, resource]);

const isOf = (role: string, name: unknown): boolean =>
  typeof name === 'object' && name !== null && 'Ref' in name && name.Ref === role;

const policiesOf = (packaged: Packaged, role: string): { name: string; policy: unknown }[] => {
  const { Policies } = resourceIn(packaged, role).Properties;
  if (!Array.isArray(Policies)) throw new Error(`${role} has no policies`);
  const apart = Object.values(packaged.resources)
    .filter(({ Type, Properties }) => Type === 'AWS::IAM::RolePolicy' && isOf(role, Properties['RoleName']))
    .map(({ Properties }) => Properties);
  return [...Policies, ...apart].map(({ PolicyName, PolicyDocument }) => ({
    name: PolicyName,
    policy: resolved(packaged, PolicyDocument),
  }));
};

const verdict = async (packaged: Packaged, role: string, [, action, resource, context = {}]: Row): Promise<Row[0]> => {
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:aws:iam::${accountId}:role/${role}`,
        action,
        resource: { resource, accountId },
        contextVariables: { ...context },
      },
      identityPolicies: policiesOf(packaged, role),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(`${role} ${action}: ${JSON.stringify(answer.errors)}`);
  return answer.overallResult === 'Allowed' ? 'may' : 'may not';
};

const said = ([may, action, resource, context]: Row): string =>
  `${may} ${action} on ${resource.split(':').slice(5).join(':') || resource}${context === undefined ? '' : ` ${JSON.stringify(Object.values(context))}`}`;

/** A test for each row, by the packaged policies of the role as IAM would evaluate them. */
export const roleTests = (packaged: () => Packaged, role: string, listed: readonly Row[]): void => {
  test.each(listed.map((row) => ({ row, title: said(row) })))(`${role} $title`, async ({ row }) => {
    expect(await verdict(packaged(), role, row)).toBe(row[0]);
  });
};
