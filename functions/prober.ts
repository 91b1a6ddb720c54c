import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Context } from 'aws-lambda';
import { proberConfig } from '../lib/config.ts';
import { jsonLogger } from '../lib/log.ts';
import { loadPolicy } from '../lib/policy/load-policy.ts';
import { loadPostalProfile } from '../lib/postal/load-profile.ts';
import { createProber } from '../lib/probe/prober.ts';
import type { ProbeFailure, ProbeResult, Prober } from '../lib/probe/report.ts';
import { probeRequestSchema } from '../lib/probe/report-schema.ts';
import { systemClock } from '../lib/system-clock.ts';

/** Kept back from Lambda's own timeout for the answer. */
const marginMs = 1500;

const failed = (kind: ProbeFailure['kind'], message: string): ProbeResult => ({ ok: false, failure: { kind, message } });

const compose = async (): Promise<Prober> => {
  const { policyFile, postalProfileFile } = proberConfig();
  const policy = loadPolicy(policyFile);
  const profile = loadPostalProfile(postalProfileFile);
  const ca = profile.caFile === undefined ? undefined : await readFile(resolve(dirname(postalProfileFile), profile.caFile), 'utf8');
  return createProber({ policy, profile, clock: systemClock, ...(ca !== undefined && { ca }) });
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

/** Probes one endpoint for the worker. Always answers a `ProbeResult`, before Lambda's own timeout. */
export const handler = async (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>): Promise<ProbeResult> => {
  const log = jsonLogger({ function: 'prober', awsRequestId: context.awsRequestId });
  const parsed = probeRequestSchema.safeParse(event);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the request'}: ${issue.message}`).join('; ');
    return failed('refused', `The prober did not understand the request (${wrong}). Nothing was probed.`);
  }
  const request = parsed.data;
  const remainingMs = context.getRemainingTimeInMillis() - marginMs;
  if (remainingMs <= 0) return failed('timeout', 'The prober had no time left to probe. Nothing was probed; check again.');
  try {
    const deadlineMs = Math.min(request.deadlineMs, remainingMs);
    const result = await (await theProber()).probe({ ...request, deadlineMs }, new AbortController().signal);
    log.info('probed', { requestId: request.requestId, ...(result.ok ? { durationMs: result.report.durationMs } : result.failure) });
    return result;
  } catch (error) {
    log.error('the prober cannot start', { requestId: request.requestId, error });
    return failed('unavailable', `The prober is not set up: ${error instanceof Error ? error.message : String(error)}`);
  }
};
