import { describe, expect, it } from 'vitest';
import { sendingPorts, sendTogether } from '../../../lib/app/bulk/send-together.ts';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { SubmitResult } from '../../../lib/app/ports/zone-store.ts';
import type { RecordChange, RecordSet } from '../../../lib/core/dns/record-set.ts';
import type { ZoneFailure } from '../../../lib/core/dns/zone-reading.ts';
import { createMemoryPorts, zoneId } from '../../support/memory-ports.ts';

const { signal } = new AbortController();
const nameOf = (index: number): string => `n${index}.corp.internal`;
const recordOf = (name: string): RecordSet => ({ name, type: 'A', ttlSeconds: 300, values: ['10.0.4.12'] });
const creating = (name: string): readonly RecordChange[] => [{ action: 'CREATE', recordSet: recordOf(name) }];
const busy: ZoneFailure = { kind: 'busy', code: 'Throttling', message: 'Rate exceeded' };
const denied: ZoneFailure = { kind: 'denied', message: 'not authorized' };

/** So many names that work at the same time, and what came to Route 53, in order. */
const together = (count: number, { secondsLeft = 88 } = {}) => {
  const memory = createMemoryPorts({ channels: [], queue: () => ({ send: async () => undefined }) });
  const { clock, zones } = memory;
  const came: string[] = [];
  const answers: (SubmitResult | undefined)[] = [];
  const over: { list: Ports['zoneListing']['list'] } = { list: memory.ports.zoneListing.list };
  const { submit, readNames } = memory.ports.zones;
  const ports: Ports = {
    ...memory.ports,
    zones: {
      ...memory.ports.zones,
      submit: async (...given) => {
        came.push(`batch of ${given[1].length}`);
        return answers.shift() ?? submit(...given);
      },
      readNames: async (...given) => {
        came.push(`read ${given[1].join()}`);
        return readNames(...given);
      },
    },
    zoneListing: {
      ...memory.ports.zoneListing,
      list: async (...given) => {
        came.push('list');
        return over.list(...given);
      },
    },
  };
  const pace = {
    wait: async (recordChanges: number) => {
      await new Promise<void>((resolve) => setImmediate(resolve));
      came.push(`room for ${recordChanges}`);
    },
  };
  const names = Array.from({ length: count }, (_, index) => nameOf(index));
  return {
    clock,
    zones,
    came,
    answers,
    over,
    run: (work: (ports: Ports, name: string) => Promise<void>) =>
      sendTogether(
        sendingPorts(ports, pace),
        names,
        'comment',
        { atMs: clock.now() + secondsLeft * 1000, signal },
        work,
      ),
    /** Sends the batch of every name once; what each was answered. */
    create: async function () {
      const results = new Map<string, SubmitResult>();
      await this.run(async (own, name) => {
        results.set(name, await own.zones.submit(zoneId, creating(name), 'comment', signal));
      });
      return names.map((name) => results.get(name)?.kind);
    },
  };
};

describe('the batches of many names', () => {
  it('are one for Route 53, which is sent when its share has room', async () => {
    const many = together(3);
    expect(await many.create()).toEqual(['accepted', 'accepted', 'accepted']);
    expect(many.came).toEqual(['list', 'room for 3', 'batch of 3']);
  });

  it('are sent again for all while Route 53 is busy, as far as the time goes', async () => {
    const patient = together(2);
    patient.answers.push({ kind: 'failed', failure: busy });
    expect(await patient.create()).toEqual(['accepted', 'accepted']);
    const late = together(2, { secondsLeft: 20 });
    late.answers.push({ kind: 'failed', failure: busy });
    expect(await late.create()).toEqual(['failed', 'failed']);
    expect(late.came.filter((each) => each.startsWith('batch'))).toHaveLength(1);
  });

  it('leave out a name that has other records by now, without asking Route 53', async () => {
    const many = together(3);
    many.zones.put(zoneId, [recordOf(nameOf(1))]);
    expect(await many.create()).toEqual(['accepted', 'invalid', 'accepted']);
    expect(many.came).toEqual(['list', 'room for 2', 'batch of 2']);
  });

  it('are sent as they are where the zone cannot be listed', async () => {
    const many = together(2);
    many.over.list = async () => ({ ok: false, failure: denied });
    expect(await many.create()).toEqual(['accepted', 'accepted']);
  });

  it('are refused only to the name that the refusal is about', async () => {
    const many = together(3);
    const message = `but ${nameOf(2)} is protected`;
    many.answers.push({ kind: 'failed', failure: { kind: 'denied', message } });
    expect(await many.create()).toEqual(['accepted', 'accepted', 'failed']);
  });

  it('may change again what they changed before, which the listing does not know', async () => {
    const { run, came } = together(1);
    const results: string[] = [];
    await run(async ({ zones }, name) => {
      for (const action of ['CREATE', 'DELETE'] as const) {
        const { kind } = await zones.submit(zoneId, [{ action, recordSet: recordOf(name) }], 'comment', signal);
        results.push(kind);
      }
    });
    expect(results).toEqual(['accepted', 'accepted']);
    expect(came.filter((each) => each.startsWith('batch'))).toHaveLength(2);
  });
});

/** What each name finds at itself after its batch, of which the first so many were refused. */
const lookAfterwards = async (
  count: number,
  refused: number,
  over: Partial<ReturnType<typeof together>['over']> = {},
) => {
  const many = together(count);
  const messages = Array.from({ length: refused }, (_, index) => `${nameOf(index)} is protected`);
  if (refused > 0) many.answers.push({ kind: 'invalid', messages });
  const found: string[] = [];
  await many.run(async ({ zones }, name) => {
    const { kind } = await zones.submit(zoneId, creating(name), 'comment', signal);
    Object.assign(many.over, over);
    if (kind === 'accepted' && refused > 0) return;
    const read = await zones.readNames(zoneId, [name], signal);
    found.push(`${name} ${read.ok ? read.value.map((set) => set.name).join() : read.failure.message}`);
  });
  const sent = many.came.findLastIndex((each) => each.startsWith('batch'));
  return { found: found.toSorted(), came: many.came.slice(sent + 1) };
};

describe('what was sent', () => {
  it('is read afresh, name by name, each when the share of requests has room', async () => {
    const { found, came } = await lookAfterwards(1, 0);
    expect(found).toEqual([`${nameOf(0)} ${nameOf(0)}`]);
    expect(came).toEqual(['room for 0', `read ${nameOf(0)}`]);
  });

  it('is read name by name where few of many were refused', async () => {
    const { found, came } = await lookAfterwards(12, 1);
    expect(found).toEqual([`${nameOf(0)} `]);
    expect(came).toEqual(['room for 0', `read ${nameOf(0)}`]);
  });

  it('is listed once where many were refused', async () => {
    const { found, came } = await lookAfterwards(12, 11);
    expect(found).toHaveLength(11);
    expect(found).toContain(`${nameOf(3)} `);
    expect(came).toEqual(['list']);
  });

  it('is unknown where that listing fails', async () => {
    const { found } = await lookAfterwards(12, 11, { list: async () => ({ ok: false, failure: denied }) });
    expect(found).toContain(`${nameOf(3)} not authorized`);
  });
});
