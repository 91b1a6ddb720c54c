import { readFileSync } from 'node:fs';
import { loadPolicy, loadPostalProfile } from '../adapters/config-files.ts';
import { fileFailureText } from '../adapters/file-failure.ts';
import { ConfigInvalid, type Mistake, mistakeLine } from '../core/base/config-error.ts';
import { type RegistryRow, registryRowSchema } from '../core/endpoint/registry-row.ts';
import type { Policy } from '../core/policy/policy.ts';
import { policyWarnings } from '../core/policy/policy-warnings.ts';
import { registryWarnings } from '../core/validation/registry-warnings.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

type Checked = { readonly exitCode: 0 | 1 | 2; readonly text: string };

const attempt = (check: () => Checked): Checked => {
  try {
    return check();
  } catch (error) {
    if (error instanceof ConfigInvalid) return { exitCode: 2, text: error.message };
    throw error;
  }
};

const rowOf = (line: string): RegistryRow | undefined => {
  try {
    return registryRowSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};

/** What `export --registry` wrote. */
const readRegistry = (file: string): readonly RegistryRow[] => {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`registry: ${file}: ${fileFailureText(error)}.`, { cause: error });
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return [];
    const row = rowOf(line);
    if (row !== undefined) return [row];
    throw new UsageError(
      `registry: line ${index + 1} of ${file} is not a registered hostname. Give the file that export --registry wrote.`,
    );
  });
};

const checkPolicy = (file: string, registry: readonly RegistryRow[]): Checked => {
  const policy: Policy = loadPolicy(file);
  const warnings: readonly Mistake[] = [...policyWarnings(policy), ...registryWarnings(registry, policy)];
  const head = `${file}: valid, version ${policy.version}`;
  if (warnings.length === 0) return { exitCode: 0, text: head };
  const counted = warnings.length === 1 ? '1 warning' : `${warnings.length} warnings`;
  return { exitCode: 1, text: [`${head}, with ${counted}:`, ...warnings.map(mistakeLine)].join('\n') };
};

/** `postal-endpoint validate`: whether a deployment's files can be used, with every mistake, and what in them is dangerous. */
export const validateInShell = (args: readonly string[]): ShellResult => {
  const { values, positionals } = readArguments(args, {
    policy: { type: 'string' },
    profile: { type: 'string' },
    registry: { type: 'string' },
  });
  const { policy, profile, registry } = values;
  if (positionals.length > 0)
    throw new UsageError(`"${positionals[0]}": unexpected argument. Write --policy FILE or --profile FILE.`);
  if (policy === undefined && profile === undefined)
    throw new UsageError('give --policy FILE, --profile FILE, or both.');
  if (registry !== undefined && policy === undefined)
    throw new UsageError('registry: give --policy FILE too, which is compared with what is registered.');
  const rows = registry === undefined ? [] : readRegistry(registry);
  const checked: readonly Checked[] = [
    ...(policy === undefined ? [] : [attempt(() => checkPolicy(policy, rows))]),
    ...(profile === undefined
      ? []
      : [attempt(() => ({ exitCode: 0, text: `${profile}: valid, Postal ${loadPostalProfile(profile).version}` }))]),
  ];
  const worst = checked.some(({ exitCode }) => exitCode === 2)
    ? 2
    : checked.some(({ exitCode }) => exitCode === 1)
      ? 1
      : 0;
  return { text: checked.map(({ text }) => text).join('\n'), exitCode: worst };
};
