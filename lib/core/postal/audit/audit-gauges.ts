import { severities } from '../findings/finding.ts';
import { probeGauges } from '../metrics/probe-gauges.ts';
import type { Gauge } from '../metrics/prometheus-text.ts';
import { type Audit, type AuditedEndpoint, allFindings } from './audit.ts';

const labelsOf = ({
  subject: { endpoint, server, hostname, port },
}: AuditedEndpoint): Readonly<Record<string, string>> => ({
  server: server.name,
  endpoint: endpoint.name,
  endpoint_id: String(endpoint.id),
  hostname,
  port: String(port),
});

/** An audit as gauges: by endpoint what a probe met, what waits and since when deliveries fail; in all, how many findings. */
export const auditGauges = (audit: Audit): readonly Gauge[] => {
  const { endpoints } = audit;
  const probes = endpoints.flatMap((endpoint) =>
    endpoint.probed?.ok
      ? [
          {
            labels: labelsOf(endpoint),
            verdict: endpoint.probed.verdict,
            failure: endpoint.probed.failure,
            certificateExpiresAtMs: endpoint.probed.certificateExpiresAtMs,
          },
        ]
      : [],
  );
  const found = allFindings(audit);
  return [
    ...probeGauges(probes),
    {
      name: 'postal_endpoint_waiting_messages',
      help: 'Messages that wait in the queue of Postal for this endpoint.',
      samples: endpoints.map((endpoint) => ({ labels: labelsOf(endpoint), value: endpoint.subject.waiting.count })),
    },
    {
      name: 'postal_endpoint_failing',
      help: 'Whether deliveries of Postal to this endpoint fail now (1) or not (0).',
      samples: endpoints.map((endpoint) => ({
        labels: labelsOf(endpoint),
        value: endpoint.subject.failingNow ? 1 : 0,
      })),
    },
    {
      name: 'postal_endpoint_failing_since_timestamp_seconds',
      help: 'When the first delivery after the last that succeeded failed, in seconds since the epoch. Only where deliveries fail now.',
      samples: endpoints.flatMap((endpoint) => {
        const ms = endpoint.subject.deliveries?.failingSinceMs ?? null;
        return ms === null ? [] : [{ labels: labelsOf(endpoint), value: ms / 1000 }];
      }),
    },
    {
      name: 'postal_endpoint_findings',
      help: 'Findings of the audit by severity.',
      samples: severities.map((severity) => ({
        labels: { severity },
        value: found.filter((finding) => finding.severity === severity).length,
      })),
    },
  ];
};
