import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { sslModes } from '../../../lib/core/endpoint/definition.ts';
import type { Mail, PostalContent } from './postal.ts';

const counts = z.record(z.string(), z.int());

const headSchema = z.strictObject({
  servers: z.array(z.object({ id: z.int(), permalink: z.string(), mode: z.string(), deleted: z.boolean() })),
  endpoints: z.array(
    z.object({
      id: z.int(),
      server: z.int(),
      name: z.string(),
      hostname: z.string(),
      port: z.nullable(z.int()),
      sslMode: z.nullable(z.string()),
      used: z.boolean(),
    }),
  ),
  routes: z.array(
    z.object({
      id: z.int(),
      server: z.int(),
      name: z.string(),
      mode: z.string(),
      endpoint: z.nullable(z.int()),
      additional: z.array(z.int()),
    }),
  ),
  registered: z.array(
    z.object({ hostname: z.string(), port: z.int(), sslMode: z.enum(sslModes), addresses: z.array(z.string()) }),
  ),
  expected: z.array(
    z.object({
      id: z.int(),
      failingNow: z.boolean(),
      waiting: z.int(),
      deliveries: z.object({ '1h': counts, '24h': counts, '72h': counts }),
    }),
  ),
  statuses: z.array(z.string()),
  /** Postal's details, and the mail server's output. */
  texts: z.array(z.tuple([z.string(), z.nullable(z.string())])),
});

const mailSchema = z.tuple([
  z.int(),
  z.int(),
  z.int(),
  z.literal([0, 1]),
  z.int(),
  z.array(z.tuple([z.number(), z.int(), z.literal([0, 1]), z.int()])),
]);

const read = () => {
  const [first = '', ...lines] = readFileSync(new URL('../../fixtures/postal-sample.jsonl', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const head = headSchema.parse(JSON.parse(first));
  const mail = lines.map((line): Mail => {
    const [server, endpoint, route, waits, lockedForSeconds, attempts] = mailSchema.parse(JSON.parse(line));
    return {
      server,
      endpoint,
      route,
      waits: waits === 1,
      ...(lockedForSeconds === 0 ? {} : { lockedForSeconds }),
      attempts: attempts.map(([ageSeconds, status, encrypted, text]) => {
        const [details = '', output = null] = head.texts[text] ?? [];
        return {
          ageSeconds,
          status: head.statuses[status] ?? '',
          encrypted: encrypted === 1,
          details,
          ...(output === null ? {} : { output }),
        };
      }),
    };
  });
  return { ...head, mail };
};

/**
 * A whole Postal over four days: outages that go on and that are over, greylisting, single refused recipients, mail held in development, a mail server that is
 * being deleted, an endpoint that was renamed. Of each endpoint `expected` says what an audit has to find. It was worked out by the program that made the
 * sample, from its scenario, and not by an audit.
 */
export const postalSample = read();

/** The sample as the content of a database; ages count from `nowMs`. */
export const sampleContent = (nowMs: number): PostalContent => {
  const { servers, endpoints, routes, mail } = postalSample;
  return {
    prefix: 'postal',
    database: 'postal',
    nowMs,
    schema: '3.3',
    servers,
    endpoints,
    routes,
    mail,
  };
};
