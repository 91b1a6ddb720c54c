import { describe, expect, it, test } from 'vitest';
import { assessmentOf } from '../../../lib/core/postal/assessment.ts';
import { predict } from '../../../lib/core/postal/predict.ts';
import type { AddressReport } from '../../../lib/core/probe-report/report.ts';
import { encrypted, implicit, report, sampleNowMs } from '../../support/sample-probe.ts';
import { exampleProfile } from '../validation/example-policy.ts';

const ip = '10.0.4.12';
const assessed = (address: AddressReport, sslMode: 'TLS' | 'Auto') => {
  const probe = report([address], { sslMode, port: sslMode === 'TLS' ? 465 : 25 });
  const { hostname, port } = probe;
  const prediction = predict(probe, { hostname, port, sslMode, profile: exampleProfile() });
  return assessmentOf(probe, prediction, { profile: exampleProfile(), nowMs: sampleNowMs });
};
const handshake = ({ report: { addresses } }: ReturnType<typeof assessed>) =>
  addresses[0]?.stages.find(({ stage }) => stage === 'tls');

describe('a certificate that Postal refuses', () => {
  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate'],
    ['CERT_HAS_EXPIRED', 'certificate has expired'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unable to get local issuer certificate'],
  ])('fails the handshake in mode TLS: %s', (chainError, chainErrorText) => {
    const assessment = assessed(implicit(ip, { chainError, chainErrorText }), 'TLS');
    expect(assessment.verdict.sentence).toContain('will not get in');
    expect(handshake(assessment)).toMatchObject({
      status: 'failed',
      detail: `certificate verify failed (${chainErrorText})`,
    });
    const [{ stages = [] } = {}] = assessment.report.addresses;
    const at = stages.findIndex(({ stage }) => stage === 'tls');
    expect(new Set(stages.slice(at + 1).map(({ status }) => status))).toEqual(new Set(['skipped']));
  });

  it('does not in mode Auto, which verifies nothing', () => {
    expect(handshake(assessed(encrypted(ip, { chainError: 'CERT_HAS_EXPIRED' }), 'Auto'))).toMatchObject({
      status: 'passed',
    });
  });

  it('leaves a good handshake as it is', () => {
    expect(handshake(assessed(implicit(ip), 'TLS'))).toMatchObject({ status: 'passed' });
  });
});
