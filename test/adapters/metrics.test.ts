import { describe, expect, it } from 'vitest';
import { embeddedMetrics, embeddedMetricsWriter } from '../../lib/adapters/metrics.ts';

describe('embedded metrics', () => {
  it('are one line in the form that CloudWatch makes metrics of', () => {
    expect(
      JSON.parse(
        embeddedMetrics(
          { EndpointsUp: 3, WatchRoundTime: 1250 },
          'postal-endpoint-production-watch',
          1_772_460_000_000,
        ),
      ),
    ).toEqual({
      _aws: {
        Timestamp: 1_772_460_000_000,
        CloudWatchMetrics: [
          {
            Namespace: 'postal-endpoint',
            Dimensions: [['FunctionName']],
            Metrics: [
              { Name: 'WatchRoundTime', Unit: 'Milliseconds' },
              { Name: 'EndpointsUp', Unit: 'Count' },
            ],
          },
        ],
      },
      FunctionName: 'postal-endpoint-production-watch',
      WatchRoundTime: 1250,
      EndpointsUp: 3,
    });
  });

  it('keep a zero, and leave out what was not measured', () => {
    expect(JSON.parse(embeddedMetrics({ EndpointsDown: 0 }, 'watch', 0))).toMatchObject({
      EndpointsDown: 0,
      _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'EndpointsDown' }] }] },
    });
  });

  it('are written a line each', () => {
    const lines: string[] = [];
    const metrics = embeddedMetricsWriter({
      functionName: 'worker',
      now: () => 7,
      write: (line) => void lines.push(line),
    });
    metrics.record({ SlackFailures: 1 });
    metrics.record({ QueueAge: 40 });
    expect(
      lines.map((line) => [line.endsWith('}\n'), line.trimEnd().includes('\n'), JSON.parse(line)._aws.Timestamp]),
    ).toEqual([
      [true, false, 7],
      [true, false, 7],
    ]);
  });
});
