import { expect, it } from 'vitest';
import { runScenario } from '../../scripts/crash/run-scenario.ts';
import { scenarios } from '../../scripts/crash/scenario.ts';
import type { Cloud, Delivery } from '../support/cloud/cloud.ts';
import { createMemoryCloud } from '../support/cloud/memory-cloud.ts';

const writes = new Set(['append', 'put', 'remove', 'submit', 'send', 'reply', 'post', 'postInThread', 'edit']);

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await null;
};

/** A cloud that takes its time with every call, and sees whatever is not waited for: a call while a write is under way, or a message that is let go meanwhile. */
const slowCloud = (): { readonly cloud: Cloud; readonly complaints: readonly string[] } => {
  const base = createMemoryCloud();
  const complaints: string[] = [];
  const underWay = new Set<string>();
  const watched = <Port extends object>(service: string, port: Port): Port =>
    new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]) => {
          const name = `${service} ${String(key)}`;
          for (const other of underWay) complaints.push(`${name} began before ${other} had ended`);
          const isWrite = writes.has(String(key));
          if (isWrite) underWay.add(name);
          await turns(40);
          try {
            return await Reflect.apply(member, target, given);
          } finally {
            await turns(40);
            underWay.delete(name);
          }
        };
      },
    });
  const letGo = (delivery: Delivery): Delivery => ({
    ...delivery,
    done: async () => {
      for (const other of underWay) complaints.push(`the message was let go before ${other} had ended`);
      await delivery.done();
    },
  });
  const { zones, ledger, state, queue, messenger } = base.ports;
  const ports = {
    ...base.ports,
    zones: watched('Route 53', zones),
    ledger: watched('ledger', ledger),
    state: watched('state', state),
    queue: watched('queue', queue),
    messenger: watched('Slack', messenger),
  };
  const receive: Cloud['source']['receive'] = async (choose) => {
    const delivery = await base.source.receive(choose);
    return delivery && letGo(delivery);
  };
  return { cloud: { ...base, ports, source: { ...base.source, receive } }, complaints };
};

it.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
  'a worker waits for every write before it goes on: %s',
  async (_, scenario) => {
    const { cloud, complaints } = slowCloud();
    const { judgement } = await runScenario(cloud, scenario, undefined, 'redelivered');
    expect(complaints).toEqual([]);
    expect(judgement.complaints).toEqual([]);
  },
);
