import { describe, expect, it } from 'vitest';
import type { CommandQueue } from '../../../lib/app/ports/command-queue.ts';
import { forgetQueued, queueOnce } from '../../../lib/app/state/queue-once.ts';
import { handOverUnfinished } from '../../../lib/app/watch/unfinished-business.ts';
import { createMemoryCloud } from '../../support/cloud/memory-cloud.ts';
import { commandMessage, invoke } from '../../support/cloud/office.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();
const minuteMs = 60_000;

/** Watch runs every minute for so many hours, and no worker takes anything; resolves to what was sent. */
const watchAlone = async (cloud: ReturnType<typeof createMemoryCloud>, hours: number): Promise<readonly string[]> => {
  const sent: string[] = [];
  const send: CommandQueue['send'] = async (message, ...rest) => {
    sent.push(message.kind);
    await cloud.watchPorts.queue.send(message, ...rest);
  };
  for (let minute = 0; minute < hours * 60; minute += 1) {
    await handOverUnfinished({ ...cloud.watchPorts, queue: { send } }, signal);
    await cloud.clock.advance(minuteMs);
  }
  return sent;
};

/** A cloud with a change that its worker has left at the given point. */
const interrupted = async (at: 'before it was sent' | 'before it was announced') => {
  const cloud = createMemoryCloud();
  await cloud.ports.queue.send(commandMessage(cloud, 'maria', `add ${host} 10.0.4.12`, { requestId: 'one' }), signal);
  const delivery = await cloud.source.receive();
  if (delivery === undefined) throw new Error('nothing was queued');
  const dead = { ...cloud.ports.zones, submit: () => Promise.reject(new Error('the worker dies')) };
  const over = at === 'before it was sent' ? { zones: dead } : {};
  await invoke({ ...cloud, ports: { ...cloud.ports, ...over } }, delivery, { calls: [], point: undefined });
  // Its message is lost, as if somebody had purged the queue.
  for (let left = await cloud.source.receive(); left !== undefined; left = await cloud.source.receive())
    await left.done();
  await delivery.done();
  await cloud.clock.advance(10 * minuteMs);
  return cloud;
};

describe('what watch hands over', () => {
  it.each([
    ['before it was sent', 'resume'],
    ['before it was announced', 'announce'],
  ] as const)('of a change left %s is one %s, however long its message group is blocked', async (at, kind) => {
    const cloud = await interrupted(at);
    expect(await watchAlone(cloud, 12)).toEqual([kind]);
  });

  it('may be handed over again once it was worked', async () => {
    const cloud = await interrupted('before it was announced');
    expect(await watchAlone(cloud, 1)).toEqual(['announce']);
    const delivery = await cloud.source.receive();
    if (delivery === undefined) throw new Error('nothing was queued');
    await invoke(cloud, delivery, { calls: [], point: undefined });
    const message = { kind: 'announce', hostname: host, changeId: 'x' } as const;
    expect(await queueOnce(cloud.ports, message, signal)).toBe(true);
    expect(await queueOnce(cloud.ports, message, signal)).toBe(false);
    expect(await queueOnce(cloud.ports, { ...message, kind: 'resume' }, signal)).toBe(true);
    expect(cloud.source.nextAtMs()).toBeDefined();
  });

  it('is marked as sent before anybody goes on', async () => {
    const cloud = createMemoryCloud();
    const { state } = cloud.ports;
    const slow = {
      ...state,
      put: async (...call: Parameters<typeof state.put>) => {
        for (let turn = 0; turn < 50; turn += 1) await null;
        return state.put(...call);
      },
    };
    const message = { kind: 'resume', hostname: host, changeId: 'x' } as const;
    expect(await queueOnce({ ...cloud.ports, state: slow }, message, signal)).toBe(true);
    await cloud.clock.advance(6 * minuteMs);
    expect(await queueOnce(cloud.ports, message, signal)).toBe(false);
  });

  it('is sent again where the queue did not take it', async () => {
    const cloud = await interrupted('before it was sent');
    let failures = 1;
    const queue = {
      send: async (...call: Parameters<CommandQueue['send']>) => {
        if (failures-- > 0) throw new Error('no answer');
        await cloud.watchPorts.queue.send(...call);
      },
    };
    await expect(handOverUnfinished({ ...cloud.watchPorts, queue }, signal)).rejects.toThrow('no answer');
    await cloud.clock.advance(6 * minuteMs);
    expect(await handOverUnfinished({ ...cloud.watchPorts, queue }, signal)).toBe(1);
  });

  it('reaches the worker again when it was worked within the same millisecond', async () => {
    const cloud = createMemoryCloud();
    const message = { kind: 'resume', hostname: host, changeId: 'x' } as const;
    for (const _ of [1, 2]) {
      await queueOnce(cloud.ports, message, signal);
      const delivery = await cloud.source.receive();
      expect(delivery).toBeDefined();
      await delivery?.done();
      await forgetQueued(cloud.ports, message, signal);
    }
  });
});
