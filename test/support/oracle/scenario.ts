import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';

const seconds = z.number().nonnegative();

const scriptedReply = z.union([
  z.string(),
  z.strictObject({
    reply: z.string().optional(),
    /** Before the reply. */
    delay: seconds.optional(),
    /** Before each line of the reply. */
    drip: seconds.optional(),
    afterwards: z.enum(['close', 'close_notify', 'reset', 'hang']).optional(),
  }),
]);

/** What a server says at one point; a list is for the first time, the second, …, the last of it for ever. */
const replies = z.union([scriptedReply, z.array(scriptedReply).min(1)]);

const tls = z.strictObject({
  mode: z.literal('implicit').optional(),
  cert: z
    .enum([
      'public',
      'private',
      'wronghost',
      'cnonly',
      'weak1024',
      'mxname',
      'expired',
      'notyet',
      'nochain',
      'fullchain',
      'selfsigned',
    ])
    .optional(),
  ciphers: z.string().optional(),
  only: z.enum(['TLS1.0', 'TLS1.1', 'TLS1.2', 'TLS1.3']).optional(),
  client_cert: z.literal('required').optional(),
  handshake: z.enum(['ok', 'close', 'reset', 'hang', 'garbage']).optional(),
});

const smtp = z.strictObject({
  tls: tls.optional(),
  banner: replies.optional(),
  /** Replies to every line alike, whatever it says. */
  http: replies.optional(),
  caps: z.array(z.string()).optional(),
  caps_tls: z.array(z.string()).optional(),
  starttls: z.boolean().optional(),
  starttls_keyword: z.string().optional(),
  starttls_reply: replies.optional(),
  ehlo: replies.optional(),
  ehlo_tls: replies.optional(),
  helo: replies.optional(),
  mail: replies.optional(),
  mail_plain: replies.optional(),
  rcpt: replies.optional(),
  data: replies.optional(),
  /** Octets of a message after which the connection is reset. */
  drop_in_data: z.number().optional(),
  eod: replies.optional(),
  rset: replies.optional(),
  quit: replies.optional(),
  unknown: replies.optional(),
});

const listener = z.strictObject({
  ip: z.string(),
  port: z.number().int(),
  tcp: z.enum(['closed', 'blackhole', 'accept_close', 'accept_rst', 'smtp']).optional(),
  smtp: smtp.optional(),
});

const dnsTrouble = {
  delay: seconds.optional(),
  timeout: z.boolean().optional(),
  rcode: z.enum(['FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED']).optional(),
  /** Over UDP only TC is answered; with `tcpfail` nothing over TCP. */
  truncate: z.union([z.boolean(), z.literal('tcpfail')]).optional(),
};

const dnsName = z.strictObject({
  A: z.array(z.string()).optional(),
  AAAA: z.array(z.string()).optional(),
  CNAME: z.string().optional(),
  NS: z.array(z.string()).optional(),
  MX: z.array(z.tuple([z.number(), z.string()])).optional(),
  TXT: z.array(z.string()).optional(),
  /** A CNAME is answered without what it leads to. */
  nochase: z.boolean().optional(),
  by_type: z.record(z.string(), z.strictObject(dnsTrouble)).optional(),
  ...dnsTrouble,
});

const inputs = z.strictObject({
  hostname: z.string(),
  port: z.union([z.number().int(), z.string(), z.null()]),
  ssl_mode: z.string(),
  dns: z.record(z.string(), dnsName),
  nameservers: z.array(z.string()).default(['127.53.53.1']),
  listeners: z.array(listener),
  /** Seconds. */
  postal_config: z
    .strictObject({ open_timeout: z.number(), read_timeout: z.number(), dns_timeout: z.number() })
    .default({ open_timeout: 2, read_timeout: 2, dns_timeout: 2 }),
  os_hostname: z.string().optional(),
  resolv_extra: z.string().optional(),
  resolv_conf_raw: z.string().optional(),
  trust: z.enum(['private', 'none']).optional(),
  rcpt_to: z.string().optional(),
  messages: z.number().int().optional(),
  bounce: z.boolean().optional(),
  raw_message: z.string().optional(),
});

const expectation = z.strictObject({
  class: z.string(),
  result: z.string(),
  resolved_ips_in_order: z.array(z.string()),
  attempted_ips_in_order: z.array(z.string()),
  accepted_by_ip: z.string().nullable(),
  wire_security: z.enum(['tls', 'plaintext']).nullable(),
  bounces_to_sender: z.boolean(),
  will_retry: z.boolean(),
  retry_after_seconds: z.number().nullable(),
  hostname_can_be_saved: z.boolean(),
});

const scenario = z.strictObject({
  id: z.string(),
  description: z.string(),
  inputs,
  expect: expectation,
  /** In Postal's words. */
  postal: z.strictObject({ details: z.string(), output: z.string() }),
});

export type ScriptedReply = z.infer<typeof scriptedReply>;
export type Replies = z.infer<typeof replies>;
export type TlsBehaviour = z.infer<typeof tls>;
export type SmtpBehaviour = z.infer<typeof smtp>;
export type Listener = z.infer<typeof listener>;
export type DnsName = z.infer<typeof dnsName>;
/** One delivery that Postal was seen to make: what it met, and what came of it. */
export type Scenario = z.infer<typeof scenario> & {
  /** The file that it stands in. */
  readonly category: string;
};

const folder = new URL('../../fixtures/postal-oracle/', import.meta.url);

/** Every scenario of test/fixtures/postal-oracle; throws at a behaviour that no server here knows. */
export const readScenarios = (): readonly Scenario[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .toSorted()
    .flatMap((name) =>
      z
        .array(scenario)
        .parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
        .map((read) => ({ ...read, category: name.replace('.json', '') })),
    );

/** Reads what one scenario was given. Throws at a behaviour that no server here knows. */
export const parseInputs = (given: unknown): Scenario['inputs'] => inputs.parse(given);
