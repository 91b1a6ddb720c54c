import { describe, expect, it } from 'vitest';
import { registeredAs } from '../../../lib/app/state/directory.ts';
import { addingMany, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';
import { zoneId } from '../../support/memory-ports.ts';

const { signal } = new AbortController();

/** A bulk of four that a second person has approved, for its size, and the message that carries it on. */
const approved = async () => {
  const worker = bulkUnderTest({ policy: { bulk: { names: 3, share: { of: 1, atLeast: 10 }, planMinutes: 60 } } });
  await worker.ask(importing(addingMany(4)));
  await worker.press('Apply 4');
  await worker.work(worker.message(worker.button('Approve 4'), { user: 'li' }));
  const [resume] = worker.queued.splice(0);
  if (resume === undefined) throw new Error('nothing carries the bulk on');
  return {
    ...worker,
    resume,
    outcomes: async () => [...((await worker.bulk())?.outcomes.values() ?? [])],
    /** From now on only Maria has any rights. */
    withdrawRights: () => {
      const grants = worker.ports.policy.grants.map((grant) => ({ ...grant, users: ['U0MARIA'] }));
      Object.assign(worker.ports.policy, { grants });
    },
  };
};

describe('a bulk that was approved', () => {
  it('is applied as long as whoever approved it still may', async () => {
    const { work, drain, resume, outcomes } = await approved();
    await work(resume);
    await drain();
    expect((await outcomes()).map(({ state, reason }) => [state, reason])).toEqual(
      Array(4).fill(['applied', undefined]),
    );
  });

  it('fails as a whole, name by name, where whoever approved it no longer may', async () => {
    const { work, drain, resume, outcomes, withdrawRights, kinds, records, bulk } = await approved();
    withdrawRights();
    await work(resume);
    await drain();
    expect((await bulk())?.state).toBe('closed');
    for (const { state, reason } of await outcomes()) {
      expect(state).toBe('failed');
      expect(reason).toMatch(/@li, who approved this bulk, no longer may.*Nothing was changed\.$/);
    }
    expect(await kinds('n0.corp.internal')).toEqual(['requested', 'failed']);
    expect(await records('n0.corp.internal')).toEqual([]);
  });

  it('is not declared unchanged where a batch was sent before the approval lost its force', async () => {
    const { work, drain, resume, outcomes, withdrawRights, ports } = await approved();
    const { submit } = ports.zones;
    const dies: typeof submit = async (...batch) => {
      await submit(...batch);
      throw new Error('the worker dies');
    };
    await work(resume, 1, { zones: { ...ports.zones, submit: dies } });
    withdrawRights();
    await work(resume, 2);
    await drain();
    expect((await outcomes()).map(({ state }) => state)).toEqual(Array(4).fill('applied'));
  });
});

describe('the directory', () => {
  it('has each name that was changed, and none that met a conflict', async () => {
    const { ask, press, zones, ports } = bulkUnderTest();
    await ask(importing(addingMany(2)));
    zones.put(zoneId, [{ name: 'n1.corp.internal', type: 'A', ttlSeconds: 300, values: ['10.9.9.9'] }]);
    await press('Apply 2');
    expect(await registeredAs(ports.state, 'n0.corp.internal', signal)).toBeDefined();
    expect(await registeredAs(ports.state, 'n1.corp.internal', signal)).toBeUndefined();
  });
});

describe('a bulk that was interrupted', () => {
  it('does not go through what is settled again', async () => {
    const { work, drain, resume, entries, ledger, ports } = await approved();
    const { append } = ledger;
    const dies: typeof append = async (entry, ...rest) =>
      entry.body.kind === 'bulk-closed' ? Promise.reject(new Error('the worker dies')) : append(entry, ...rest);
    await work(resume, 1, { ledger: { ...ports.ledger, append: dies } });
    await work(resume, 2);
    await drain();
    const kinds = (await entries()).map(({ body }) => body.kind);
    expect(kinds.slice(kinds.indexOf('bulk-settled'))).toEqual(['bulk-settled', 'bulk-closed']);
  });
});
