import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** What a delivery was given. Whoever also plays the servers adds what they do: `dns` and `listeners` in full. */
export const inputsSchema = z.object({
  hostname: z.string(),
  port: z.union([z.int(), z.string(), z.null()]),
  /** `null`: the column is empty, as it is in rows of older releases. */
  ssl_mode: z.string().nullable(),
  nameservers: z.array(z.string()).default(['127.53.53.1']),
  /** Seconds. */
  postal_config: z
    .strictObject({ open_timeout: z.number(), read_timeout: z.number(), dns_timeout: z.number() })
    .default({ open_timeout: 2, read_timeout: 2, dns_timeout: 2 }),
  os_hostname: z.string().optional(),
  resolv_extra: z.string().optional(),
  resolv_conf_raw: z.string().optional(),
  trust: z.enum(['private', 'none']).optional(),
  rcpt_to: z.string().optional(),
  messages: z.int().optional(),
  bounce: z.boolean().optional(),
  raw_message: z.string().optional(),
  listeners: z.array(z.object({ tcp: z.string().optional() })).default([]),
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

/** One delivery that Postal's own code made: what it was given, and the result. */
export const scenarioSchema = z.object({
  id: z.string(),
  inputs: inputsSchema,
  expect: expectation,
  /** In Postal's words. */
  postal: z.object({ details: z.string(), output: z.string().nullable() }),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type Inputs = Scenario['inputs'];
export type Expectation = Scenario['expect'];

/** Reads a folder's `oracle.json`. Throws when it is not of that form. */
export const readScenarios = (folder: string): readonly Scenario[] =>
  z.array(scenarioSchema).parse(JSON.parse(readFileSync(join(folder, 'oracle.json'), 'utf8')));

/** Why a scenario says nothing of one message; a function of its inputs alone. */
export const outOfScope = ({ messages = 1 }: Inputs): string | undefined =>
  messages > 1
    ? `a batch of ${messages} messages: its later messages depend on its earlier ones, and a probe delivers one`
    : undefined;
