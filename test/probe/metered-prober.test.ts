import { expect, it } from 'vitest';
import { meteredProber } from '../../lib/probe/metered-prober.ts';
import type { ProbeResult } from '../../lib/probe/report.ts';
import { request as requestFor } from '../support/probe-request.ts';
import { recordingMetrics } from '../support/recording-metrics.ts';
import { healthyReport } from '../support/worker-under-test.ts';

const request = requestFor(25);
const healthy = healthyReport(request, ['10.0.4.12', '10.0.4.13']);
const [good] = healthy.addresses;
if (good === undefined) throw new Error('no address');
const refused: typeof good = { ...good, ip: '10.0.4.13', stages: [{ stage: 'connect', status: 'failed', reason: 'refused', durationMs: 1 }] };
const of = (addresses: readonly (typeof good)[]): ProbeResult => ({ ok: true, report: { ...healthy, addresses } });

it.each<[string, ProbeResult, object]>([
  ['every address that answers', of(healthy.addresses), { ProbesPassed: 1 }],
  ['some that do', of([good, refused]), { ProbesPartlyPassed: 1 }],
  ['none that does', of([refused]), { ProbesFailed: 1 }],
  ['a name that leads nowhere', of([]), { ProbesFailed: 1 }],
  ['a prober that could not', { ok: false, failure: { kind: 'busy', message: 'busy' } }, { ProbesNotCarriedOut: 1 }],
])('counts %s', async (_, result, expected) => {
  const metrics = recordingMetrics();
  expect(await meteredProber({ probe: async () => result }, metrics).probe(request, new AbortController().signal)).toBe(result);
  expect(metrics.recorded).toEqual([expected]);
});
