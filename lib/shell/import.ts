import { closeSync, openSync, readSync, realpathSync, writeFileSync } from 'node:fs';
import type { Hostname } from '../core/endpoint/hostname.ts';
import { parseHostname } from '../core/endpoint/hostname.ts';
import type { ImportAnswer } from '../core/import/answer.ts';
import { importJson } from '../core/import/import-json.ts';
import { normalCsv } from '../core/import/normal-csv.ts';
import { readImport } from '../core/import/read-import.ts';
import { importLimits } from '../core/limits/limits.ts';
import { importText } from './import-text.ts';
import { plain } from './plain.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

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

const readZoneOption = (text: string | undefined): Hostname | undefined => {
  if (text === undefined) return undefined;
  const parsed = parseHostname(text);
  if ('hostname' in parsed) return parsed.hostname;
  throw new UsageError(
    `zone: ${parsed.findings.map(({ wrong }) => wrong).join(' ')} Give a zone such as corp.internal.`,
  );
};

const isSameFile = (one: string, other: string): boolean => {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false;
  }
};

/** Nothing of the file can be read: why, for people, and as JSON where that is asked for. */
const cannotRead = (file: string, why: string, isJson: boolean): ShellResult => {
  const error = plain(`${file}: ${why}`);
  const message = `postal-endpoint: ${error}`;
  return isJson
    ? { text: JSON.stringify({ error }), exitCode: 3, isAnswer: true, notes: message }
    : { text: message, exitCode: 3 };
};

const print = (answer: ImportAnswer, isJson: boolean, written: string | undefined): ShellResult => ({
  text: isJson ? JSON.stringify(importJson(answer)) : importText(answer, written),
  exitCode: answer.mistakes.length === 0 ? 0 : 1,
});

/**
 * `postal-endpoint import FILE`: what a file of endpoints holds, checked by the rules that need no policy, and normalised into `--out`. Needs no account.
 */
export const importInShell = (args: readonly string[]): ShellResult => {
  const { values, positionals } = readArguments(args, {
    zone: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const { out, json } = values;
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError('file: give one: a CSV file, a zone file, or JSON lines.');
  const zone = readZoneOption(values.zone);
  if (out !== undefined && isSameFile(file, out))
    throw new UsageError('out: it is the file to import. Give another one.');
  let octets: Buffer;
  try {
    octets = readOctets(file);
  } catch (error) {
    return cannotRead(file, messageOf(error), json);
  }
  const answer = readImport(octets, zone);
  if ('unreadable' in answer) return cannotRead(file, answer.unreadable, json);
  try {
    if (out !== undefined) writeFileSync(out, normalCsv(answer.rows));
  } catch (error) {
    return cannotRead(out ?? '', `it cannot be written: ${messageOf(error)}`, json);
  }
  return print(answer, json, out);
};
