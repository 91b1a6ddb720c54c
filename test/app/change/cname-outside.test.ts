import { expect, it } from 'vitest';
import type { ProbeResult } from '../../../lib/core/probe-report/report.ts';
import { healthyReport } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'k8s.corp.internal';

/** What happened to a CNAME out of the zones, where the VPC's resolver says that it leads there; `rcode` is the resolver's. */
const added = async (ips: readonly string[], rcode: string | undefined): Promise<readonly string[]> => {
  const worker = workerUnderTest({ policy: { cnameSuffixes: ['svc.example.com'] } });
  worker.over.probe = (request): ProbeResult => {
    if (rcode === undefined)
      return { ok: false, failure: { kind: 'unavailable', message: 'the prober does not answer' } };
    const report = healthyReport(request, ips);
    const answers = report.resolution.answers.map((answer) => ({ ...answer, rcode }));
    return { ok: true, report: { ...report, resolution: { ...report.resolution, answers } } };
  };
  await worker.say(`add ${host} smtp.svc.example.com`);
  return worker.kinds(host);
};

it('follows a CNAME out of the zones through the resolver', async () => {
  expect(await added(['10.0.4.12'], 'NOERROR')).toContain('applied');
  expect(await added(['8.8.8.8'], 'NOERROR')).toEqual(['refused']);
});

it('allows what could not be looked up, whose addresses nobody knows', async () => {
  expect(await added(['8.8.8.8'], 'SERVFAIL')).toContain('applied');
  expect(await added([], undefined)).toContain('applied');
});
