import type { SslMode } from '../../endpoint/definition.ts';

/** What is registered under a hostname, as far as it can differ from Postal. */
export type Registration = { readonly port: number; readonly sslMode: SslMode };

/** The registered hostnames, in lower case without a trailing dot. */
export type Registry = {
  readonly registrations: ReadonlyMap<string, Registration>;
  /** Whether these are all. DNS answers only for the names that it is asked for. */
  readonly isComplete: boolean;
  /** Hostnames whose marker could not be looked up. */
  readonly unknown: ReadonlySet<string>;
};
