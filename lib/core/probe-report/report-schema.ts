import * as z from 'zod';
import { sslModes } from '../endpoint/definition.ts';
import { largestBatch, type ProbeRequest, type ProbeResult, stageNames } from './report.ts';

const durationMs = z.number().nonnegative();
const recordType = z.enum(['AAAA', 'A']);

/** Of the payload with which the prober is invoked. */
export const probeRequestSchema: z.ZodType<ProbeRequest> = z.strictObject({
  requestId: z.string().min(1).max(1000),
  hostname: z.string().min(1).max(1000),
  port: z.int().min(0).max(65_535),
  sslMode: z.enum(sslModes),
  recordTypes: z.array(recordType),
  deadlineMs: z.number().positive().max(900_000),
  recipient: z.string().min(1).max(1000).exactOptional(),
  mailFrom: z.string().max(1000).exactOptional(),
  deliver: z.boolean().exactOptional(),
  targets: z.array(z.string().min(1).max(1000)).min(1).max(32).exactOptional(),
  lookUpOnly: z.boolean().exactOptional(),
  patience: z.literal('postal').exactOptional(),
});

/** Of the payload with which the prober is invoked for many at once; each request is read by itself, so that one that is wrong fails alone. */
export const probeBatchSchema = z.strictObject({ batch: z.array(z.unknown()).min(1).max(largestBatch) });

const dnsAnswer = z.object({
  nameserver: z.string(),
  name: z.string().exactOptional(),
  type: recordType,
  transport: z.enum(['udp', 'tcp']),
  rcode: z.string().exactOptional(),
  reason: z.enum(['timeout', 'unreachable', 'malformed', 'closed']).exactOptional(),
  records: z.array(z.object({ name: z.string(), type: z.string(), ttlSeconds: z.number(), data: z.string() })),
  soa: z.object({ zone: z.string(), negativeTtlSeconds: z.number() }).exactOptional(),
  durationMs,
});

const failures = [
  'outside-policy',
  'refused',
  'timeout',
  'slow',
  'unreachable',
  'reset',
  'closed',
  'not-smtp',
  'malformed-reply',
  'reply-too-long',
  'rejected-temporarily',
  'rejected-permanently',
  'not-offered',
  'injected-plaintext',
  'tls-handshake',
  'wrong-version',
  'certificate',
  'deadline',
] as const;
const failure = z.enum(failures);

const stage = z.object({
  stage: z.enum(stageNames),
  status: z.enum(['passed', 'failed', 'skipped']),
  reason: failure.exactOptional(),
  detail: z.string().exactOptional(),
  reply: z
    .object({ code: z.int(), lines: z.array(z.string()), enhancedStatus: z.string().exactOptional() })
    .exactOptional(),
  asRead: z.object({ text: z.string(), ended: z.enum([...failures, 'tls-eof']).exactOptional() }).exactOptional(),
  unread: z.string().exactOptional(),
  durationMs,
});

const certificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  subjectAltNames: z.array(z.string()),
  notBefore: z.string(),
  notAfter: z.string(),
  fingerprint256: z.string(),
  key: z.string(),
  selfSigned: z.boolean(),
  chainError: z.string().exactOptional(),
  chainErrorText: z.string().exactOptional(),
  nameMatches: z.boolean(),
});

const session = {
  stages: z.array(stage),
  banner: z.string().exactOptional(),
  capabilities: z.array(z.string()),
  tls: z.object({ protocol: z.string(), cipher: z.string(), certificate: certificate.exactOptional() }).exactOptional(),
};

const addressReport = z.object({
  ip: z.string(),
  port: z.int(),
  ...session,
  further: z.array(z.object({ purpose: z.enum(['plaintext-retry', 'reconnect']), ...session })).exactOptional(),
});

const report = z.object({
  requestId: z.string(),
  hostname: z.string(),
  port: z.int(),
  sslMode: z.enum(sslModes),
  startedAt: z.iso.datetime(),
  durationMs,
  seenFrom: z.string().exactOptional(),
  resolution: z.object({
    answers: z.array(dnsAnswer),
    cnameChain: z.array(z.string()),
    addresses: z.array(z.string()),
    postalAddresses: z.array(z.string()).exactOptional(),
    isCutShort: z.boolean().exactOptional(),
  }),
  transaction: z.object({ mailFrom: z.string(), recipient: z.string(), deliver: z.boolean() }).exactOptional(),
  addresses: z.array(addressReport),
});

/** Of what the prober answers. */
export const probeResultSchema: z.ZodType<ProbeResult> = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), report }),
  z.object({
    ok: z.literal(false),
    failure: z.object({ kind: z.enum(['refused', 'busy', 'unavailable', 'timeout']), message: z.string() }),
  }),
]);
