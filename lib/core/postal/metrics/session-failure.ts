import { parseIpAddress } from '../../endpoint/ip-address.ts';
import type { AddressReport, ProbeReport, Resolution } from '../../probe-report/report.ts';
import type { Prediction } from '../prediction.ts';
import { verdictOf } from '../verdict.ts';

/** Where it ends for Postal, and why: the labels of a metric, of closed sets. */
export type SessionFailure = { readonly stage: string; readonly reason: string };

const inDns = ({ answers }: Resolution): SessionFailure => {
  const last = answers.at(-1);
  const rcode = last?.rcode === 'NOERROR' ? 'no-address' : last?.rcode?.toLowerCase();
  return { stage: 'dns', reason: last?.reason ?? rcode ?? 'no-address' };
};

const atAddress = ({ stages, further, tls }: AddressReport): SessionFailure | undefined => {
  const sessions = [stages, ...(further ?? []).map((session) => session.stages)];
  const failed = sessions
    .flat()
    .findLast(({ stage, status }) => status === 'failed' && stage !== 'quit' && stage !== 'rset');
  if (failed !== undefined) return { stage: failed.stage, reason: failed.reason ?? 'unknown' };
  return tls?.certificate?.chainError === undefined ? undefined : { stage: 'tls', reason: 'certificate-untrusted' };
};

const canonical = (ip: string): string => parseIpAddress(ip)?.text ?? ip;

/** Where Postal's delivery ends, by what a probe met; undefined where Postal gets in, or nobody can tell. Of several addresses the last that Postal tries counts. */
export const sessionFailureOf = (report: ProbeReport, prediction: Prediction): SessionFailure | undefined => {
  if (verdictOf(prediction).level !== 'bad') return undefined;
  if (prediction.class === 'no_hosts') return inDns(report.resolution);
  if (prediction.class === 'internal_error') return { stage: 'postal', reason: 'internal-error' };
  const last = prediction.attemptedIpsInOrder.at(-1);
  const address = last === undefined ? undefined : report.addresses.find(({ ip }) => canonical(ip) === canonical(last));
  return (address && atAddress(address)) ?? { stage: 'connect', reason: 'unknown' };
};
