/** A mail server of Postal that is not being deleted, nor its organization. */
export type PostalServer = {
  readonly id: number;
  /** `organization-permalink/server-permalink`. */
  readonly name: string;
  readonly mode: string | null;
  /** It, or its organization. */
  readonly isSuspended: boolean;
  /** The oldest lock on a queued message of this server; milliseconds since the epoch. */
  readonly oldestLockAtMs: number | null;
  readonly deliveries: ServerDeliveries;
};

/**
 * What was read of a server's message database. `notQueued`: unfinished incoming messages that Postal will never try again. `catching up`: so many ids of
 * deliveries were not read yet, so nothing is known of any delivery.
 */
export type ServerDeliveries =
  | { readonly kind: 'read'; readonly notQueued: number }
  | { readonly kind: 'catching up'; readonly idsLeft: number }
  | { readonly kind: 'not granted'; readonly grants: readonly string[] };

/** A row of `smtp_endpoints`, as it is there. */
export type PostalEndpoint = {
  readonly id: number;
  readonly serverId: number;
  readonly name: string;
  readonly hostname: string;
  /** `null`: blank, which Postal takes for 25. */
  readonly port: number | null;
  readonly sslMode: string | null;
  /** Whether a mail server of this endpoint ever gave a final answer (`last_used_at`). */
  readonly wasUsed: boolean;
};

/** A row of `routes`, with the ids of its SMTP endpoints. */
export type PostalRoute = {
  readonly id: number;
  readonly serverId: number;
  /** `name@domain`. */
  readonly address: string;
  readonly mode: string | null;
  /** Whether it leads to an SMTP endpoint, which `endpointId` then names. */
  readonly isSmtp: boolean;
  readonly endpointId: number | null;
  readonly additionalEndpointIds: readonly number[];
};

/** Messages of one batch key that wait in Postal's queue. */
export type QueueGroup = {
  readonly batchKey: string;
  readonly count: number;
  /** Those with at least one attempt. */
  readonly tried: number;
  /** Milliseconds since the epoch. */
  readonly oldestAtMs: number;
  readonly maxAttempts: number;
};

export const deliveryWindows = { '1h': 1, '24h': 24, '72h': 72 } as const;
export type DeliveryWindow = keyof typeof deliveryWindows;

/** How many deliveries of each status. */
export type StatusCounts = Readonly<Record<string, number>>;

/** A failed delivery, with the addresses in Postal's texts taken out. */
export type LastFailure = {
  readonly status: string;
  readonly details: string | null;
  readonly output: string | null;
};

/** What the deliveries of the last 72 h say about one endpoint. Times are milliseconds since the epoch. */
export type DeliveryFacts = {
  readonly lastSentAtMs: number | null;
  readonly failingNow: boolean;
  readonly failingSinceMs: number | null;
  readonly sentPlaintext: number;
  readonly lastFailure: LastFailure | null;
  /** Absent: none, or not said by an older sender. */
  readonly lastFailureAtMs?: number;
  readonly counts: Readonly<Record<DeliveryWindow, StatusCounts>>;
};

/** Everything the audit takes from Postal, at one time, whatever it was read from. */
export type Snapshot = {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** The newest version in `schema_migrations`, such as `20240311205229`. */
  readonly postalSchema: string;
  readonly servers: readonly PostalServer[];
  /** Every row: those of servers that are being deleted tell a route that leads there from one that leads nowhere. */
  readonly endpoints: readonly PostalEndpoint[];
  readonly routes: readonly PostalRoute[];
  readonly queue: readonly QueueGroup[];
  /** By endpoint id; an endpoint without an entry has no delivery in the window. */
  readonly deliveries: ReadonlyMap<number, DeliveryFacts>;
};
