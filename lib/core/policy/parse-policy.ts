import { ConfigInvalid, mistakesOf, parseConfigJson } from '../base/config-error.ts';
import { digestOf } from '../base/digest.ts';
import { type Policy, policySchema } from './policy.ts';
import { policyMistakes } from './policy-mistakes.ts';

/** Checks the text of `policy.json`. Throws `ConfigInvalid` with every mistake at once. `file` is named in the message. */
export const parsePolicy = (file: string, text: string): Policy => {
  const { document, mistakes: inText } = parseConfigJson(file, text);
  const parsed = policySchema.safeParse(document);
  const inForm = parsed.success ? [] : mistakesOf(parsed.error, document);
  const mistakes = [...inText, ...inForm, ...policyMistakes(document)];
  if (!parsed.success || mistakes.length > 0) throw new ConfigInvalid(file, mistakes);
  return { ...parsed.data, version: digestOf(parsed.data).slice(0, 12) };
};
