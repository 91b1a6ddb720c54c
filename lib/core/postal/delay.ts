import type { ProbeReport, Stage } from '../probe-report/report.ts';
import type { PostalProfile } from './profile.ts';

/** How long Postal waits at a stage that ends without an answer. */
const waitedAt = (
  { stage, reason, asRead }: Stage,
  { openTimeoutSeconds, readTimeoutSeconds }: PostalProfile,
): number => {
  if (reason !== 'timeout' && reason !== 'slow' && asRead?.ended !== 'timeout' && asRead?.ended !== 'slow') return 0;
  return stage === 'connect' || stage === 'tls' ? openTimeoutSeconds : readTimeoutSeconds;
};

const leave = new Set(['rset', 'quit']);

/** Seconds that Postal waits in vain for nameservers, and for the addresses that it tries before the one on which it settles. */
export const delaySecondsOf = (report: ProbeReport, failed: readonly string[], profile: PostalProfile): number => {
  const dnsMs = report.resolution.answers.reduce(
    (sum, { rcode, durationMs }) => sum + (rcode === undefined ? durationMs : 0),
    0,
  );
  const seconds = [...new Set(failed)].reduce((sum, ip) => {
    const stages =
      report.addresses.find((address) => address.ip === ip)?.stages.filter(({ stage }) => !leave.has(stage)) ?? [];
    return sum + Math.max(0, ...stages.map((stage) => waitedAt(stage, profile)));
  }, 0);
  return Math.round(dnsMs / 100) / 10 + seconds;
};
