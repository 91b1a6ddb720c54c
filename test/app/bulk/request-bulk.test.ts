import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { requestBulk } from '../../../lib/app/bulk/request-bulk.ts';
import type { Request } from '../../../lib/app/ports/ports.ts';
import { bulkListFile } from '../../../lib/core/bulk/bulk-list.ts';
import type { BulkChange, BulkProposal } from '../../../lib/core/bulk/bulk-proposal.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { foldBulk } from '../../../lib/core/bulk/fold-bulk.ts';
import { changeIdOf } from '../../../lib/core/ledger/change-id.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const adding = (hostname: string, target = '10.0.4.12'): BulkChange => ({
  verb: 'add',
  definition: { hostname, targets: [target] },
});
const importing = (changes: readonly BulkChange[], leftOut: BulkProposal['leftOut'] = []): BulkProposal => ({
  source: 'import',
  title: 'Import names.csv',
  changes,
  leftOut,
});

const underTest = (...options: Parameters<typeof workerUnderTest>) => {
  const worker = workerUnderTest(...options);
  const request: Request = { ...worker.message('whoami', { requestId: 'bulk-1' }), deliveries: 1 };
  const bulkId = changeIdOf(request.receivedAt, request.requestId);
  return {
    worker,
    bulkId,
    ask: (proposal: BulkProposal, more: Partial<Request> = {}) =>
      requestBulk(worker.ports, { ...request, ...more } as Request, proposal, {
        atMs: worker.clock.now() + 88_000,
        signal,
      }),
    entries: () => worker.ledger.read(bulkStream(bulkId), signal),
    bulk: async () => foldBulk(await worker.ledger.read(bulkStream(bulkId), signal)).bulk,
  };
};

describe('a bulk that is asked for', () => {
  it('is recorded as one list whose digest is that of its file, and shown with its buttons', async () => {
    const { worker, ask, bulk, bulkId } = underTest();
    await ask(importing([adding('a.corp.internal'), adding('b.corp.internal')]));
    const recorded = await bulk();
    expect(recorded?.parts.map(({ plan }) => plan.hostname)).toEqual(['a.corp.internal', 'b.corp.internal']);
    const file = bulkListFile((recorded?.parts ?? []).map(({ plan }) => plan));
    expect(recorded?.digest).toBe(createHash('sha256').update(file).digest('hex'));
    expect(worker.button('Apply 2')).toBe(`approve ${bulkId} --plan ${recorded?.digest.slice(0, 24)}`);
    expect(await worker.records('a.corp.internal')).toEqual([]);
  });

  it('shows every finding in one table and leaves out what is refused', async () => {
    const { worker, ask, bulk } = underTest();
    await worker.say('add taken.corp.internal 10.0.4.12');
    await ask(
      importing(
        [
          adding('good.corp.internal'),
          { ...adding('bad.corp.internal', '10.0.4.12.1'), line: 3 },
          adding('taken.corp.internal', '10.0.4.13'),
          adding('GOOD.corp.internal.'),
          adding('elsewhere.example.com'),
        ],
        [{ what: 'line 9', reason: 'It has no hostname.' }],
      ),
    );
    expect((await bulk())?.leftOut).toEqual([
      { what: 'line 9', reason: 'It has no hostname.' },
      { what: 'line 3: bad.corp.internal', reason: expect.stringMatching(/target/) },
      { what: 'taken.corp.internal', reason: expect.stringMatching(/is registered already/) },
      { what: 'good.corp.internal', reason: expect.stringMatching(/more than once/) },
      { what: 'elsewhere.example.com', reason: expect.stringMatching(/not in any of the zones/) },
    ]);
    for (const text of ['line 9', 'is registered already', 'Apply 1 of 6']) expect(worker.lastReply()).toContain(text);
  });

  it('is the same bulk when its request comes again', async () => {
    const { ask, entries } = underTest();
    await ask(importing([adding('a.corp.internal')]));
    const before = await entries();
    await ask(importing([adding('a.corp.internal'), adding('z.corp.internal')]), { deliveries: 2 });
    expect(await entries()).toEqual(before);
  });

  it('is written again, as another draft, after its request was interrupted', async () => {
    const { worker, ask, bulk, entries } = underTest();
    const { append } = worker.ledger;
    let left = 1;
    const ledger = {
      ...worker.ledger,
      append: async (...given: Parameters<typeof append>) => {
        left -= 1;
        if (left < 0) throw new Error('the worker dies');
        return append(...given);
      },
    };
    const request: Request = { ...worker.message('whoami', { requestId: 'bulk-1' }), deliveries: 1 };
    const asked = importing([adding('a.corp.internal')]);
    await expect(
      requestBulk({ ...worker.ports, ledger }, request, asked, { atMs: worker.clock.now() + 88_000, signal }),
    ).rejects.toThrow('dies');
    expect(await bulk()).toBeUndefined();
    await worker.clock.advance(1_000);
    await ask(asked, { deliveries: 2 });
    expect((await entries()).map(({ body }) => ('draft' in body ? [body.kind, body.draft] : body.kind))).toEqual([
      ['bulk-plans', 1],
      ['bulk-plans', 2],
      ['bulk-requested', 2],
    ]);
    expect((await bulk())?.parts).toHaveLength(1);
  });

  it('records a refusal, and no bulk, where nothing can be changed', async () => {
    const { worker, ask, bulk, entries } = underTest();
    await ask(importing([adding('a.corp.internal', '8.8.8.8')]));
    expect(await bulk()).toBeUndefined();
    expect(await entries()).toEqual([]);
    expect(await worker.kinds('_refused')).toEqual(['refused']);
    expect(worker.lastReply()).toContain('nothing was changed. Every change was left out.');
  });

  it('says how many of its names are already like that, where nothing is left to change', async () => {
    const { worker, ask } = underTest();
    await worker.say('add a.corp.internal 10.0.4.12');
    const asked = [adding('a.corp.internal'), adding('b.corp.internal', '8.8.8.8')];
    await ask(importing(asked.slice(0, 1)));
    expect(worker.lastReply()).toContain('there is nothing to change. 1 name ');
    await ask(importing(asked), { requestId: 'bulk-2' });
    expect(worker.lastReply()).toContain('b.corp.internal');
    expect(worker.lastReply()).toContain('Every change was left out. 1 name ');
  });

  it('keeps what whoever confirms it has to know, where there is something', async () => {
    const plain = underTest();
    await plain.ask(importing([adding('a.corp.internal')]));
    const [, request] = await plain.entries();
    expect(Object.keys(request?.body ?? {})).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(remarks|breaksDelivery|of)$/)]),
    );
    const told = underTest();
    await told.ask({
      ...importing([adding('a.corp.internal')]),
      remarks: ['10.0.4.12 does not answer.'],
      breaksDelivery: true,
      of: 'another bulk',
    });
    expect(await told.bulk()).toMatchObject({
      remarks: ['10.0.4.12 does not answer.'],
      breaksDelivery: true,
      of: 'another bulk',
    });
  });

  it('is only shown where it is a dry run', async () => {
    const { worker, ask, entries } = underTest();
    const { command } = worker.message('move 10.0.4.12 10.0.4.13 --dry-run');
    await ask(importing([adding('a.corp.internal')]), { command });
    expect(worker.lastReply()).toContain('A dry run: nothing was changed.');
    expect(await entries()).toEqual([]);
  });

  it('reads a zone once, not name by name', async () => {
    const { worker, ask } = underTest();
    let lists = 0;
    const { zones, zoneListing } = worker.ports;
    const counting = {
      ...worker.ports,
      zones: { ...zones, readNames: () => Promise.reject(new Error('a name was read on its own')) },
      zoneListing: {
        ...zoneListing,
        list: (...given: Parameters<typeof zoneListing.list>) => {
          lists += 1;
          return zoneListing.list(...given);
        },
      },
    };
    Object.assign(worker.ports, counting);
    await ask(importing(Array.from({ length: 40 }, (_, index) => adding(`n${index}.corp.internal`))));
    expect(lists).toBe(1);
  });

  it('needs each rule that protects one of its names, and one more for its size', async () => {
    const { ask, bulk } = underTest({
      policy: {
        bulk: { names: 2, share: { of: 1, atLeast: 10 }, planMinutes: 60 },
        protected: [
          {
            name: 'production',
            hostnames: ['*.prod.corp.internal'],
            approvers: { users: ['U0ANNA'] },
            channel: 'C0PROD',
          },
        ],
      },
    });
    await ask(importing([adding('a.prod.corp.internal'), adding('b.corp.internal'), adding('c.corp.internal')]));
    expect((await bulk())?.needs).toEqual([
      { because: 'production', channelId: 'C0PROD' },
      { because: 'bulk of more than 2 changes', channelId: 'C0AUDIT' },
    ]);
  });
});
