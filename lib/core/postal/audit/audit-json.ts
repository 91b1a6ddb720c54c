import { type Audit, type AuditedEndpoint, allFindings } from './audit.ts';
import type { AuditFinding } from './finding.ts';
import type { PostalServer } from './snapshot.ts';

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

const findingJson = ({ code, severity, message, remedy }: AuditFinding) => ({ code, severity, message, remedy });

const probeJson = ({ probed }: AuditedEndpoint) => {
  if (probed === undefined) return {};
  return probed.ok
    ? { prediction: probed.prediction, verdict: probed.verdict.sentence }
    : { prediction: null, verdict: probed.message };
};

const endpointJson = (audited: AuditedEndpoint) => {
  const { endpoint, server, routes, deliveries, failingNow, waiting } = audited.subject;
  return {
    id: endpoint.id,
    serverId: server.id,
    server: server.name,
    name: endpoint.name,
    hostname: endpoint.hostname,
    port: endpoint.port,
    sslMode: endpoint.sslMode,
    routes,
    lastSentAt: iso(deliveries?.lastSentAtMs ?? null),
    failingSince: iso(deliveries?.failingSinceMs ?? null),
    failingNow,
    waiting: {
      count: waiting.count,
      tried: waiting.tried,
      oldestAt: iso(waiting.oldestAtMs),
      maxAttempts: waiting.maxAttempts,
    },
    sentPlaintext: deliveries?.sentPlaintext ?? null,
    lastFailure: deliveries?.lastFailure ?? null,
    deliveries: deliveries?.counts ?? null,
    ...probeJson(audited),
    findings: audited.findings.map(findingJson),
  };
};

const serverJson = ({ id, name, deliveries }: PostalServer) => ({
  id,
  name,
  deliveries: deliveries.kind,
  ...(deliveries.kind === 'not granted' ? { grants: deliveries.grants } : {}),
});

/** An audit as `audit --json` prints it. Times are ISO 8601, UTC. */
export const auditJson = (audit: Audit) => ({
  at: iso(audit.atMs),
  postalSchema: audit.postalSchema,
  endpoints: audit.endpoints.map(endpointJson),
  routes: audit.routes.map(({ id, server, address, findings }) => ({
    id,
    serverId: server.id,
    address,
    findings: findings.map(findingJson),
  })),
  registeredNotInPostal: audit.registeredNotInPostal,
  servers: audit.servers.map(serverJson),
  findings: audit.findings.map((finding) => ({ ...findingJson(finding), serverId: finding.serverId })),
  unresolved: audit.unresolved,
});

/** 2 with a critical finding, 1 with a warning, else 0. */
export const auditExitCode = (audit: Audit): 0 | 1 | 2 => {
  const severities = new Set(allFindings(audit).map(({ severity }) => severity));
  if (severities.has('critical')) return 2;
  return severities.has('warning') ? 1 : 0;
};
