import { createProber, type ProberSettings } from '../adapters/probe/prober.ts';
import type { Clock } from '../core/base/clock.ts';
import { sslModes } from '../core/endpoint/definition.ts';
import { connectPortOf } from '../core/postal/connect-port.ts';
import { encryptionOf } from '../core/postal/encryption.ts';
import { predict } from '../core/postal/predict.ts';
import type { Prediction } from '../core/postal/prediction.ts';
import type { PostalProfile } from '../core/postal/profile.ts';
import type { ProbeFailure, ProbeReport, Prober } from '../core/probe-report/report.ts';

/** The endpoint as entered in Postal, and the Postal that would use it. */
export type EndpointCheck = Pick<ProberSettings, 'policy' | 'ca' | 'message'> & {
  readonly hostname: string;
  /** As typed; `null`: blank. */
  readonly port: number | string | null;
  readonly sslMode: string;
  readonly profile: PostalProfile;
  readonly requestId: string;
  readonly deadlineMs: number;
  readonly recipient?: string;
  readonly mailFrom?: string;
  readonly deliver?: boolean;
};

export type EndpointChecked =
  | { readonly ok: true; readonly report: ProbeReport; readonly prediction: Prediction }
  | { readonly ok: false; readonly failure: ProbeFailure };

/** The prober of this machine, with Postal's own patience. */
export const shellProber = (
  {
    profile,
    policy,
    ca,
    message,
    encryption,
  }: Pick<ProberSettings, 'policy' | 'ca' | 'message' | 'profile' | 'encryption'>,
  clock: Clock,
): Prober =>
  createProber({
    profile,
    clock,
    connectBudgetMs: profile.openTimeoutSeconds * 1000,
    replyBudgetMs: profile.readTimeoutSeconds * 1000,
    ...(encryption && { encryption }),
    ...(policy && { policy }),
    ...(ca !== undefined && { ca }),
    ...(message !== undefined && { message }),
  });

/** Probes one endpoint from here as Postal would use it, with Postal's own patience, and says what Postal will do. Never rejects but for bugs. */
export const checkEndpoint = async (
  check: EndpointCheck,
  clock: Clock,
  signal: AbortSignal,
  prober: Prober = shellProber({ ...check, encryption: encryptionOf(check.sslMode, check.profile) }, clock),
): Promise<EndpointChecked> => {
  const { hostname, port, sslMode, profile, requestId, deadlineMs, recipient, mailFrom, deliver } = check;
  const request = {
    requestId,
    hostname,
    port: connectPortOf(port) ?? 0,
    // A mode that Postal does not have is met as what it makes Postal's client do.
    sslMode:
      sslModes.find((mode) => mode === sslMode) ??
      (encryptionOf(sslMode, profile) === 'required' ? 'STARTTLS' : 'None'),
    recordTypes: ['AAAA', 'A'] as const,
    deadlineMs,
    ...(recipient !== undefined && { recipient }),
    ...(mailFrom !== undefined && { mailFrom }),
    ...(deliver !== undefined && { deliver }),
  };
  const result = await prober.probe(request, signal);
  if (!result.ok) return result;
  const { report } = result;
  return { ok: true, report, prediction: predict(report, { hostname, port, sslMode, profile }) };
};
