import { expect, it } from 'vitest';
import { measuredProbes } from '../../../lib/adapters/probe/measured-probes.ts';
import type { ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { request } from '../../support/probe-request.ts';

const healthy = healthyReport(request(25), ['10.0.4.12', '10.0.4.13']);
const [good] = healthy.addresses;
if (good === undefined) throw new Error('no address');
type Address = typeof good;
const of = (addresses: readonly Address[]): ProbeResult => ({ ok: true, report: { ...healthy, addresses } });

const passed = { status: 'passed', durationMs: 1 } as const;
const refused: Address = {
  ...good,
  stages: [{ stage: 'connect', status: 'failed', reason: 'refused', durationMs: 1 }],
};
const plain: Address = {
  ...good,
  stages: [
    { stage: 'ehlo', ...passed },
    { stage: 'starttls', status: 'failed', reason: 'not-offered', durationMs: 1 },
  ],
};
const brokenTls: Address = {
  ...good,
  stages: [
    { stage: 'ehlo', ...passed },
    { stage: 'tls', status: 'failed', reason: 'tls-handshake', durationMs: 1 },
  ],
};
const busy: ProbeResult = { ok: false, failure: { kind: 'busy', message: 'busy' } };

it.each<[string, readonly ProbeResult[], object]>([
  ['every address that answers', [of(healthy.addresses)], { ProbesPassed: 1 }],
  ['a server that offers no TLS', [of([plain])], { ProbesPassed: 1 }],
  ['some addresses that answer', [of([good, refused])], { ProbesPartlyPassed: 1 }],
  ['none that answers', [of([refused])], { ProbesFailed: 1 }],
  ['none that comes through TLS', [of([brokenTls])], { ProbesFailed: 1 }],
  ['a name that leads nowhere', [of([])], { ProbesFailed: 1 }],
  ['a prober that could not', [busy], { ProbesNotCarriedOut: 1 }],
  [
    'all of a batch',
    [of([good]), busy, of([good]), of([refused])],
    { ProbesPassed: 2, ProbesNotCarriedOut: 1, ProbesFailed: 1 },
  ],
])('counts %s', (_, results, expected) => {
  expect(measuredProbes(results)).toEqual(expected);
});
