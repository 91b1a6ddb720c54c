import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { Packaged } from './packaged.ts';

const require = createRequire(import.meta.url);
const guardFolder = dirname(require.resolve('@cdklabs/cdk-validator-cfnguard/package.json'));
const platforms: Readonly<Record<string, string>> = { linux: 'ubuntu', darwin: 'macos' };
const architectures: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };
const guard = join(
  guardFolder,
  'bin',
  platforms[process.platform] ?? 'ubuntu',
  architectures[process.arch] ?? 'x86_64',
  'cfn-guard',
);
const rules = join(guardFolder, 'rules/control-tower/cfn-guard');

const exceptions = z
  .array(z.strictObject({ rule: z.string(), resources: z.array(z.string()).min(1), reason: z.string().min(40) }))
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../config/guard-exceptions.json'), 'utf8')));

const reportsSchema = z.array(z.object({ not_compliant: z.array(z.unknown()), compliant: z.array(z.string()) }));

type Violation = { readonly rule: string; readonly resource: string };

const said = ({ rule, resource }: Violation): string => `${rule} ${resource}`;

/** Runs cfn-guard; throws when it did not come to a judgement. */
const judged = (templateFile: string): { readonly violations: readonly Violation[]; readonly passed: number } => {
  const { status, stdout, stderr } = spawnSync(
    guard,
    [
      'validate',
      '--data',
      templateFile,
      '--rules',
      rules,
      '--type',
      'CFNTemplate',
      '--output-format',
      'json',
      '--show-summary',
      'none',
      '--structured',
    ],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 60_000 },
  );
  // 0: every rule holds; 19: some do not.
  if (status !== 0 && status !== 19) throw new Error(`cfn-guard ended with ${status}: ${stderr.slice(0, 2000)}`);
  const reports = reportsSchema.parse(JSON.parse(stdout));
  const violations = reports.flatMap(({ not_compliant }) =>
    not_compliant.flatMap((failing) => {
      const text = JSON.stringify(failing);
      const rule = /\[(CT\.[A-Z0-9.]+)\]/.exec(text)?.[1] ?? 'unknown';
      const resources = new Set([...text.matchAll(/\/Resources\/(\w+)/g)].map(([, resource = '']) => resource));
      return [...resources].map((resource) => ({ rule, resource }));
    }),
  );
  return { violations, passed: reports.flatMap(({ compliant }) => compliant).length };
};

/** Holds the packaged template against the rules of AWS Control Tower. */
export const templateRuleTests = (packaged: () => Packaged): void => {
  test('breaks no rule of cfn-guard but those listed with their reason, and the list names none that it keeps', () => {
    const { violations, passed } = judged(packaged().templateFile);
    const listed = exceptions.flatMap(({ rule, resources }) => resources.map((resource) => ({ rule, resource })));
    expect(violations.map(said).toSorted()).toEqual(listed.map(said).toSorted());
    expect(passed).toBeGreaterThan(10);
  });
};
