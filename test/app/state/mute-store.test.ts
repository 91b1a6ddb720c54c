import { describe, expect, it } from 'vitest';
import { projectionsOf } from '../../../lib/app/rebuild/from-ledger.ts';
import { listMutes, mutesIn } from '../../../lib/app/state/mute-store.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const signal = new AbortController().signal;

describe('mutes', () => {
  it('can be had back from the ledger, without those that were ended or are over', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    for (const line of [
      `mute ${host} 3h`,
      `unmute ${host}`,
      `mute ${host} 10m`,
      `mute ${host} 2h --from 1d --reason "new rack"`,
    ])
      await worker.say(line);
    await worker.clock.advance(15 * 60_000);
    const entries = await worker.ports.ledger.read(host, signal);
    const now = worker.clock.now();
    const kept = await listMutes(worker.ports.state, signal);
    expect(kept).toMatchObject([{ hostname: host, reason: 'new rack' }]);
    expect(mutesIn(entries, now)).toEqual(kept);
    const projection = projectionsOf([entries], [], now).find(({ collection }) => collection === 'mutes');
    expect(projection?.items).toEqual(await worker.ports.state.list('mutes', signal));
  });
});
