import { describe, expect, it } from 'vitest';
import type { BulkChange } from '../../../lib/core/bulk/bulk-proposal.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';
import { zoneId } from '../../support/memory-ports.ts';

const { signal } = new AbortController();
const at = (label: string): string => `${label}.corp.internal`;

/** A worker whose Route 53 refuses every batch as long as `refuses` says so. */
const refusing = (...options: Parameters<typeof bulkUnderTest>) => {
  const worker = bulkUnderTest(...options);
  const { submit } = worker.ports.zones;
  const route53 = { refuses: false };
  Object.assign(worker.ports.zones, {
    submit: async (...given: Parameters<typeof submit>) =>
      route53.refuses
        ? ({ kind: 'failed', failure: { kind: 'denied', message: 'not authorized' } } as const)
        : submit(...given),
  });
  return {
    ...worker,
    route53,
    statesOf: async (id?: string) => [...((await worker.bulk(id))?.outcomes.values() ?? [])].map(({ state }) => state),
    /** Asks for the retry, and resolves to the id of the bulk that it proposes. */
    retry: async (): Promise<string> => {
      await worker.say(worker.button('Retry what failed'));
      return worker.button('Cancel').replace('cancel ', '');
    },
  };
};

describe('a retry', () => {
  it('asks again for what was not applied, as a bulk of its own', async () => {
    const { ask, press, bulk, ledger, route53, retry, statesOf } = refusing();
    await ask(importing(addingMany(3)));
    route53.refuses = true;
    await press('Apply 3');
    expect(await statesOf()).toEqual(Array(3).fill('failed'));
    route53.refuses = false;
    const id = await retry();
    await press('Apply 3');
    expect((await bulk(id))?.of).toBe((await bulk())?.bulkId);
    expect(await statesOf(id)).toEqual(Array(3).fill('applied'));
    expect((await ledger.read(bulkStream(id), signal)).at(-1)?.body.kind).toBe('bulk-closed');
  });

  it('says nothing of what was applied', async () => {
    const { ask, say, press, bulk, zones, ports, retry } = refusing();
    await say(`add ${at('gone')} 10.0.4.12`);
    await ask(importing([{ verb: 'remove', hostname: at('gone') }, ...addingMany(2)]));
    const recordSet = { name: at('n1'), type: 'A', ttlSeconds: 300, values: ['10.9.9.9'] } as const;
    zones.put(zoneId, [recordSet]);
    await press('Apply 3');
    await ports.zones.submit(zoneId, [{ action: 'DELETE', recordSet }], 'somebody else', signal);
    const again = await bulk(await retry());
    expect(again?.parts.map(({ plan }) => plan.hostname)).toEqual([at('n1')]);
    expect(again?.leftOut).toEqual([]);
  });

  it('asks for the same of every kind of change', async () => {
    const { ask, say, press, ledger, zones, records, route53, retry, statesOf } = refusing();
    for (const label of ['update', 'remove', 'undo']) await say(`add ${at(label)} 10.0.4.12`);
    await say(`add ${at('failover')} 10.0.4.12 --standby 10.0.5.12`);
    zones.put(zoneId, [{ name: at('adopt'), type: 'A', ttlSeconds: 300, values: ['10.0.6.12'] }]);
    const [change = ''] = fold(await ledger.read(at('undo'), signal)).changes.keys();
    const changes: readonly BulkChange[] = [
      { verb: 'update', hostname: at('update'), changes: { targets: ['10.0.7.12'] } },
      { verb: 'remove', hostname: at('remove') },
      { verb: 'adopt', hostname: at('adopt'), changes: { note: 'made by hand' } },
      { verb: 'undo', hostname: at('undo'), change },
      { verb: 'failover', hostname: at('failover') },
    ];
    await ask(importing(changes));
    route53.refuses = true;
    await press('Apply 5');
    expect(await statesOf()).toEqual(Array(5).fill('failed'));
    route53.refuses = false;
    const id = await retry();
    await press('Apply 5');
    expect(await statesOf(id)).toEqual(Array(5).fill('applied'));
    const addresses = async (label: string) =>
      (await records(at(label))).filter(({ type }) => type === 'A').flatMap(({ values }) => values);
    expect(await Promise.all(changes.map(({ verb }) => addresses(verb)))).toEqual([
      ['10.0.7.12'],
      [],
      ['10.0.6.12'],
      [],
      ['10.0.5.12'],
    ]);
    expect(fold(await ledger.read(at('adopt'), signal)).definition?.note).toBe('made by hand');
  });
});
