import { expect, it } from 'vitest';
import { meteredMessenger } from '../../../lib/adapters/slack/metered-messenger.ts';
import { createMemoryMessenger } from '../../support/memory-messenger.ts';
import { recordingMetrics } from '../../support/recording-metrics.ts';

it('counts what Slack does not take, and passes everything on', async () => {
  const metrics = recordingMetrics();
  const memory = createMemoryMessenger(() => 0, ['C0ONE']);
  const messenger = meteredMessenger(memory, metrics);
  const signal = new AbortController().signal;
  const message = { text: 'hello', blocks: [] };
  const metadata = { event_type: 'test', event_payload: {} };
  expect((await messenger.post('C0ONE', message, metadata, signal)).ok).toBe(true);
  expect(memory.posts).toHaveLength(1);
  expect(metrics.recorded).toEqual([]);
  memory.trouble.push({ kind: 'unreachable', message: 'reset' });
  expect((await messenger.post('C0ONE', message, metadata, signal)).ok).toBe(false);
  expect((await messenger.edit('C0NONE', '1.1', message, signal)).ok).toBe(false);
  expect(metrics.recorded).toEqual([{ SlackFailures: 1 }, { SlackFailures: 1 }]);
});
