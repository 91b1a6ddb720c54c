import { loadPolicy, loadPostalProfile } from '../adapters/config-files.ts';
import { ConfigInvalid } from '../core/base/config-error.ts';
import { readArguments, type ShellResult, UsageError } from './shell-result.ts';

const attempt = (load: () => string): { readonly ok: boolean; readonly text: string } => {
  try {
    return { ok: true, text: load() };
  } catch (error) {
    if (error instanceof ConfigInvalid) return { ok: false, text: error.message };
    throw error;
  }
};

/** `postal-endpoint validate`: whether a deployment's files can be used, with every mistake. */
export const validateInShell = (args: readonly string[]): ShellResult => {
  const { values, positionals } = readArguments(args, { policy: { type: 'string' }, profile: { type: 'string' } });
  const { policy, profile } = values;
  if (positionals.length > 0)
    throw new UsageError(`"${positionals[0]}" stands alone. Write --policy FILE or --profile FILE.`);
  if (policy === undefined && profile === undefined)
    throw new UsageError('give --policy FILE, --profile FILE, or both.');
  const checked = [
    ...(policy === undefined ? [] : [attempt(() => `${policy}: valid, version ${loadPolicy(policy).version}`)]),
    ...(profile === undefined
      ? []
      : [attempt(() => `${profile}: valid, Postal ${loadPostalProfile(profile).version}`)]),
  ];
  return { text: checked.map(({ text }) => text).join('\n'), exitCode: checked.every(({ ok }) => ok) ? 0 : 2 };
};
