import type { Hostname } from './hostname.ts';

/** Postal's own values of an SMTP endpoint's SSL mode. */
export const sslModes = ['None', 'Auto', 'STARTTLS', 'TLS'] as const;
export type SslMode = (typeof sslModes)[number];

/** What a hostname answers with: up to 8 addresses (canonical text), or one CNAME target. */
export type Targets =
  | { readonly kind: 'addresses'; readonly addresses: readonly string[] }
  | { readonly kind: 'cname'; readonly cname: Hostname };

/** A registered endpoint, valid by every rule that needs nothing but policy. */
export type Definition = {
  readonly hostname: Hostname;
  readonly targets: Targets;
  readonly standby?: Targets;
  readonly port: number;
  readonly sslMode: SslMode;
  readonly ttlSeconds: number;
  /** Name shown in Postal's web UI; at most 80 characters. */
  readonly name?: string;
  /** Slack user id, user group id or free text; at most 80 characters. */
  readonly owner?: string;
  /** At most 500 characters. */
  readonly note?: string;
};

/** A definition as a person wrote it, before any rule. Text, exactly as understood by the grammar. */
export type DefinitionInput = {
  readonly hostname: string;
  readonly targets: readonly string[];
  readonly standby?: readonly string[];
  readonly port?: string;
  readonly sslMode?: string;
  readonly ttl?: string;
  readonly name?: string;
  readonly owner?: string;
  readonly note?: string;
};
