import type { Severity } from '../findings/finding.ts';

/** What an audit finds without probing. */
export const auditFindingCodes = [
  'ip-literal',
  'dead-name',
  'fails-now',
  'server-suspended',
  'route-dangling',
  'pending-not-queued',
  'stuck-lock',
  'starttls-plaintext',
  'ssl-mode-missing',
  'port-out-of-range',
  'drift-ssl-mode',
  'drift-port',
  'port-mode-swapped',
  'delivers-plaintext',
  'unregistered',
  'server-development',
  'never-delivered',
  'route-rejects',
  'duplicate',
  'unused',
] as const;
export type AuditFindingCode = (typeof auditFindingCodes)[number];

export const auditSeverities: Readonly<Record<AuditFindingCode, Severity>> = {
  'ip-literal': 'critical',
  'dead-name': 'critical',
  'fails-now': 'critical',
  'server-suspended': 'critical',
  'route-dangling': 'critical',
  'pending-not-queued': 'critical',
  'stuck-lock': 'critical',
  'starttls-plaintext': 'critical',
  'ssl-mode-missing': 'critical',
  'port-out-of-range': 'critical',
  'drift-ssl-mode': 'warning',
  'drift-port': 'warning',
  'port-mode-swapped': 'warning',
  'delivers-plaintext': 'warning',
  unregistered: 'warning',
  'server-development': 'warning',
  'never-delivered': 'warning',
  'route-rejects': 'warning',
  duplicate: 'info',
  unused: 'info',
};

/** What an administrator of Postal may have to do something about. All text is plain; names in it are Postal's. */
export type AuditFinding = {
  /** One of `auditFindingCodes`, or a code of the probe's findings. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, with its values. */
  readonly message: string;
  /** What to do, and where in Postal. */
  readonly remedy: string;
};

export const auditFinding = (code: AuditFindingCode, message: string, remedy: string): AuditFinding => ({
  code,
  severity: auditSeverities[code],
  message,
  remedy,
});
