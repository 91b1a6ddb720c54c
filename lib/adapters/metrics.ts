/** What is measured, with CloudWatch's unit. Alarms and the dashboard know these names. */
export const metricUnits = {
  /** From the request's arrival in the function until its answer; the function's start is in API Gateway's own Latency. */
  AckTime: 'Milliseconds',
  /** From the front's receipt until a worker begins; first deliveries only, for later ones wait on purpose. */
  QueueAge: 'Milliseconds',
  ChangesApplied: 'Count',
  ChangesFailed: 'Count',
  ChangesInConflict: 'Count',
  ChangesExpired: 'Count',
  ChangesRejected: 'Count',
  ChangesCancelled: 'Count',
  ChangesRefused: 'Count',
  /** Every address greeted as SMTP servers do, and through TLS where that was tried. */
  ProbesPassed: 'Count',
  /** Some addresses did. */
  ProbesPartlyPassed: 'Count',
  /** No address did, or the name has no address. */
  ProbesFailed: 'Count',
  /** The prober itself could not do what it was asked. */
  ProbesNotCarriedOut: 'Count',
  /** Slack did not take, or may not have taken, what it was told. */
  SlackFailures: 'Count',
  /** A destination besides Slack did not take an incident, or may not have. */
  DestinationFailures: 'Count',
  /** Another worker had written the entry's place in the ledger meanwhile. */
  LedgerConflicts: 'Count',
  /** Of a whole round of watch, recorded when it ends well: no value, no watch. */
  WatchRoundTime: 'Milliseconds',
  EndpointsUp: 'Count',
  EndpointsDegraded: 'Count',
  EndpointsDown: 'Count',
  /** Those of them whose alerts are not muted: an alarm goes by it, which does not need Slack. */
  EndpointsDownUnmuted: 'Count',
  EndpointsPlaintext: 'Count',
  EndpointsDrifted: 'Count',
  EndpointsInconclusive: 'Count',
} as const;

export type MetricName = keyof typeof metricUnits;

/** Values of one moment. */
export type Measured = Readonly<Partial<Record<MetricName, number>>>;

/** Port to whatever keeps measurements. */
export interface Metrics {
  record(measured: Measured): void;
}

/** CloudWatch's namespace of every metric here. */
export const metricNamespace = 'postal-endpoint';

/** The only dimension, as AWS's own metrics of a function have it: the deployed name tells service, stage and function. */
export const metricDimension = 'FunctionName';

const names = Object.keys(metricUnits).filter((name): name is MetricName => name in metricUnits);

/** One line of CloudWatch's embedded metric format, without its end: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export const embeddedMetrics = (measured: Measured, functionName: string, atMs: number): string => {
  const present = names.filter((name) => measured[name] !== undefined);
  return JSON.stringify({
    _aws: {
      Timestamp: atMs,
      CloudWatchMetrics: [
        {
          Namespace: metricNamespace,
          Dimensions: [[metricDimension]],
          Metrics: present.map((name) => ({ Name: name, Unit: metricUnits[name] })),
        },
      ],
    },
    [metricDimension]: functionName,
    ...Object.fromEntries(present.map((name) => [name, measured[name]])),
  });
};

/** Metrics as lines on standard output, of which CloudWatch Logs makes metrics: no call, no waiting. */
export const embeddedMetricsWriter = ({
  functionName,
  now,
  write = (line) => void process.stdout.write(line),
}: {
  readonly functionName: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly write?: (line: string) => void;
}): Metrics => ({ record: (measured) => write(`${embeddedMetrics(measured, functionName, now())}\n`) });
