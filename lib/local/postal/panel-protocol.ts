import type { Outcome } from '../slack/page-api/page-protocol.ts';

/** An SMTP endpoint, as the page shows it. */
export type PanelEndpoint = {
  readonly id: number;
  readonly serverId: number;
  readonly name: string;
  readonly hostname: string;
  readonly port: number | null;
  readonly sslMode: string;
};

export type PanelRoute = {
  readonly id: number;
  readonly address: string;
  /** Null: the route rejects mail, since its endpoint was deleted. */
  readonly endpointId: number | null;
};

/** What waits for one endpoint. Times are milliseconds since the epoch. */
export type PanelQueue = {
  /** Null: of a deleted endpoint. */
  readonly endpointId: number | null;
  readonly endpointName: string;
  readonly count: number;
  readonly oldestAtMs: number;
  readonly attempts: number;
  /** 0: at once. */
  readonly nextAtMs: number;
};

export type PanelDelivery = {
  readonly id: number;
  readonly recipient: string;
  readonly status: string;
  /** Postal's words, and those of the mail server. */
  readonly details: string;
  readonly output: string | null;
  readonly atMs: number;
};

export type PanelServer = {
  readonly id: number;
  /** `organization/server`. */
  readonly name: string;
  readonly mode: 'Live' | 'Development';
  readonly domain: string;
};

/** The local Postal, as the page shows it. */
export type PostalPanelState = {
  readonly servers: readonly PanelServer[];
  /** What an endpoint's SSL mode can be. */
  readonly sslModes: readonly string[];
  readonly endpoints: readonly PanelEndpoint[];
  readonly routes: readonly PanelRoute[];
  readonly queue: readonly PanelQueue[];
  /** The newest, the last one first. */
  readonly deliveries: readonly PanelDelivery[];
  readonly timesFaster: number;
};

/** What the page asks of the local Postal, by path under `/page/`. */
export type PostalRequests = {
  readonly 'postal-endpoint': Omit<PanelEndpoint, 'id' | 'port'> & {
    readonly user: string;
    /** Null: a new one. */
    readonly id: number | null;
    /** As typed. */
    readonly port: string;
  };
  readonly 'delete-postal-endpoint': { readonly user: string; readonly id: number };
  readonly 'postal-route': { readonly user: string; readonly name: string; readonly endpointId: number };
  readonly 'delete-postal-route': { readonly user: string; readonly id: number };
  /** A message from outside, to a route. */
  readonly 'postal-message': { readonly user: string; readonly routeId: number };
  /** Tries what waits for an endpoint again, now. */
  readonly 'postal-retry': { readonly user: string; readonly endpointId: number | null };
};

/** The local Postal, for the page. */
export interface PostalPanel {
  state(): PostalPanelState;
  /** `undefined` when that is nothing of Postal's. */
  act(action: string, body: unknown): Outcome | undefined;
  /** Calls back after every change, until the function that it gives is called. */
  subscribe(listener: () => void): () => void;
}
