import type { ProbeReport } from '../../probe-report/report.ts';
import type { Verdict } from '../verdict.ts';
import type { Gauge } from './prometheus-text.ts';
import type { SessionFailure } from './session-failure.ts';

/** What metrics say of one probe, under the labels that name its endpoint. */
export type ProbeGauges = {
  readonly labels: Readonly<Record<string, string>>;
  readonly verdict: Verdict;
  readonly failure: SessionFailure | undefined;
  /** Earliest end of the certificates that were shown; milliseconds since the epoch. */
  readonly certificateExpiresAtMs: number | undefined;
};

/** The earliest end of the certificates that the servers of an endpoint showed; milliseconds since the epoch. */
export const certificateExpiryOf = ({ addresses }: ProbeReport): number | undefined => {
  const ends = addresses.flatMap(({ tls }) => {
    const ms = Date.parse(tls?.certificate?.notAfter ?? '');
    return Number.isNaN(ms) ? [] : [ms];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
};

/** Gauges of probes. What could not be found out has no value, so that no alert rests on it. */
export const probeGauges = (probes: readonly ProbeGauges[]): readonly Gauge[] => [
  {
    name: 'postal_endpoint_up',
    help: 'Whether Postal would get in at this endpoint (1) or not (0), as probed from this machine.',
    samples: probes
      .filter(({ verdict }) => verdict.level !== 'unknown')
      .map(({ labels, verdict }) => ({ labels, value: verdict.level === 'bad' ? 0 : 1 })),
  },
  {
    name: 'postal_endpoint_failure',
    help: 'At which stage of the session, and why, Postal would not get in. Always 1.',
    samples: probes.flatMap(({ labels, failure }) =>
      failure === undefined ? [] : [{ labels: { ...labels, ...failure }, value: 1 }],
    ),
  },
  {
    name: 'postal_endpoint_certificate_expiry_timestamp_seconds',
    help: 'When the first of the certificates shown by this endpoint ends, in seconds since the epoch.',
    samples: probes.flatMap(({ labels, certificateExpiresAtMs: ms }) =>
      ms === undefined ? [] : [{ labels, value: ms / 1000 }],
    ),
  },
];
