import { randomUUID } from 'node:crypto';
import { systemClock } from '../adapters/system-clock.ts';
import { type Assessment, assessmentOf } from '../core/postal/assessment.ts';
import { readCheck } from './check-arguments.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkText } from './check-text.ts';
import type { ShellResult } from './shell-result.ts';

/** A finding that is critical counts as much as a verdict that is bad; what could not be told is neither. */
const exitCodeOf = ({ level, findings }: Assessment): ShellResult['exitCode'] => {
  if (level === 'unknown') return 3;
  if (level === 'bad' || findings.some(({ severity }) => severity === 'critical')) return 2;
  return level === 'warning' ? 1 : 0;
};

const asJson = ({ report, prediction, findings }: Assessment, sslMode: string): string => {
  const { hostname, port, startedAt, durationMs, seenFrom, resolution, transaction, addresses } = report;
  return JSON.stringify({
    hostname,
    port,
    sslMode,
    prediction,
    addresses,
    findings,
    resolution,
    transaction,
    seenFrom,
    startedAt,
    durationMs,
  });
};

/**
 * `postal-endpoint check`: one probe from this machine, as Postal would deliver from it, and what Postal will do. Without a policy any address of the name may
 * be probed: it is the operator's own machine.
 */
export const checkInShell = async (args: readonly string[]): Promise<ShellResult> => {
  const { check, json } = readCheck(args, randomUUID());
  const checked = await checkEndpoint(check, systemClock, AbortSignal.timeout(check.deadlineMs));
  if (!checked.ok) return { text: json ? JSON.stringify(checked.failure) : checked.failure.message, exitCode: 3 };
  const assessment = assessmentOf(checked.report, checked.prediction, {
    profile: check.profile,
    nowMs: systemClock.now(),
  });
  return {
    text: json ? asJson(assessment, check.sslMode) : checkText(assessment),
    exitCode: exitCodeOf(assessment),
    isAnswer: true,
  };
};
