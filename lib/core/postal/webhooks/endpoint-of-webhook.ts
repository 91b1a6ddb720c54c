import { normaliseName } from '../../endpoint/hostname.ts';
import { endpointIdsOf } from '../audit/route-findings.ts';
import type { Snapshot } from '../audit/snapshot.ts';
import { explain } from '../explain/explain.ts';
import { routeDigest } from './recipient-digests.ts';
import type { WebhookEvent } from './webhook.ts';

/** The hostname that Postal's words name, where they name one alone. */
export const hostnameInDetails = ({ details }: WebhookEvent): string | undefined => {
  const explained = explain(details);
  const [named, ...others] = explained.recognised ? explained.hostnames : [];
  return named === undefined || others.length > 0 ? undefined : normaliseName(named);
};

/**
 * The hostname of all that the recipient's route leads to. Where it leads to several hostnames, or also to an endpoint that was deleted or takes mail over HTTP,
 * nothing tells which of them failed.
 */
export const hostnameByRoute = (
  { recipient }: WebhookEvent,
  server: string,
  snapshot: Snapshot,
  recipientKey: string,
): string | undefined => {
  const serverId = snapshot.servers.find(({ name }) => name === server)?.id;
  if (recipient === undefined || serverId === undefined) return undefined;
  const routes = snapshot.routes
    .filter((route) => route.serverId === serverId)
    .map((route) => ({ route, digest: routeDigest(recipientKey, route.address) }));
  const found =
    routes.find(({ digest }) => digest === recipient.exact) ??
    routes.find(({ digest }) => digest === recipient.wildcard);
  if (found === undefined) return undefined;
  const hostnames = new Map(snapshot.endpoints.map(({ id, hostname }) => [id, normaliseName(hostname)]));
  const names = new Set(endpointIdsOf(found.route).map(({ id }) => (id === null ? undefined : hostnames.get(id))));
  const [only] = names;
  return names.size === 1 && found.route.isSmtp ? only : undefined;
};
