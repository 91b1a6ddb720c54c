import { normaliseName } from '../../endpoint/hostname.ts';
import type { Registration } from './registry.ts';
import type { DeliveryFacts, PostalEndpoint, PostalServer } from './snapshot.ts';
import type { Waiting } from './waiting.ts';

/** A route as its endpoint shows it. */
export type EndpointRoute = {
  readonly id: number;
  readonly address: string;
  /** Whether the endpoint is an additional one of that route. */
  readonly additional: boolean;
};

/** One endpoint with everything that its findings follow from. */
export type Subject = {
  readonly endpoint: PostalEndpoint;
  readonly server: PostalServer;
  /** In lower case, without a trailing dot. */
  readonly hostname: string;
  /** 25 where Postal's field is blank. */
  readonly port: number;
  readonly isAddress: boolean;
  /** What the resolver knows of the hostname. */
  readonly resolves: NameState;
  /** `undefined`: could not be looked up. `null`: not registered. */
  readonly registration: Registration | null | undefined;
  readonly routes: readonly EndpointRoute[];
  /** Other endpoints of the server with the same hostname and port. */
  readonly twins: {
    readonly count: number;
    /** The first of them. */
    readonly first: readonly PostalEndpoint[];
  };
  readonly waiting: Waiting;
  /** `null`: the account may not read them. */
  readonly deliveries: DeliveryFacts | null;
  readonly failingNow: boolean;
  readonly isPostal3: boolean;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
};

/** Whether a name has an address: `none` is NXDOMAIN, or NOERROR without one; `unknown` means that no answer came, or an error. */
export type NameState = 'address' | 'none' | 'unknown';

/** Where Postal connects when the port is blank. */
export const portOf = ({ port }: PostalEndpoint): number => port ?? 25;

export const hostnameOf = ({ hostname }: PostalEndpoint): string => normaliseName(hostname);

/** Four numbers, or a colon: never a name that DNS could resolve. */
export const isAddressLiteral = (hostname: string): boolean =>
  /^\d+(?:\.\d+){3}$/.test(hostname) || hostname.includes(':');

/** From 3.0 on Postal compares mode `STARTTLS` with a misspelt constant. */
const schemaOfPostal3 = 20_240_223_141_501;

export const isPostal3Schema = (schema: string): boolean => Number(schema) >= schemaOfPostal3;
