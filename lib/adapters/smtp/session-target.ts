import type { SslMode } from '../../core/endpoint/definition.ts';
import type { Encryption } from '../../core/postal/encryption.ts';
import type { TlsTrust } from './tls-context.ts';

/** What is tried beyond the greeting; without a message it ends after RCPT TO. */
export type Transaction = { readonly mailFrom: string; readonly recipient: string; readonly message?: string };

/** Where to, and how. */
export type SessionTarget = {
  readonly hostname: string;
  readonly ip: string;
  readonly port: number;
  readonly sslMode: SslMode;
  /** What Postal does about TLS there. The session goes further where nothing is to be tried after the greeting, and reports what TLS would be like. */
  readonly encryption: Encryption;
  readonly transaction?: Transaction;
};

/** As whom, and how long each stage may take. */
export type SessionSettings = {
  readonly heloHostname: string;
  readonly tls: TlsTrust;
  /** For the TCP connection, and again for a TLS handshake. */
  readonly connectBudgetMs: number;
  /** For each silence of the server while a reply is due. */
  readonly replyBudgetMs: number;
  /** How long Postal itself would wait: silence shorter than that is `slow`, not a `timeout`. */
  readonly postalOpenTimeoutMs: number;
  readonly postalReadTimeoutMs: number;
};
