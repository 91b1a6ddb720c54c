import { describe, expect, it } from 'vitest';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import type { BulkChange } from '../../../lib/core/bulk/bulk-proposal.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { adding, bulkUnderTest, importing } from '../../support/bulk-under-test.ts';

const { signal } = new AbortController();
const host = 'gitlab.corp.internal';
const unreachable: SubmitResult = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } };

/** A worker, and what a bulk of some changes would do and leave out. */
const judging = (...options: Parameters<typeof bulkUnderTest>) => {
  const worker = bulkUnderTest(...options);
  const { submit } = worker.ports.zones;
  const answers: (SubmitResult | undefined)[] = [];
  Object.assign(worker.ports.zones, {
    submit: async (...given: Parameters<typeof submit>) => answers.shift() ?? submit(...given),
  });
  return {
    ...worker,
    answers,
    judged: async (...changes: readonly BulkChange[]) => {
      // One that can be changed, so that there is a bulk.
      await worker.ask(importing([adding('fine.corp.internal'), ...changes]));
      const bulk = await worker.bulk();
      return { parts: bulk?.parts.slice(1) ?? [], reasons: bulk?.leftOut.map(({ reason }) => reason) ?? [] };
    },
  };
};

describe('what cannot be changed', () => {
  it('says what is wrong with it, without what it is only warned of', async () => {
    const { judged } = judging();
    const { reasons } = await judged({
      verb: 'add',
      definition: { hostname: 'GITLAB.corp.internal', targets: ['8.8.8.8'] },
    });
    expect(reasons).toEqual([expect.stringMatching(/^target: 8\.8\.8\.8/)]);
    expect(reasons[0]).not.toContain('port 25');
  });

  it('says all that is wrong with an endpoint whose name is none, and of other changes what is wrong with the name', async () => {
    const { judged } = judging();
    const { reasons } = await judged(adding('git_lab..corp.internal', '10.0.4.12.1'), {
      verb: 'remove',
      hostname: '..',
    });
    expect(reasons[0]).toMatch(/^git_lab\.\.corp\.internal contains .*target: /);
    expect(reasons[1]).not.toContain('hostname: ');
    expect(reasons).toHaveLength(2);
  });

  it('includes what undoes a change that the name does not have', async () => {
    const { judged, say } = judging();
    await say(`add ${host} 10.0.4.12`);
    const { reasons } = await judged({ verb: 'undo', hostname: host, change: 'never-made' });
    expect(reasons).toEqual([expect.stringContaining('has no change never-made')]);
  });

  it('includes a name whose last change was never answered, until that can no longer land', async () => {
    const { judged, say, answers, clock, ask, button } = judging();
    answers.push(unreachable, unreachable, unreachable);
    await say(`add ${host} 10.0.4.12`);
    expect((await judged(adding(host))).reasons).toEqual([expect.stringContaining('may still take effect')]);
    await clock.advance(16 * 60_000);
    await ask(importing([adding(host)]), { requestId: 'bulk-2' });
    expect(button('Apply 1')).toContain('approve');
  });
});

describe('what can be changed', () => {
  it('includes a name whose last change was sent twice and has landed', async () => {
    const { judged, say, answers, kinds } = judging();
    answers.push(unreachable, undefined);
    await say(`add ${host} 10.0.4.12`);
    expect(await kinds(host)).toEqual(['requested', 'applying', 'applying', 'applied']);
    const update: BulkChange = { verb: 'update', hostname: host, changes: { targets: ['10.0.4.13'] } };
    expect(await judged(update)).toMatchObject({ parts: [{ plan: { verb: 'update' } }], reasons: [] });
  });

  it('includes an undo of the last change', async () => {
    const { judged, say, ledger } = judging();
    await say(`add ${host} 10.0.4.12`);
    const [change = ''] = fold(await ledger.read(host, signal)).changes.keys();
    const { parts } = await judged({ verb: 'undo', hostname: host, change });
    expect(parts).toMatchObject([{ plan: { verb: 'undo', undoes: change } }]);
  });
});

describe('a name to which others lead', () => {
  it('is moved with a warning, after a word of whoever asked', async () => {
    const { judged, say } = judging({ policy: { confirm: { verbs: [] } } });
    await say(`add ${host} 10.0.4.12`);
    await say(`add alias.corp.internal ${host}`);
    const { parts, reasons } = await judged(
      { verb: 'update', hostname: host, changes: { targets: ['10.0.4.13'] } },
      { verb: 'add', definition: { hostname: 'other.corp.internal', targets: [host] } },
    );
    expect(reasons).toEqual([]);
    expect(parts).toMatchObject([
      {
        plan: { release: { kind: 'confirmation' } },
        warnings: [expect.stringContaining('leads to this name by CNAME')],
      },
      { plan: { release: { kind: 'at-once' } }, warnings: [] },
    ]);
  });

  it('stays as long as they lead there', async () => {
    const { judged, say } = judging();
    await say(`add ${host} 10.0.4.12`);
    await say(`add alias.corp.internal ${host}`);
    const { reasons } = await judged({ verb: 'remove', hostname: host });
    expect(reasons).toEqual([expect.stringContaining('alias.corp.internal leads to this name by CNAME')]);
  });
});
