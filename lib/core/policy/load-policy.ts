import { readFileSync } from 'node:fs';
import { type Mistake, mistakesOf, mistakesText } from '../base/config-error.ts';
import { digestOf } from '../base/digest.ts';
import { type Policy, policySchema } from './policy.ts';
import { policyMistakes } from './policy-mistakes.ts';

/** `policy.json` cannot be used; the message lists every mistake with its path. */
export class PolicyInvalid extends Error {
  override readonly name = 'PolicyInvalid';
  readonly mistakes: readonly Mistake[];

  constructor(file: string, mistakes: readonly Mistake[], cause?: unknown) {
    super(mistakesText(file, mistakes), { cause });
    this.mistakes = mistakes;
  }
}

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new PolicyInvalid(
      file,
      [{ path: '', message: error instanceof Error ? error.message : String(error) }],
      error,
    );
  }
};

/** Reads and checks `policy.json`. Throws `PolicyInvalid` with every mistake at once. */
export const loadPolicy = (file: string): Policy => {
  const document = readJson(file);
  const parsed = policySchema.safeParse(document);
  const mistakes = [...(parsed.success ? [] : mistakesOf(parsed.error)), ...policyMistakes(document)];
  if (!parsed.success || mistakes.length > 0) throw new PolicyInvalid(file, mistakes);
  return { ...parsed.data, version: digestOf(parsed.data).slice(0, 12) };
};
