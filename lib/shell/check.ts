import { randomUUID } from 'node:crypto';
import { systemClock } from '../adapters/system-clock.ts';
import { type Assessment, assessmentOf } from '../core/postal/assessment.ts';
import { certificateExpiryOf, probeGauges } from '../core/postal/metrics/probe-gauges.ts';
import { prometheusText } from '../core/postal/metrics/prometheus-text.ts';
import { sessionFailureOf } from '../core/postal/metrics/session-failure.ts';
import { readCheck } from './check-arguments.ts';
import { checkEndpoint, type EndpointCheck } from './check-endpoint.ts';
import { checkJson } from './check-json.ts';
import { checkText } from './check-text.ts';
import type { ShellResult } from './shell-result.ts';

/** A critical finding counts as a bad verdict does; an unknown verdict counts as neither. */
const exitCodeOf = ({ level, findings }: Assessment): ShellResult['exitCode'] => {
  if (level === 'unknown') return 3;
  if (level === 'bad' || findings.some(({ severity }) => severity === 'critical')) return 2;
  return level === 'warning' ? 1 : 0;
};

const asMetrics = (
  { report, prediction, verdict }: Assessment,
  { hostname, port, sslMode }: Pick<EndpointCheck, 'hostname' | 'port' | 'sslMode'>,
): string =>
  prometheusText(
    probeGauges([
      {
        labels: { hostname, port: String(port ?? 25), ssl_mode: sslMode },
        verdict,
        failure: sessionFailureOf(report, prediction),
        certificateExpiresAtMs: certificateExpiryOf(report),
      },
    ]),
  );

/**
 * `postal-endpoint check`: one probe from this machine, as Postal would deliver from it, and what Postal will do. Without a policy any address of the name may
 * be probed: it is the operator's own machine.
 */
export const checkInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { check, output } = readCheck(args, randomUUID());
  const checked = await checkEndpoint(check, systemClock, AbortSignal.timeout(check.deadlineMs));
  if (!checked.ok)
    return { text: output === 'json' ? JSON.stringify(checked.failure) : checked.failure.message, exitCode: 3 };
  const assessment = assessmentOf(checked.report, checked.prediction, {
    profile: check.profile,
    nowMs: systemClock.now(),
  });
  const exitCode = exitCodeOf(assessment);
  switch (output) {
    case 'text':
      return { text: checkText(assessment), exitCode, isAnswer: true };
    case 'json':
      return { text: checkJson(assessment, check.sslMode), exitCode, isAnswer: true };
    case 'prometheus':
      return { text: asMetrics(assessment, check), exitCode: 0, isAnswer: true };
  }
};
