import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { functionName, proberConfig } from '../lib/adapters/config.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { embeddedMetricsWriter } from '../lib/adapters/metrics.ts';
import { measuredProbes } from '../lib/adapters/probe/measured-probes.ts';
import { stopwatch } from '../lib/adapters/smtp/stopwatch.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { boundedResult } from '../lib/core/probe-report/bounded-report.ts';
import type { ProbeFailure, ProbeRequest, ProbeResult, Prober } from '../lib/core/probe-report/report.ts';

/** Kept back from Lambda's own timeout for the answer. */
const marginMs = 1500;

/**
 * The VPC's resolver drops what is above 1,024 packets/s of one network interface, which all instances of the function share: 32 at the most
 * (`reservedConcurrency`), whether watch or somebody's check of all invokes them: 32 times what one sends in its first second stays below. https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html#vpc-dns-limits
 */
const dnsPace = { perSecond: 20, burst: 10 };

const failed = (kind: ProbeFailure['kind'], message: string): ProbeResult => ({
  ok: false,
  failure: { kind, message },
});

const metrics = embeddedMetricsWriter({ functionName: functionName(), now: systemClock.now });

const compose = async (): Promise<Prober> => {
  const { policyFile, postalProfileFile } = proberConfig();
  const [{ loadPolicy, loadPostalProfile }, { createProber }] = await Promise.all([
    import('../lib/adapters/config-files.ts'),
    import('../lib/adapters/probe/prober.ts'),
  ]);
  const policy = loadPolicy(policyFile);
  const profile = loadPostalProfile(postalProfileFile);
  const ca =
    profile.caFile === undefined
      ? undefined
      : await readFile(resolve(dirname(postalProfileFile), profile.caFile), 'utf8');
  return createProber({ policy, profile, clock: systemClock, dnsPace, ...(ca !== undefined && { ca }) });
};

let prober: Promise<Prober> | undefined;

/** Once a process; a configuration that is broken is read again with the next request. */
const theProber = (): Promise<Prober> => {
  prober ??= compose().catch((error: unknown) => {
    prober = undefined;
    throw error;
  });
  return prober;
};

type Invocation = Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>;

/** Probes what it is asked to, within what is left of the invocation. Of many, each has its own deadline, and the log one line. */
const probeAll = async (requests: readonly ProbeRequest[], context: Invocation): Promise<readonly ProbeResult[]> => {
  const log = jsonLogger({ function: 'prober', awsRequestId: context.awsRequestId });
  const requestId = requests[0]?.requestId;
  const remainingMs = context.getRemainingTimeInMillis() - marginMs;
  if (remainingMs <= 0)
    return requests.map(() =>
      failed('timeout', 'The prober had no time left to probe. Nothing was probed; check again.'),
    );
  try {
    const ready = await theProber();
    const elapsedMs = stopwatch();
    const { signal } = new AbortController();
    const results = await Promise.all(
      requests.map(async (request) =>
        boundedResult(await ready.probe({ ...request, deadlineMs: Math.min(request.deadlineMs, remainingMs) }, signal)),
      ),
    );
    metrics.record(measuredProbes(results));
    const failures = results.flatMap((result) => (result.ok ? [] : [result.failure]));
    log.info('probed', {
      requestId,
      durationMs: elapsedMs(),
      probes: results.length,
      failed: failures.length,
      ...failures[0],
    });
    return results;
  } catch (error) {
    log.error('the prober cannot start', { requestId, error });
    return requests.map(() =>
      failed('unavailable', `The prober is not set up: ${error instanceof Error ? error.message : String(error)}`),
    );
  }
};

const misunderstood = (error: z.ZodError): ProbeResult => {
  const wrong = error.issues.map((issue) => `${issue.path.join('.') || 'the request'}: ${issue.message}`).join('; ');
  return failed('refused', `The prober did not understand the request (${wrong}). Nothing was probed.`);
};

/** Probes one endpoint, or, for watch, up to a hundred at once: a `ProbeResult` each, in their order. Always answers, before Lambda's own timeout. */
export const handler = async (event: unknown, context: Invocation): Promise<ProbeResult | readonly ProbeResult[]> => {
  const { probeBatchSchema, probeRequestSchema } = await import('../lib/core/probe-report/report-schema.ts');
  if (typeof event === 'object' && event !== null && 'batch' in event) {
    const parsed = probeBatchSchema.safeParse(event);
    if (!parsed.success) return misunderstood(parsed.error);
    const read = parsed.data.batch.map((request) => probeRequestSchema.safeParse(request));
    const results = (
      await probeAll(
        read.flatMap(({ data }) => data ?? []),
        context,
      )
    ).values();
    const missing = failed('unavailable', 'Nothing was probed.');
    return read.map(({ error }) => (error === undefined ? (results.next().value ?? missing) : misunderstood(error)));
  }
  const parsed = probeRequestSchema.safeParse(event);
  if (!parsed.success) return misunderstood(parsed.error);
  const [result = failed('unavailable', 'Nothing was probed.')] = await probeAll([parsed.data], context);
  return result;
};
