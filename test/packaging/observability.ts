import { expect, test } from 'vitest';
import * as z from 'zod';
import { type MetricName, metricDimension, metricNamespace, metricUnits } from '../../lib/adapters/metrics.ts';
import { type Packaged, resourceIn } from './packaged.ts';
import { resolved } from './resolved.ts';

type Series = {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
};

/** Metrics that AWS emits by itself, with the dimension under which it does, as its documentation lists them. */
const awsMetrics: Readonly<Record<string, { readonly dimension: string; readonly names: readonly string[] }>> = {
  'AWS/Lambda': { dimension: 'FunctionName', names: ['Errors', 'Throttles', 'Duration', 'Invocations'] },
  'AWS/SQS': {
    dimension: 'QueueName',
    names: [
      'ApproximateNumberOfMessagesVisible',
      'ApproximateNumberOfMessagesNotVisible',
      'ApproximateAgeOfOldestMessage',
    ],
  },
  'AWS/ApiGateway': { dimension: 'ApiId', names: ['Latency', 'IntegrationLatency', 'Count', '4xx', '5xx'] },
};

/** Which functions record which metrics of ours. */
export const recordedBy: Readonly<Record<MetricName, readonly string[]>> = {
  AckTime: ['slack'],
  QueueAge: ['worker'],
  ChangesApplied: ['worker'],
  ChangesFailed: ['worker'],
  ChangesInConflict: ['worker'],
  ChangesExpired: ['worker'],
  ChangesRejected: ['worker'],
  ChangesCancelled: ['worker'],
  ChangesRefused: ['worker'],
  ProbesPassed: ['prober'],
  ProbesPartlyPassed: ['prober'],
  ProbesFailed: ['prober'],
  ProbesNotCarriedOut: ['prober'],
  SlackFailures: ['slack', 'worker'],
  DestinationFailures: ['worker'],
  LedgerConflicts: ['worker'],
  WatchRoundTime: ['watch'],
  EndpointsUp: ['watch'],
  EndpointsDegraded: ['watch'],
  EndpointsDown: ['watch'],
  EndpointsDownUnmuted: ['watch'],
  EndpointsPlaintext: ['watch'],
  EndpointsDrifted: ['watch'],
  EndpointsInconclusive: ['watch'],
};

const metricSchema = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })),
});
const alarmSchema = z.union([
  metricSchema,
  z.object({
    Metrics: z.array(z.object({ Id: z.string(), MetricStat: z.object({ Metric: metricSchema }).optional() })),
  }),
]);

const series = ({ Namespace, MetricName, Dimensions }: z.infer<typeof metricSchema>): Series => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
});

const alarmsIn = (
  packaged: Packaged,
): readonly (readonly [name: string, properties: Readonly<Record<string, unknown>>])[] =>
  Object.entries(packaged.resources).flatMap(([name, { Type, Properties }]) =>
    Type === 'AWS::CloudWatch::Alarm'
      ? [
          [
            name,
            Object.fromEntries(Object.entries(Properties).map(([key, value]) => [key, resolved(packaged, value)])),
          ] as const,
        ]
      : [],
  );

const watchedBy = (properties: unknown): readonly Series[] => {
  const alarm = alarmSchema.parse(properties);
  return 'Metrics' in alarm
    ? alarm.Metrics.flatMap(({ MetricStat }) => (MetricStat ? [series(MetricStat.Metric)] : []))
    : [series(alarm)];
};

const pair = z.union([z.object({}), z.string()]);
const dashboardSchema = z.object({
  widgets: z.array(
    z.object({
      properties: z.object({ metrics: z.array(z.array(pair)).optional(), alarms: z.array(z.string()).optional() }),
    }),
  ),
});

const dashboardOf = (packaged: Packaged): z.infer<typeof dashboardSchema> =>
  dashboardSchema.parse(
    JSON.parse(String(resolved(packaged, resourceIn(packaged, 'Dashboard').Properties['DashboardBody']))),
  );

const drawnOn = (packaged: Packaged): readonly Series[] =>
  dashboardOf(packaged)
    .widgets.flatMap(({ properties }) => properties.metrics ?? [])
    .map((row) => {
      const [namespace = '', name = '', dimension = '', value = ''] = row.filter((each) => typeof each === 'string');
      return { namespace, name, dimensions: { [dimension]: value } };
    });

/** Who there is that could emit something: functions, queues and the API, by their deployed names. */
const emittersIn = (packaged: Packaged): ReadonlySet<string> =>
  new Set([
    'HttpApi',
    ...Object.values(packaged.resources).flatMap(({ Properties }) =>
      [Properties['FunctionName'], Properties['QueueName']].filter((name) => typeof name === 'string'),
    ),
  ]);

const isOurs = (name: string): name is MetricName => Object.hasOwn(metricUnits, name);

/** Why nobody emits it, or undefined when someone does. */
const whyNot = ({ namespace, name, dimensions }: Series, emitters: ReadonlySet<string>): string | undefined => {
  const [[dimension, value] = ['', '']] = Object.entries(dimensions);
  const known =
    namespace === metricNamespace
      ? { dimension: metricDimension, names: Object.keys(metricUnits) }
      : awsMetrics[namespace];
  if (!known?.names.includes(name)) return `${namespace} knows no ${name}`;
  if (Object.keys(dimensions).length !== 1 || dimension !== known.dimension)
    return `${namespace} ${name} comes by ${known.dimension}, not by ${dimension}`;
  if (!emitters.has(value)) return `there is no ${dimension} ${value}`;
  const isRecorded =
    !isOurs(name) || namespace !== metricNamespace || recordedBy[name].some((each) => value.endsWith(`-${each}`));
  return isRecorded ? undefined : `${value} records no ${name}`;
};

/** Holds alarms and dashboard against what is really emitted. */
export const observabilityTests = (packaged: () => Packaged): void => {
  test('every alarm and every graph is of a metric that someone emits', () => {
    const emitters = emittersIn(packaged());
    const all = [...alarmsIn(packaged()).flatMap(([, properties]) => watchedBy(properties)), ...drawnOn(packaged())];
    expect(all.flatMap((each) => whyNot(each, emitters) ?? [])).toEqual([]);
    expect(all.length).toBeGreaterThan(30);
  });

  test('every metric of ours is on the dashboard', () => {
    const drawn = new Set(drawnOn(packaged()).map(({ name }) => name));
    expect(Object.keys(metricUnits).filter((name) => !drawn.has(name))).toEqual([]);
  });

  test('alarms ring when the dead-letter queue is not empty, commands wait, Slack waits, a function fails, Slack fails, the ledger is contended', () => {
    expect(
      alarmsIn(packaged())
        .flatMap(([name, properties]) => watchedBy(properties).map((each) => `${name}: ${each.name}`))
        .toSorted(),
    ).toEqual([
      'AckAlarm: Latency',
      'DeadLettersAlarm: ApproximateNumberOfMessagesNotVisible',
      'DeadLettersAlarm: ApproximateNumberOfMessagesVisible',
      'DestinationFailuresAlarm: DestinationFailures',
      'EndpointsDownAlarm: EndpointsDownUnmuted',
      'LedgerConflictsAlarm: LedgerConflicts',
      'OldestMessageAlarm: ApproximateAgeOfOldestMessage',
      'PostalDeadLettersAlarm: ApproximateNumberOfMessagesVisible',
      'PostalErrorsAlarm: Errors',
      'PostalFactsErrorsAlarm: Errors',
      'PostalThrottlesAlarm: Throttles',
      'ProberErrorsAlarm: Errors',
      'ProberThrottlesAlarm: Throttles',
      'ServerErrorAlarm: 5xx',
      'SlackErrorsAlarm: Errors',
      'SlackFailuresAlarm: SlackFailures',
      'SlackThrottlesAlarm: Throttles',
      'WatchErrorsAlarm: Errors',
      'WatchSilentAlarm: WatchRoundTime',
      'WorkerErrorsAlarm: Errors',
      'WorkerThrottlesAlarm: Throttles',
    ]);
  });

  test('a silent watch is an alarm, and silence of the others is none', () => {
    for (const [name, { TreatMissingData }] of alarmsIn(packaged())) {
      expect({ name, TreatMissingData }).toEqual({
        name,
        TreatMissingData: name === 'WatchSilentAlarm' ? 'breaching' : 'notBreaching',
      });
    }
  });

  test('every alarm tells the topic, says what to do, and stands on the dashboard', () => {
    const shown = new Set(dashboardOf(packaged()).widgets.flatMap(({ properties }) => properties.alarms ?? []));
    for (const [name, properties] of alarmsIn(packaged())) {
      expect(properties['AlarmActions']).toHaveLength(1);
      expect(String(properties['AlarmDescription'])).toMatch(/^.{40,}\.$/);
      expect([...shown], name).toContain(resolved(packaged(), { 'Fn::GetAtt': [name, 'Arn'] }));
    }
  });
};
