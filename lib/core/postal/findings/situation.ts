import type { RecordSet } from '../../dns/record-set.ts';
import type { Definition } from '../../endpoint/definition.ts';
import { parseIpAddress } from '../../endpoint/ip-address.ts';
import type { AddressReport, ProbeReport, Stage, StageFailure, StageName } from '../../probe-report/report.ts';
import { type Encryption, encryptionOf, verifies } from '../encryption.ts';
import type { Prediction } from '../prediction.ts';
import type { PostalProfile } from '../profile.ts';
import type { ReplyCode } from '../replies/reply-code.ts';
import type { FindingCode, ProbeFinding, Severity } from './finding.ts';
import { type Reach, reachOf } from './reach.ts';

/** Input of the findings. `registered` and `inRoute53` (every record set at the hostname) are for drift, where they are known. */
export type FindingsInput = {
  readonly report: ProbeReport;
  readonly prediction: Prediction;
  readonly profile: PostalProfile;
  /** Milliseconds since the epoch, for the dates of certificates. */
  readonly nowMs: number;
  readonly registered?: Definition;
  readonly inRoute53?: readonly RecordSet[];
};

/** An address of the report, and how Postal would deliver there. */
export type JudgedAddress = AddressReport & { readonly reach: Reach };

export type Situation = FindingsInput & {
  readonly addresses: readonly JudgedAddress[];
  /** What Postal's client does about TLS in this mode. */
  readonly encryption: Encryption;
  /** Whether Postal verifies certificates in this mode. */
  readonly verifies: boolean;
  /** Severity of a failure at one address: `critical`, or `warning` if Postal delivers to another address or the prediction is inconclusive. */
  readonly severity: Severity;
};

const canonical = (ip: string): string => parseIpAddress(ip)?.text ?? ip;

/** The reach of each address: from the prediction where Postal would try the address, else from the probe. */
export const judgedAddresses = ({
  report,
  prediction,
  profile,
}: Pick<FindingsInput, 'report' | 'prediction' | 'profile'>): readonly JudgedAddress[] => {
  const { entry } = prediction;
  const encryption = encryptionOf(report.sslMode, profile);
  const attempted = prediction.attemptedIpsInOrder.map(canonical);
  const failedFirst = new Set(
    entry === undefined ? [] : attempted.slice(0, Math.max(0, attempted.lastIndexOf(canonical(entry.ip)))),
  );
  return report.addresses.map((address) => {
    const ip = canonical(address.ip);
    if (entry !== undefined && ip === canonical(entry.ip)) return { ...address, reach: entry.security };
    return { ...address, reach: failedFirst.has(ip) ? 'dead' : reachOf(address, encryption) };
  });
};

export const situationOf = (input: FindingsInput): Situation => {
  const encryption = encryptionOf(input.report.sslMode, input.profile);
  return {
    ...input,
    addresses: judgedAddresses(input),
    encryption,
    verifies: verifies(encryption),
    severity:
      input.prediction.entry === undefined && input.prediction.class !== 'inconclusive' ? 'critical' : 'warning',
  };
};

export const stageOf = ({ stages }: AddressReport, name: StageName): Stage | undefined =>
  stages.find(({ stage }) => stage === name);

export const failedAt = (address: AddressReport, name: StageName): Stage | undefined => {
  const stage = stageOf(address, name);
  return stage?.status === 'failed' ? stage : undefined;
};

/** The addresses at which a stage failed for one of these reasons. */
export const failing = <Address extends AddressReport>(
  addresses: readonly Address[],
  name: StageName,
  ...reasons: readonly StageFailure[]
): readonly Address[] =>
  addresses.filter((address) => {
    const reason = failedAt(address, name)?.reason;
    return reason !== undefined && reasons.includes(reason);
  });

export const ipsOf = (addresses: readonly { readonly ip: string }[]): readonly string[] =>
  addresses.map(({ ip }) => ip);

/** The server's reply at a stage that failed, else the error text of the system. */
export const saidAt = (address: AddressReport | undefined, name: StageName): string => {
  const stage = address === undefined ? undefined : failedAt(address, name);
  return stage?.reply?.lines.join(' ') ?? stage?.detail ?? '';
};

export const finding = (
  code: FindingCode,
  severity: Severity,
  message: string,
  remedy: string,
  reply?: ReplyCode,
): ProbeFinding => ({ code, severity, ...(reply === undefined ? {} : { reply }), message, remedy });
