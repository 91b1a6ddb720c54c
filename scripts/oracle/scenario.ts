import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const inputs = z.object({
  hostname: z.string(),
  port: z.union([z.number(), z.string(), z.null()]),
  ssl_mode: z.string(),
  nameservers: z.array(z.string()),
  postal_config: z.object({ open_timeout: z.number(), read_timeout: z.number(), dns_timeout: z.number() }),
  os_hostname: z.string().optional(),
  resolv_extra: z.string().optional(),
  resolv_conf_raw: z.string().optional(),
  trust: z.string().optional(),
  rcpt_to: z.string().optional(),
  messages: z.number().optional(),
  bounce: z.boolean().optional(),
  raw_message: z.string().optional(),
  listeners: z.array(z.object({ tcp: z.string().optional() })).optional(),
});

const expectation = z.object({
  class: z.string(),
  result: z.string(),
  resolved_ips_in_order: z.array(z.string()),
  attempted_ips_in_order: z.array(z.string()),
  accepted_by_ip: z.string().nullable(),
  wire_security: z.string().nullable(),
  bounces_to_sender: z.boolean(),
  will_retry: z.boolean(),
  retry_after_seconds: z.number().nullable(),
  hostname_can_be_saved: z.boolean(),
});

const scenario = z.object({
  id: z.string(),
  category: z.string(),
  inputs,
  expect: expectation,
  postal: z.object({ details: z.string(), output: z.string().nullable() }),
});

/** One delivery that Postal's own code made: what it was given, and what came of it. */
export type Scenario = z.infer<typeof scenario>;
export type Inputs = Scenario['inputs'];
export type Expectation = Scenario['expect'];

/** Reads a folder's `oracle.json`. Throws when it is not of that form. */
export const readScenarios = (folder: string): readonly Scenario[] =>
  z.array(scenario).parse(JSON.parse(readFileSync(join(folder, 'oracle.json'), 'utf8')));

/** Why a scenario says nothing of one message; a function of its inputs alone. */
export const outOfScope = ({ messages = 1 }: Inputs): string | undefined =>
  messages > 1
    ? `a batch of ${messages} messages: its later messages depend on its earlier ones, and a probe delivers one`
    : undefined;
