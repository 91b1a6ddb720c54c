import { loadPolicy } from '../../adapters/config-files.ts';
import type { Hostname } from '../../core/endpoint/hostname.ts';
import { commandLine } from '../../core/grammar/line.ts';
import { slashCommand, table } from '../../core/grammar/table.ts';
import type { ImportRow } from '../../core/import/answer.ts';
import { decodeText } from '../../core/import/decode-text.ts';
import { type AuditProposal, fromAuditText, type PostalChange } from '../../core/import/from-audit.ts';
import { normalCsv } from '../../core/import/normal-csv.ts';
import { tooLarge } from '../../core/import/read-import.ts';
import { importLimits } from '../../core/limits/limits.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import { plain } from '../plain.ts';
import { loaded } from '../profile-arguments.ts';
import { type ShellResult, UsageError } from '../shell-result.ts';
import { fileFailure, readGiven, refuseSameFile, writeOut } from './files.ts';

type Given = {
  readonly policy: string | undefined;
  readonly zone: Hostname | undefined;
  readonly out: string | undefined;
  readonly json: boolean;
};

/** How names look here: as the policy says, or below the one zone. */
const namingOf = ({ policy, zone }: Given): Pick<PolicyDocument, 'zones' | 'naming'> => {
  if (policy !== undefined) return loaded(() => loadPolicy(policy));
  if (zone === undefined)
    throw new UsageError(
      'from-audit: give --policy policy.json too, or --zone with the zone in which names are registered.',
    );
  return { zones: [{ name: zone, id: '', vpcs: [] }] };
};

/** The command that takes over the record of a name, with what Postal has of it. */
const adoptLine = ({ hostname, port, sslMode, name }: ImportRow): string => {
  const one = (option: string, value: string | number | null): readonly (readonly [string, readonly string[]])[] =>
    value === null ? [] : [[option, [String(value)]]];
  const given = new Map([
    ['hostname', [hostname]],
    ...one('port', port),
    ...one('ssl-mode', sslMode),
    ...one('name', name),
  ]);
  return `${slashCommand} ${commandLine(table.adopt, given)}`;
};

const postalLine = ({ server, name, field, from, to }: PostalChange): string =>
  `${server} → Routing → SMTP Endpoints → ${name} → ${field}: ${to}${from === '' ? '' : `  (now ${from})`}`;

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];

const text = ({ rows, leftOut, inPostal }: AuditProposal, written: string | undefined): string => {
  const added = rows.filter(({ targets }) => targets.length > 0);
  const adopted = rows.filter(({ targets }) => targets.length === 0);
  const lines = [
    `${added.length} to add, ${adopted.length} to adopt, ${leftOut.length} to decide by hand`,
    ...section(
      written === undefined ? 'Add:' : `Add, with /postal-endpoint import and the file ${written}:`,
      added.map(({ hostname, targets }) => `${hostname} → ${targets.join(' ')}`),
    ),
    ...section('Adopt, since DNS has their records:', adopted.map(adoptLine)),
    ...section(
      'Decide by hand:',
      leftOut.map(({ what }) => what),
    ),
    ...section('Afterwards in Postal:', inPostal.map(postalLine)),
  ];
  return lines.map(plain).join('\n');
};

/** `postal-endpoint import --from-audit FILE`: the names that would fix the endpoints of an audit, and what to enter in Postal afterwards. */
export const importFromAudit = (file: string, given: Given): ShellResult => {
  const { out, json } = given;
  const naming = namingOf(given);
  refuseSameFile(file, out);
  const read = readGiven(file, json);
  if ('failure' in read) return read.failure;
  if (read.octets.length > importLimits.octets) return fileFailure(file, tooLarge(read.octets.length), json);
  const decoded = decodeText(read.octets);
  const proposal = typeof decoded === 'string' ? fromAuditText(decoded, naming) : undefined;
  if (proposal === undefined) return fileFailure(file, 'It is not what postal-endpoint audit --json prints.', json);
  const { rows, leftOut, inPostal } = proposal;
  // A file in which some rows have targets has to have them in all.
  const added = rows.filter(({ targets }) => targets.length > 0);
  const failure = writeOut(out, normalCsv(added.length === 0 ? rows : added), json);
  if (failure !== undefined) return failure;
  return {
    text: json ? JSON.stringify({ format: 'audit', rows, mistakes: [], leftOut, inPostal }) : text(proposal, out),
    exitCode: leftOut.length === 0 ? 0 : 1,
  };
};
