import { processEnvironment } from '../../adapters/config.ts';
import { DatabaseUnavailable } from '../../adapters/postal-database/database-failure.ts';
import type { InventoryServer } from '../../adapters/postal-database/read-inventory.ts';
import { readSnapshot } from '../../adapters/postal-database/read-snapshot.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { type Audit, audit } from '../../core/postal/audit/audit.ts';
import { auditGauges } from '../../core/postal/audit/audit-gauges.ts';
import { auditExitCode, auditJson } from '../../core/postal/audit/audit-json.ts';
import type { Snapshot } from '../../core/postal/audit/snapshot.ts';
import { isPostal3Schema } from '../../core/postal/audit/subject.ts';
import { prometheusText } from '../../core/postal/metrics/prometheus-text.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import { newestKnownRelease } from '../../core/postal/releases.ts';
import type { ShellResult } from '../shell-result.ts';
import { type AuditArguments, readAudit } from './audit-arguments.ts';
import { auditText } from './audit-text.ts';
import { databaseAdvice } from './database-advice.ts';
import { printGrants } from './grants.ts';
import { observeNames, registryFromDns } from './observe.ts';
import { probeEndpoints } from './probe-endpoints.ts';
import { sendReport } from './send-report.ts';
import { withDatabases } from './with-databases.ts';

const deadlineMs = 600_000;

/** A mail server is named by its id, its permalink, or `organization/permalink`. */
const isCalled = (server: InventoryServer, name: string): boolean =>
  name === server.name || name === String(server.id) || server.name.endsWith(`/${name}`);

const read = (args: AuditArguments, signal: AbortSignal): Promise<Snapshot> =>
  withDatabases(args, signal, ({ main, messages }) => {
    const { database, messagePrefix } = args.source;
    const databases = { main: main.query, messages: messages.query, database, messagePrefix };
    return readSnapshot(
      databases,
      systemClock.now(),
      (server) => args.server === undefined || isCalled(server, args.server),
    );
  });

/** Postal's client as the release in the database has it; a profile of that release says it more exactly. */
const profileFor = (profile: PostalProfile, postalSchema: string): PostalProfile => {
  const isPostal3 = isPostal3Schema(postalSchema);
  const isSame = Number(profile.version.split('.')[0]) >= 3 === isPostal3;
  return isSame ? profile : { ...profile, version: isPostal3 ? newestKnownRelease : '2.3.2' };
};

const observed = async (snapshot: Snapshot, args: AuditArguments, signal: AbortSignal): Promise<Audit> => {
  const ids = new Set(snapshot.servers.map(({ id }) => id));
  const endpoints = snapshot.endpoints.filter(({ serverId }) => ids.has(serverId));
  const profile = profileFor(args.profile.profile, snapshot.postalSchema);
  const [names, registry, probes] = await Promise.all([
    observeNames(endpoints, profile.nameservers, signal),
    args.registry ?? registryFromDns(endpoints, profile.nameservers, signal),
    args.isProbed ? probeEndpoints(endpoints, profile, args.profile.ca, signal) : undefined,
  ]);
  // Of one server nothing can be said about names that others use.
  const known = args.server === undefined ? registry : { ...registry, isComplete: false };
  return audit(snapshot, known, { names, ...(probes === undefined ? {} : { probes }) });
};

const sourceText = ({ source: { main, database } }: AuditArguments): string =>
  `${database} at ${main.host}:${main.port}`;

const print = (found: Audit, args: AuditArguments): Pick<ShellResult, 'text' | 'exitCode' | 'isAnswer'> => {
  switch (args.output) {
    case 'text':
      return { text: auditText(found, sourceText(args)), exitCode: auditExitCode(found) };
    case 'json':
      return { text: JSON.stringify(auditJson(found)), exitCode: auditExitCode(found) };
    case 'prometheus':
      return { text: prometheusText(auditGauges(found)), exitCode: 0 };
  }
};

const notesText = (notes: readonly string[]): Pick<ShellResult, 'notes'> =>
  notes.length === 0 ? {} : { notes: notes.map((note) => `postal-endpoint: ${note}`).join('\n') };

/**
 * `postal-endpoint audit`: what Postal has entered, what waits and what fails, read from its database, and compared with DNS, the mail servers and what is
 * registered. Changes nothing.
 */
export const auditInShell = async (
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = processEnvironment(),
): Promise<ShellResult> => {
  const given = readAudit(args, environment);
  const signal = AbortSignal.timeout(deadlineMs);
  const notes = notesText(given.notes);
  try {
    if (given.isGrants) return { ...(await printGrants(given, signal)), ...notes };
    const snapshot = await read(given, signal);
    if (given.server !== undefined && snapshot.servers.length === 0)
      return { text: `postal-endpoint: server: Postal has no mail server "${given.server}".`, exitCode: 3, ...notes };
    if (given.destination !== undefined)
      return { ...(await sendReport(snapshot, given.destination, systemClock.now, signal)), ...notes };
    return { ...print(await observed(snapshot, given, signal), given), ...notes };
  } catch (error) {
    if (!(error instanceof DatabaseUnavailable)) throw error;
    return { text: databaseAdvice(error, given), exitCode: 3, ...notes };
  }
};
