import { type Hostname, parseHostname } from '../../core/endpoint/hostname.ts';
import { importJson } from '../../core/import/import-json.ts';
import { normalCsv } from '../../core/import/normal-csv.ts';
import { readImport } from '../../core/import/read-import.ts';
import { readArguments } from '../read-arguments.ts';
import { type ShellResult, UsageError } from '../shell-result.ts';
import { fileFailure, readGiven, refuseSameFile, writeOut } from './files.ts';
import { importFromAudit } from './from-audit.ts';
import { importText } from './import-text.ts';

const readZoneOption = (text: string | undefined): Hostname | undefined => {
  if (text === undefined) return undefined;
  const parsed = parseHostname(text);
  if ('hostname' in parsed) return parsed.hostname;
  throw new UsageError(
    `zone: ${parsed.findings.map(({ wrong }) => wrong).join(' ')} Give a zone such as corp.internal.`,
  );
};

const importFile = (
  file: string,
  {
    zone,
    out,
    json,
  }: { readonly zone: Hostname | undefined; readonly out: string | undefined; readonly json: boolean },
): ShellResult => {
  refuseSameFile(file, out);
  const given = readGiven(file, json);
  if ('failure' in given) return given.failure;
  const answer = readImport(given.octets, zone);
  if ('unreadable' in answer) return fileFailure(file, answer.unreadable, json);
  const failure = writeOut(out, normalCsv(answer.rows), json);
  if (failure !== undefined) return failure;
  return {
    text: json ? JSON.stringify(importJson(answer)) : importText(answer, out),
    exitCode: answer.mistakes.length === 0 ? 0 : 1,
  };
};

/**
 * `postal-endpoint import FILE`: what a file of endpoints holds, checked by the rules that need no policy, and normalised into `--out`; with `--from-audit`,
 * what would fix the endpoints of an audit. Needs no account.
 */
export const importInShell = (args: readonly string[]): ShellResult => {
  const { values, positionals } = readArguments(args, {
    'from-audit': { type: 'string' },
    policy: { type: 'string' },
    zone: { type: 'string' },
    out: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const { 'from-audit': audit, policy, out, json } = values;
  const zone = readZoneOption(values.zone);
  const [file, ...more] = positionals;
  if (audit !== undefined) {
    if (file !== undefined) throw new UsageError(`"${file}": unexpected argument beside --from-audit.`);
    return importFromAudit(audit, { policy, zone, out, json });
  }
  if (policy !== undefined) throw new UsageError('policy: it is read with --from-audit only. Leave it out.');
  if (file === undefined || more.length > 0)
    throw new UsageError('file: give one: a CSV file, a zone file, or JSON lines.');
  return importFile(file, { zone, out, json });
};
