import { describe, expect, it } from 'vitest';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { sameRecordSets } from '../../../lib/core/dns/record-set.ts';
import { verifyChain } from '../../../lib/core/ledger/chain.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { adding, addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';
import { zoneId } from '../../support/memory-ports.ts';

const { signal } = new AbortController();

describe('a bulk that is confirmed', () => {
  it('applies every name as an ordinary change, with few batches and one audit message', async () => {
    const { ports, ask, press, bulk, bulkId, records, kinds, ledger, messenger, zones } = bulkUnderTest();
    let writes = 0;
    const { submit } = ports.zones;
    Object.assign(ports.zones, {
      submit: (...given: Parameters<typeof submit>) => {
        writes += 1;
        return submit(...given);
      },
    });
    await ask(importing(addingMany(40)));
    await press('Apply 40');
    const closed = await bulk();
    expect(closed?.state).toBe('closed');
    expect([...(closed?.outcomes.values() ?? [])].map(({ state }) => state)).toEqual(Array(40).fill('applied'));
    expect(writes).toBe(1);
    expect(await kinds('n7.corp.internal')).toEqual(['requested', 'applying', 'applied']);
    const part = closed?.parts[7];
    expect(sameRecordSets(await records('n7.corp.internal'), part?.plan.after ?? [])).toBe(true);
    const change = fold(await ledger.read('n7.corp.internal', signal)).changes.get(part?.changeId ?? '');
    expect(change?.partOf).toBe(bulkId);
    expect(closed?.outcomes.get(part?.changeId ?? '')?.hash).toBe(change?.lastHash);
    expect(verifyChain(await ledger.read(bulkStream(bulkId), signal), bulkStream(bulkId)).ok).toBe(true);
    const audit = messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT');
    expect(audit).toHaveLength(1);
    expect(audit[0]?.message.text).toContain(closed?.closingHash);
    expect((await ports.state.list('directory', signal)).length).toBe(40);
    expect(zones.list()[0]?.recordSets.size).toBe(40 * 2 + 2);
  });

  it('leaves alone what somebody else has made since, names it, and offers a retry', async () => {
    const { ask, press, bulk, bulkId, zones, records, button } = bulkUnderTest();
    await ask(importing(addingMany(5)));
    zones.put(zoneId, [{ name: 'n3.corp.internal', type: 'A', ttlSeconds: 300, values: ['10.9.9.9'] }]);
    await press('Apply 5');
    const closed = await bulk();
    expect([...(closed?.outcomes.values() ?? [])].map(({ state }) => state)).toEqual([
      'applied',
      'applied',
      'applied',
      'conflict',
      'applied',
    ]);
    expect(await records('n3.corp.internal')).toHaveLength(1);
    expect(button('Retry what failed')).toBe(`bulk ${bulkId} --retry`);
    expect(button('Undo all')).toBe(`undo ${bulkId}`);
  });

  it('takes out of a batch the names that Route 53 refuses, and sends the rest', async () => {
    const { ports, ask, press, bulk, zones } = bulkUnderTest();
    await ask(importing(addingMany(6)));
    const { submit } = ports.zones;
    const sizes: number[] = [];
    Object.assign(ports.zones, {
      submit: (...given: Parameters<typeof submit>) => {
        // Between the listing and the batch.
        if (sizes.length === 0)
          for (const name of ['n1.corp.internal', 'n4.corp.internal'])
            zones.put(zoneId, [{ name, type: 'A', ttlSeconds: 300, values: ['10.9.9.9'] }]);
        sizes.push(given[1].length);
        return submit(...given);
      },
    });
    await press('Apply 6');
    expect(sizes).toEqual([12, 8]);
    const closed = await bulk();
    expect([...(closed?.outcomes.values() ?? [])].map(({ state }) => state)).toEqual([
      'applied',
      'conflict',
      'applied',
      'applied',
      'conflict',
      'applied',
    ]);
  });

  it('is done in slices, each a message of its own', async () => {
    const { ports, ask, press, bulk, clock } = bulkUnderTest({
      policy: { bulk: { names: 1000, share: { of: 1, atLeast: 10 }, planMinutes: 60 } },
    });
    await ask(importing(addingMany(500)));
    const { submit } = ports.zones;
    let batches = 0;
    Object.assign(ports.zones, {
      submit: async (...given: Parameters<typeof submit>) => {
        batches += 1;
        // A slow Route 53.
        await clock.advance(40_000);
        return submit(...given);
      },
    });
    await press('Apply 500');
    expect(batches).toBe(3);
    expect((await bulk())?.state).toBe('closed');
    expect((await bulk())?.outcomes.size).toBe(500);
  });
});

describe('a bulk that needs others', () => {
  const policy = {
    bulk: { names: 50, share: { of: 1, atLeast: 10 }, planMinutes: 60 },
    protected: [
      { name: 'production', hostnames: ['*.prod.corp.internal'], approvers: { users: ['U0ANNA'] }, channel: 'C0PROD' },
      {
        name: 'billing',
        hostnames: ['*.bill.corp.internal'],
        approvers: { users: ['U0ANNA', 'U0BEN'] },
        channel: 'C0BILL',
      },
    ],
  };
  const channels = ['C0AUDIT', 'C0OTHER', 'C0PROD', 'C0BILL'];
  const names = [adding('a.prod.corp.internal'), adding('b.bill.corp.internal'), adding('c.corp.internal')];

  it('is applied once every rule has somebody, and one person may serve several', async () => {
    const { ask, press, bulk, kinds, files, button, ledger } = bulkUnderTest({ policy, channels });
    await ask(importing(names));
    await press('Apply 3');
    expect((await bulk())?.state).toBe('confirmed');
    expect(files.uploads).toHaveLength(2);
    expect(button('Approve 3')).toMatch(/^approve /);
    await press('Approve 3', { user: 'ben' });
    expect((await bulk())?.state).toBe('confirmed');
    await press('Approve 3', { user: 'anna' });
    expect((await bulk())?.state).toBe('closed');
    expect(await kinds('a.prod.corp.internal')).toEqual(['requested', 'approved', 'applying', 'applied']);
    for (const [hostname, userId] of [
      ['a.prod.corp.internal', 'U0ANNA'],
      ['b.bill.corp.internal', 'U0BEN'],
    ] as const)
      expect((await ledger.read(hostname, signal))[1]?.body).toMatchObject({ kind: 'approved', by: { userId } });
  });

  it('is not for its requester to approve', async () => {
    const { ask, press, bulk } = bulkUnderTest({ policy, channels });
    await ask(importing(names));
    await press('Apply 3');
    await press('Approve 3');
    expect((await bulk())?.approvals).toEqual([]);
  });

  it('expires while it waits, and not once it is approved', async () => {
    const { ask, press, bulk, clock, work, bulkId, drain } = bulkUnderTest({ policy, channels });
    await ask(importing(names));
    await press('Apply 3');
    await clock.advance(61 * 60_000);
    await press('Approve 3', { user: 'anna' });
    expect((await bulk())?.state).toBe('confirmed');
    await work({ kind: 'resume', hostname: bulkStream(bulkId), changeId: bulkId });
    await drain();
    expect((await bulk())?.state).toBe('expired');
  });
});
