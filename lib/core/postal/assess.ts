import type { ProbeResult } from '../probe-report/report.ts';
import { type AssessContext, type Assessed, assessmentOf } from './assessment.ts';
import { predict } from './predict.ts';

/** What a probe of the prober means, which is beside Postal and not in its place: prediction, verdict and findings. */
export const assess = (result: ProbeResult, context: AssessContext): Assessed => {
  if (!result.ok) return result;
  const { report } = result;
  const { hostname, port, sslMode } = report;
  const prediction = predict(report, { hostname, port, sslMode, profile: context.profile, seenFromElsewhere: true });
  return { ok: true, assessment: assessmentOf(report, prediction, context) };
};
