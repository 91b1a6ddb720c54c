import { closeSync, openSync, readSync, realpathSync, writeFileSync } from 'node:fs';
import { fileFailureText } from '../../adapters/file-failure.ts';
import { importLimits } from '../../core/limits/limits.ts';
import { plain } from '../plain.ts';
import { type ShellResult, UsageError } from '../shell-result.ts';

export type GivenFile = { readonly octets: Buffer } | { readonly failure: ShellResult };

/** Nothing of a file can be read or written: why, for people, and as JSON where that is asked for. */
export const fileFailure = (file: string, why: string, isJson: boolean): ShellResult => {
  const error = plain(`${file}: ${why}`);
  const message = `postal-endpoint: ${error}`;
  return isJson
    ? { text: JSON.stringify({ error }), exitCode: 3, isAnswer: true, notes: message }
    : { text: message, exitCode: 3 };
};

/** The octets of a file or pipe, one more than the limit at most. */
const readOctets = (file: string): Buffer => {
  const octets = Buffer.alloc(importLimits.octets + 1);
  const descriptor = openSync(file, 'r');
  try {
    let length = 0;
    for (;;) {
      const more = readSync(descriptor, octets, length, octets.length - length, null);
      length += more;
      if (more === 0 || length === octets.length) return octets.subarray(0, length);
    }
  } finally {
    closeSync(descriptor);
  }
};

/** Reads the file to import. */
export const readGiven = (file: string, isJson: boolean): GivenFile => {
  try {
    return { octets: readOctets(file) };
  } catch (error) {
    return { failure: fileFailure(file, `${fileFailureText(error)}.`, isJson) };
  }
};

/** Writes `--out`, where it is asked for; what failed. */
export const writeOut = (out: string | undefined, text: string, isJson: boolean): ShellResult | undefined => {
  try {
    if (out !== undefined) writeFileSync(out, text);
    return undefined;
  } catch (error) {
    return fileFailure(out ?? '', `it cannot be written: ${fileFailureText(error)}.`, isJson);
  }
};

const isSameFile = (one: string, other: string): boolean => {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
};

/** Throws `UsageError` where the result would overwrite what it is made of. */
export const refuseSameFile = (file: string, out: string | undefined): void => {
  if (out !== undefined && isSameFile(file, out))
    throw new UsageError('out: it is the file to import. Give another one.');
};
