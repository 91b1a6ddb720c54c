import { type AuditFinding, auditFinding } from './finding.ts';
import type { PostalRoute, PostalServer } from './snapshot.ts';

/** Ids of the SMTP endpoints to which a route of mode `Endpoint` leads. `null`: an endpoint that was deleted. */
export const endpointIdsOf = ({
  mode,
  isSmtp,
  endpointId,
  additionalEndpointIds,
}: PostalRoute): readonly { readonly id: number | null; readonly additional: boolean }[] =>
  mode === 'Endpoint'
    ? [
        ...(isSmtp ? [{ id: endpointId, additional: false }] : []),
        ...additionalEndpointIds.map((id) => ({ id, additional: true })),
      ]
    : [];

/** What is wrong with one route. `exists`: whether an SMTP endpoint of that id is there at all. */
export const routeFindings = (
  route: PostalRoute,
  server: PostalServer,
  exists: (endpointId: number) => boolean,
): readonly AuditFinding[] => {
  const page = `In Postal: ${server.name} → Routing → Routes → ${route.address}`;
  const missing = endpointIdsOf(route).filter(({ id }) => id === null || !exists(id));
  const dangling = missing
    .map(({ additional }) => (additional ? 'an additional endpoint' : 'its endpoint'))
    .join(' and ');
  return [
    ...(missing.length === 0
      ? []
      : [
          auditFinding(
            'route-dangling',
            `Mail for ${route.address} is accepted and lost: ${dangling} was deleted, and senders get no bounce.`,
            `${page} → Endpoint and Additional Endpoints: choose ones that exist, and save.`,
          ),
        ]),
    ...(route.mode === 'Reject'
      ? [
          auditFinding(
            'route-rejects',
            `Postal refuses mail for ${route.address}. Deleting an endpoint turns its routes to Reject.`,
            `${page} → Endpoint: choose an endpoint if mail is to arrive, or delete the route.`,
          ),
        ]
      : []),
  ];
};
