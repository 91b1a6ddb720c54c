import { readFileSync } from 'node:fs';
import { ConfigInvalid } from '../core/base/config-error.ts';
import { parsePolicy } from '../core/policy/parse-policy.ts';
import type { Policy } from '../core/policy/policy.ts';
import { parsePostalProfile } from '../core/postal/parse-profile.ts';
import type { PostalProfile } from '../core/postal/profile.ts';
import { fileFailureText } from './file-failure.ts';

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigInvalid(file, [{ path: '', message: fileFailureText(error) }], error);
  }
};

/** Reads and checks `policy.json`. Throws `ConfigInvalid` with every mistake at once. */
export const loadPolicy = (file: string): Policy => parsePolicy(file, read(file));

/** Reads and checks `postal-profile.json`. Throws `ConfigInvalid` with every mistake at once. */
export const loadPostalProfile = (file: string): PostalProfile => parsePostalProfile(file, read(file));
