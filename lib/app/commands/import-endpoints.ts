import type { Deadline } from '../../core/base/deadline.ts';
import type { BulkProposal } from '../../core/bulk/bulk-proposal.ts';
import { type Hostname, parseHostname } from '../../core/endpoint/hostname.ts';
import type { ImportAnswer, Unreadable } from '../../core/import/answer.ts';
import { decodeText } from '../../core/import/decode-text.ts';
import { type AuditProposal, auditFixes, fromAuditText, type PostalChange } from '../../core/import/from-audit.ts';
import { leftOutOf, proposedChanges } from '../../core/import/proposed-changes.ts';
import { readImportText, tooLarge } from '../../core/import/read-import.ts';
import type { LeftOut } from '../../core/ledger/bulk-entry.ts';
import { importLimits } from '../../core/limits/limits.ts';
import { howToImportMessage, inPostalMessage, unreadableFileMessage } from '../../messages/import-message.ts';
import { nothingReported } from '../../messages/postal/audit-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { carryOnRecordedBulk, requestBulk } from '../bulk/request-bulk.ts';
import { answer, refuse, streamOf } from '../notify/reply.ts';
import type { DownloadedFile } from '../ports/file-download.ts';
import type { Outcome, Ports, Request } from '../ports/ports.ts';
import { askedAudit } from '../postal/asked-audit.ts';
import { sourceOf } from '../postal/read-postal.ts';
import { listRegistered } from '../state/directory.ts';

type Failure = Extract<DownloadedFile, { readonly ok: false }>['reason'];

const whyNoFile: Readonly<Record<Failure, string>> = {
  'not-slack': 'Slack only links to this file, and I can read only files stored in Slack. Upload the file itself.',
  'too-large': tooLarge(importLimits.octets + 1),
  'no-access': 'Slack does not let me read it. Does the app have the scope files:read? /postal-endpoint doctor says.',
  gone: 'It is no longer in Slack. Upload it again.',
  unreachable: 'Slack did not give me the file. Try again in a moment.',
};

/** Where names without a dot lie: the zone that was given, else the only one of the policy. */
const zoneFor = (ports: Pick<Ports, 'policy'>, given: string | undefined): Hostname | Unreadable | undefined => {
  const { zones } = ports.policy;
  const name = given ?? (zones.length === 1 ? zones[0]?.name : undefined);
  if (name === undefined) return undefined;
  const parsed = parseHostname(name);
  return 'hostname' in parsed
    ? parsed.hostname
    : { unreadable: `Its zone name is not valid: ${parsed.findings.map(({ wrong }) => wrong).join(' ')}` };
};

/** What the file proposes, as far as the file alone says. */
type Read = Pick<ImportAnswer, 'rows' | 'unread'> & {
  readonly leftOut: readonly LeftOut[];
  readonly inPostal: readonly PostalChange[];
};

const readAudit = ({ rows, leftOut, inPostal }: AuditProposal): Read => ({
  rows,
  unread: [],
  leftOut: leftOut.map(({ line, what }) => ({ what: `endpoint ${line}`, reason: what })),
  inPostal,
});

const readText = (ports: Pick<Ports, 'policy'>, text: string, zone: Hostname | undefined): Read | Unreadable => {
  const audit = text.trimStart().startsWith('{') ? fromAuditText(text, ports.policy) : undefined;
  if (audit !== undefined) return readAudit(audit);
  const answer = readImportText(text, zone);
  return 'unreadable' in answer ? answer : { ...answer, leftOut: leftOutOf(answer), inPostal: [] };
};

const readGiven = async (
  ports: Ports,
  { command }: Request<'import'>,
  signal: AbortSignal,
): Promise<Read | Unreadable> => {
  const { file, pasted = '', zone: inZone } = command;
  const zone = zoneFor(ports, inZone);
  if (typeof zone === 'object') return zone;
  if (file === undefined) return readText(ports, pasted, zone);
  const downloaded = await ports.givenFiles.download(file.url, importLimits.octets, signal);
  if (downloaded.ok) {
    const text = decodeText(downloaded.bytes);
    return typeof text === 'string' ? readText(ports, text, zone) : text;
  }
  ports.log.warn('a file to import could not be read', { reason: downloaded.reason, message: downloaded.message });
  return { unreadable: whyNoFile[downloaded.reason] };
};

/** What is to be imported, and what it is called. */
type Given = { readonly name: string; readonly read: Read | Unreadable };

const fixesOfPostal = async (ports: Ports, request: Request<'import'>, signal: AbortSignal): Promise<Given> => {
  const { only: hostname, server } = request.command;
  const of = { ...(hostname === undefined ? {} : { hostname }), ...(server === undefined ? {} : { server }) };
  const asked = await askedAudit(ports, request, of, signal);
  const name = 'what Postal has';
  if (asked.kind === 'no report') return { name, read: { unreadable: nothingReported } };
  if (asked.kind === 'unknown server') return { name, read: { unreadable: asked.message } };
  const fixes = readAudit(auditFixes(asked.view.audit, ports.policy));
  return { name: `fixes for Postal's endpoints, ${sourceOf(asked.view, ports.clock.now())}`, read: fixes };
};

const mostUnreadSaid = 3;

/** The title of the bulk, with the columns and fields that were not understood. */
const titleOf = (name: string, { unread }: Read): string => {
  const said = [...new Set(unread.map(({ what }) => what))];
  const more = said.length > mostUnreadSaid ? ` and ${said.length - mostUnreadSaid} more` : '';
  return said.length === 0
    ? `Import ${name}`
    : `Import ${name} (not read: ${said.slice(0, mostUnreadSaid).join('; ')}${more})`;
};

/** Proposes what a file of endpoints says, as one bulk: its rows, and the lines that cannot be proposed. */
export const importEndpoints = (ports: Ports, request: Request<'import'>, deadline: Deadline): Promise<Outcome> =>
  authorised(ports, request, undefined, deadline, async () => {
    const recorded = await carryOnRecordedBulk(ports, request, deadline);
    if (recorded !== undefined) return recorded;
    const { file, pasted, fromPostal } = request.command;
    if (file === undefined && pasted === undefined && fromPostal !== true)
      return refuse(ports, request, streamOf(undefined), ['nothing was given'], howToImportMessage(), deadline);
    const { name, read: given }: Given =
      fromPostal === true
        ? await fixesOfPostal(ports, request, deadline.signal)
        : { name: file?.name ?? 'the pasted text', read: await readGiven(ports, request, deadline.signal) };
    if ('unreadable' in given) {
      const message = unreadableFileMessage(name, given.unreadable);
      return refuse(ports, request, streamOf(undefined), [given.unreadable], message, deadline);
    }
    const registered = await listRegistered(ports.state, deadline.signal);
    const hostnames = new Set<string>(registered.map(({ definition }) => definition.hostname));
    const { rows, leftOut, inPostal } = given;
    const proposed = proposedChanges(rows, hostnames);
    // What Postal has was not read from a file, so it has no line numbers.
    const changes = fromPostal === true ? proposed.map(({ line: _line, ...change }) => change) : proposed;
    const proposal: BulkProposal = { source: 'import', title: titleOf(name, given), changes, leftOut };
    const outcome = await requestBulk(ports, request, proposal, deadline);
    // Said once the plan is there, for it is what to do after it.
    return outcome.kind === 'done' && inPostal.length > 0
      ? answer(ports, { ...request, replaceOriginal: false }, inPostalMessage(inPostal), deadline)
      : outcome;
  });
