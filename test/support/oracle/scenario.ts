import { readdirSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { inputsSchema, scenarioSchema } from '../../../scripts/oracle/scenario.ts';

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
  port: z.int(),
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

const scenario = scenarioSchema.extend({
  description: z.string(),
  inputs: inputsSchema.extend({ dns: z.record(z.string(), dnsName), listeners: z.array(listener) }).strict(),
});

export type ScriptedReply = z.infer<typeof scriptedReply>;
export type Replies = z.infer<typeof replies>;
export type TlsBehaviour = z.infer<typeof tls>;
export type SmtpBehaviour = z.infer<typeof smtp>;
export type Listener = z.infer<typeof listener>;
export type DnsName = z.infer<typeof dnsName>;
/** One delivery that Postal was seen to make: what it met, and the result. */
export type Scenario = z.infer<typeof scenario> & {
  /** The file that it is in. */
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
export const parseInputs = (given: unknown): Scenario['inputs'] => scenario.shape.inputs.parse(given);
