import type { ProbeFinding } from '../findings/finding.ts';
import { severities } from '../findings/finding.ts';
import type { SessionFailure } from '../metrics/session-failure.ts';
import type { Prediction } from '../prediction.ts';
import type { Verdict } from '../verdict.ts';
import { endpointFindings } from './endpoint-findings.ts';
import type { AuditFinding } from './finding.ts';
import { withoutRepeats } from './probe-findings.ts';
import type { Registry } from './registry.ts';
import { endpointIdsOf, routeFindings } from './route-findings.ts';
import { type ServerFinding, serverFindings } from './server-findings.ts';
import type { DeliveryFacts, PostalEndpoint, PostalServer, Snapshot } from './snapshot.ts';
import {
  type EndpointRoute,
  hostnameOf,
  isAddressLiteral,
  isPostal3Schema,
  type NameState,
  portOf,
  type Subject,
} from './subject.ts';
import { nothingWaits, waitingByEndpoint } from './waiting.ts';

/** What a probe of an endpoint came to. */
export type Probed =
  | {
      readonly ok: true;
      readonly prediction: Prediction;
      readonly verdict: Verdict;
      readonly findings: readonly ProbeFinding[];
      readonly failure: SessionFailure | undefined;
      /** Earliest end of the certificates that were shown; milliseconds since the epoch. */
      readonly certificateExpiresAtMs: number | undefined;
    }
  | { readonly ok: false; readonly message: string };

/** What was seen beside the database. */
export type Observations = {
  /** By hostname in lower case without a trailing dot. */
  readonly names: ReadonlyMap<string, NameState>;
  /** By endpoint id; absent: nothing was probed. */
  readonly probes?: ReadonlyMap<number, Probed>;
};

/** One endpoint with its facts and findings. */
export type AuditedEndpoint = {
  readonly subject: Subject;
  readonly probed?: Probed;
  /** The worst first. */
  readonly findings: readonly AuditFinding[];
};

export type AuditedRoute = {
  readonly id: number;
  readonly server: PostalServer;
  readonly address: string;
  readonly findings: readonly AuditFinding[];
};

/** What an audit found. */
export type Audit = {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly postalSchema: string;
  readonly servers: readonly PostalServer[];
  readonly endpoints: readonly AuditedEndpoint[];
  /** Those with findings. */
  readonly routes: readonly AuditedRoute[];
  /** `null`: only the registry as a whole could tell. */
  readonly registeredNotInPostal: readonly string[] | null;
  readonly findings: readonly ServerFinding[];
  /** Hostnames about which DNS gave no answer, or an error: nothing is said of them that rests on it. */
  readonly unresolved: readonly string[];
};

const bySeverity = (one: AuditFinding, other: AuditFinding): number =>
  severities.indexOf(one.severity) - severities.indexOf(other.severity);

const noDeliveries: DeliveryFacts = {
  lastSentAtMs: null,
  failingNow: false,
  failingSinceMs: null,
  sentPlaintext: 0,
  lastFailure: null,
  counts: { '1h': {}, '24h': {}, '72h': {} },
};

/** Without deliveries, mail that was tried twice and still waits is what shows a failure. */
const attemptsOfFailing = 2;

const place = (endpoint: PostalEndpoint): string =>
  JSON.stringify([endpoint.serverId, hostnameOf(endpoint), portOf(endpoint)]);

/** Of so many endpoints with one hostname and port each names the first few others. */
const twinsNamed = 5;

const twinsOf = (endpoint: PostalEndpoint, same: readonly PostalEndpoint[]): Subject['twins'] => ({
  count: Math.max(0, same.length - 1),
  first: same
    .slice(0, twinsNamed + 1)
    .filter(({ id }) => id !== endpoint.id)
    .slice(0, twinsNamed),
});

/** Holds what Postal has against what is registered and what DNS and the mail servers answer. */
export const audit = (snapshot: Snapshot, registry: Registry, observations: Observations): Audit => {
  const { atMs, postalSchema, servers } = snapshot;
  const serverById = new Map(servers.map((server) => [server.id, server]));
  const endpoints = snapshot.endpoints.filter(({ serverId }) => serverById.has(serverId));
  const routes = snapshot.routes.filter(({ serverId }) => serverById.has(serverId));
  const waiting = waitingByEndpoint(snapshot.queue, routes);
  const byPlace = Map.groupBy(endpoints, place);
  const leads = routes.flatMap((route) =>
    endpointIdsOf(route).map(({ id, additional }) => ({
      endpointId: id,
      id: route.id,
      address: route.address,
      additional,
    })),
  );
  const leadsTo = Map.groupBy(leads, ({ endpointId }) => endpointId);

  const subjectOf = (endpoint: PostalEndpoint, server: PostalServer): Subject => {
    const hostname = hostnameOf(endpoint);
    const deliveries =
      server.deliveries.kind === 'read' ? (snapshot.deliveries.get(endpoint.id) ?? noDeliveries) : null;
    const waits = waiting.get(endpoint.id) ?? nothingWaits;
    return {
      endpoint,
      server,
      hostname,
      port: portOf(endpoint),
      isAddress: isAddressLiteral(hostname),
      resolves: observations.names.get(hostname) ?? 'unknown',
      registration: registry.unknown.has(hostname) ? undefined : (registry.registrations.get(hostname) ?? null),
      routes: (leadsTo.get(endpoint.id) ?? []).map(
        ({ id, address, additional }): EndpointRoute => ({ id, address, additional }),
      ),
      twins: twinsOf(endpoint, byPlace.get(place(endpoint)) ?? []),
      waiting: waits,
      deliveries,
      failingNow: deliveries?.failingNow ?? (waits.tried > 0 && waits.maxAttempts >= attemptsOfFailing),
      isPostal3: isPostal3Schema(postalSchema),
      nowMs: atMs,
    };
  };

  const audited = endpoints.flatMap((endpoint): AuditedEndpoint[] => {
    const server = serverById.get(endpoint.serverId);
    if (server === undefined) return [];
    const subject = subjectOf(endpoint, server);
    const probed = observations.probes?.get(endpoint.id);
    const own = endpointFindings(subject);
    const seen = probed?.ok ? withoutRepeats(probed.findings, own) : [];
    return [{ subject, findings: [...own, ...seen].sort(bySeverity), ...(probed === undefined ? {} : { probed }) }];
  });

  const existing = new Set(snapshot.endpoints.map(({ id }) => id));
  const auditedRoutes = routes.flatMap((route): AuditedRoute[] => {
    const server = serverById.get(route.serverId);
    const findings = server === undefined ? [] : routeFindings(route, server, (id) => existing.has(id));
    return server === undefined || findings.length === 0
      ? []
      : [{ id: route.id, server, address: route.address, findings }];
  });

  const unresolved = audited.flatMap(({ subject: { hostname, isAddress, resolves, registration } }) =>
    !isAddress && (resolves === 'unknown' || registration === undefined) ? [hostname] : [],
  );
  const used = new Set(endpoints.map(hostnameOf));
  return {
    atMs,
    postalSchema,
    servers,
    endpoints: audited,
    routes: auditedRoutes,
    registeredNotInPostal: registry.isComplete
      ? [...registry.registrations.keys()].filter((hostname) => !used.has(hostname)).sort()
      : null,
    findings: servers.flatMap((server) => serverFindings(server, atMs)),
    unresolved: [...new Set(unresolved)].sort(),
  };
};

/** Every finding of an audit. */
export const allFindings = ({ endpoints, routes, findings }: Audit): readonly AuditFinding[] => [
  ...endpoints.flatMap((endpoint) => endpoint.findings),
  ...routes.flatMap((route) => route.findings),
  ...findings,
];
