import type { RecordSet } from '../dns/record-set.ts';
import type { Definition } from '../endpoint/definition.ts';
import type { ProbeFailure, ProbeReport } from '../probe-report/report.ts';
import { encryptionOf } from './encryption.ts';
import type { ProbeFinding } from './findings/finding.ts';
import { findingsOf } from './findings/findings.ts';
import { type JudgedAddress, judgedAddresses } from './findings/situation.ts';
import type { Prediction } from './prediction.ts';
import type { PostalProfile } from './profile.ts';
import { seenByPostal } from './seen-by-postal.ts';
import { type Verdict, type VerdictLevel, verdictOf } from './verdict.ts';

/** What besides the probe itself bears on what it means. */
export type AssessContext = {
  readonly profile: PostalProfile;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** What is registered, and what Route 53 holds at the name; with both, drift is found. */
  readonly registered?: Definition;
  readonly inRoute53?: readonly RecordSet[];
};

/** A report with everything that follows from it. */
export type Assessment = {
  /** With its stages as they go for Postal. */
  readonly report: ProbeReport;
  readonly prediction: Prediction;
  readonly verdict: Verdict;
  /** The verdict's, and `warning` for a good one with findings that want someone. */
  readonly level: VerdictLevel;
  /** What to do first stands first. */
  readonly findings: readonly ProbeFinding[];
  /** In Postal's order. */
  readonly addresses: readonly JudgedAddress[];
};

/** A probe as it is shown: what follows from it, or why there was none. */
export type Assessed =
  | { readonly ok: true; readonly assessment: Assessment }
  | { readonly ok: false; readonly failure: ProbeFailure };

const levelOf = (verdict: Verdict, findings: readonly ProbeFinding[]): VerdictLevel =>
  verdict.level === 'good' && findings.some(({ severity }) => severity !== 'info') ? 'warning' : verdict.level;

/** What follows from a report under a given prediction. */
export const assessmentOf = (report: ProbeReport, prediction: Prediction, context: AssessContext): Assessment => {
  const verdict = verdictOf(prediction);
  const findings = findingsOf({ report, prediction, ...context });
  return {
    report: seenByPostal(report, encryptionOf(report.sslMode, context.profile)),
    prediction,
    verdict,
    findings,
    level: levelOf(verdict, findings),
    addresses: judgedAddresses({ report, prediction, ...context }),
  };
};
