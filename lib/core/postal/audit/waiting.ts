import type { PostalRoute, QueueGroup } from './snapshot.ts';

/** What waits for one endpoint. */
export type Waiting = {
  readonly count: number;
  readonly tried: number;
  readonly oldestAtMs: number | null;
  readonly maxAttempts: number;
};

export const nothingWaits: Waiting = { count: 0, tried: 0, oldestAtMs: null, maxAttempts: 0 };

/** `incoming-rt:<route>-ep:<endpoint>-<type>`, or `ep:-` where the message names no endpoint. */
const batchKey = /^incoming-rt:(\d+)-ep:(?:(\d+)-SMTPEndpoint|-)$/;

/** The endpoint to which a route of mode `Endpoint` leads now, by route id: what a message without an endpoint of its own goes to. */
export const endpointByRoute = (routes: readonly PostalRoute[]): ReadonlyMap<number, number> =>
  new Map(
    routes.flatMap(({ id, mode, isSmtp, endpointId }) =>
      mode === 'Endpoint' && isSmtp && endpointId !== null ? [[id, endpointId] as const] : [],
    ),
  );

const endpointOf = (key: string, byRoute: ReadonlyMap<number, number>): number | undefined => {
  const [, route, endpoint] = batchKey.exec(key) ?? [];
  if (route === undefined) return undefined;
  return endpoint === undefined ? byRoute.get(Number(route)) : Number(endpoint);
};

/** What waits, by endpoint id. */
export const waitingByEndpoint = (
  queue: readonly QueueGroup[],
  routes: readonly PostalRoute[],
): ReadonlyMap<number, Waiting> => {
  const byRoute = endpointByRoute(routes);
  const waiting = new Map<number, Waiting>();
  for (const group of queue) {
    const endpointId = endpointOf(group.batchKey, byRoute);
    if (endpointId === undefined) continue;
    const before = waiting.get(endpointId) ?? nothingWaits;
    waiting.set(endpointId, {
      count: before.count + group.count,
      tried: before.tried + group.tried,
      oldestAtMs: Math.min(before.oldestAtMs ?? Number.POSITIVE_INFINITY, group.oldestAtMs),
      maxAttempts: Math.max(before.maxAttempts, group.maxAttempts),
    });
  }
  return waiting;
};
