import type { AddressReport, ProbeReport } from '../probe-report/report.ts';
import { type Encryption, verifies } from './encryption.ts';

/** A handshake that went well for a probe, which verifies nothing, fails for Postal where it verifies: there Postal stops. */
const seenAt = (address: AddressReport): AddressReport => {
  const { chainError, chainErrorText = chainError } = address.tls?.certificate ?? {};
  if (chainError === undefined) return address;
  const at = address.stages.findIndex(({ stage, status }) => stage === 'tls' && status === 'passed');
  return {
    ...address,
    stages: address.stages.map((stage, index) => {
      if (at === -1 || index < at) return stage;
      return index === at
        ? { ...stage, status: 'failed', detail: `certificate verify failed (${chainErrorText})` }
        : { stage: stage.stage, status: 'skipped', durationMs: 0 };
    }),
  };
};

/** The report with each stage as it goes for Postal, for showing. */
export const seenByPostal = (report: ProbeReport, encryption: Encryption): ProbeReport =>
  verifies(encryption) ? { ...report, addresses: report.addresses.map(seenAt) } : report;
