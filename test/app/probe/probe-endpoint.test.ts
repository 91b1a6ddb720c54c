import { expect, it } from 'vitest';
import { probeEndpoint } from '../../../lib/app/probe/probe-endpoint.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const endpoint = {
  requestId: 'r',
  hostname: 'gitlab.mail.corp.internal',
  port: 25,
  sslMode: 'Auto',
  recordTypes: ['A'],
} as const;

it('ends a prober that hangs while there is still time to tell people', async () => {
  const clock = createManualClock();
  const deadline = { atMs: clock.now() + 3_000, signal: new AbortController().signal };
  const result = await probeEndpoint(
    {
      clock,
      prober: {
        probe: (_, signal) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () =>
              resolve({ ok: false, failure: { kind: 'timeout', message: 'ended' } }),
            );
          }),
      },
    },
    endpoint,
    deadline,
  );
  expect(result).toMatchObject({ ok: false, failure: { kind: 'timeout' } });
  expect(deadline.signal.aborted).toBe(false);
});
