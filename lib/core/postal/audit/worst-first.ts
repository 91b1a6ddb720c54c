import { severities } from '../findings/finding.ts';
import type { AuditedEndpoint } from './audit.ts';
import type { AuditFinding } from './finding.ts';

/** The severity of the worst finding, or that there is none. */
export type AuditLevel = (typeof severities)[number] | 'fine';

/** Worst first. */
export const auditLevels: readonly AuditLevel[] = [...severities, 'fine'];

export const levelOf = (findings: readonly AuditFinding[]): AuditLevel =>
  severities.find((severity) => findings.some((finding) => finding.severity === severity)) ?? 'fine';

/** Worst first; of equal severity what fails now, then what has the most mail waiting. */
export const worstFirst = (one: AuditedEndpoint, other: AuditedEndpoint): number =>
  auditLevels.indexOf(levelOf(one.findings)) - auditLevels.indexOf(levelOf(other.findings)) ||
  Number(other.subject.failingNow) - Number(one.subject.failingNow) ||
  other.subject.waiting.count - one.subject.waiting.count ||
  one.subject.endpoint.id - other.subject.endpoint.id;
