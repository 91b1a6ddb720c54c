import type { FindingCode, ProbeFinding } from '../findings/finding.ts';
import type { AuditFinding, AuditFindingCode } from './finding.ts';

/** What a probe says in its own words where the audit has said it already. */
const sameMatter: ReadonlyMap<FindingCode, AuditFindingCode> = new Map([
  ['hostname-is-ip', 'ip-literal'],
  ['dns-nxdomain', 'dead-name'],
  ['dns-no-address', 'dead-name'],
  ['port-mode-swapped', 'port-mode-swapped'],
  ['ssl-mode-starttls', 'starttls-plaintext'],
]);

/** The findings of a probe without those that say the same as a finding of the audit. */
export const withoutRepeats = (
  probe: readonly ProbeFinding[],
  audit: readonly AuditFinding[],
): readonly ProbeFinding[] => {
  const said = new Set(audit.map(({ code }) => code));
  return probe.filter(({ code }) => !said.has(sameMatter.get(code) ?? ''));
};
