import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PostalData } from '../../../lib/local/postal/data.ts';
import { runReporter } from '../../../lib/local/postal/reporter.ts';
import { openPostalStore } from '../../../lib/local/postal/store.ts';

const route = { id: 1, serverId: 1, name: 'gitlab', mode: 'Reject', endpointId: null } as const;

test('a report follows a change long before the next one is due, and is repeated where it was not taken', async () => {
  const store = await openPostalStore(undefined);
  const end = new AbortController();
  const sent: PostalData[] = [];
  const logged: string[] = [];
  const reporter = runReporter(
    store,
    async (data) => {
      sent.push(data);
      return sent.length === 2 ? { ok: false, problem: 'no answer' } : { ok: true, reports: 1, octets: 1 };
    },
    (line) => logged.push(line),
    end.signal,
  );
  await expect.poll(() => sent.length).toBe(1);
  // From here on it sleeps.
  await turn();
  store.replace({ ...store.data(), routes: [route] });
  await expect.poll(() => sent.length, { timeout: 15_000 }).toBe(3);
  expect(sent.map(({ routes }) => routes.length)).toEqual([0, 1, 1]);
  expect(logged).toEqual(['a report was not taken: no answer']);
  end.abort();
  await reporter;
});
