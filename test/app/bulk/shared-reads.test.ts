import { describe, expect, it } from 'vitest';
import { sharedReads } from '../../../lib/app/bulk/shared-reads.ts';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { createMemoryPorts, zoneId, zoneSeed } from '../../support/memory-ports.ts';
import { request } from '../../support/probe-request.ts';

const { signal } = new AbortController();
const corp = { id: zoneId, name: 'corp.internal' };
const lab = { id: 'Z0LAB', name: 'lab.internal' };
const foreign = { id: 'Z0FOREIGN', name: 'foreign.internal' };

/** Two zones of the policy and a foreign one, each with one name, and what was asked of them. */
const underTest = (over: (ports: Ports) => Partial<Ports> = () => ({})) => {
  const memory = createMemoryPorts({
    channels: [],
    zones: [corp, lab, foreign].map((zone) => ({ ...zoneSeed, ...zone })),
    policy: { zones: examplePolicy().zones.flatMap((zone) => [corp, lab].map((own) => ({ ...zone, ...own }))) },
    queue: () => ({ send: async () => undefined }),
  });
  for (const { id, name } of [corp, lab, foreign])
    memory.zones.put(id, [{ name: `mail.${name}`, type: 'A', ttlSeconds: 300, values: ['10.0.4.12'] }]);
  const ports = { ...memory.ports, ...over(memory.ports) };
  const asked: string[] = [];
  const counted = <Port extends object>(service: string, port: Port): Port =>
    new Proxy(port, {
      get: (target, key) => {
        const member: unknown = Reflect.get(target, key);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => {
          asked.push(`${service} ${String(key)}`);
          return Reflect.apply(member, target, given);
        };
      },
    });
  const shared = sharedReads({
    ...ports,
    zones: counted('zones', ports.zones),
    zoneListing: counted('listing', ports.zoneListing),
    prober: counted('prober', ports.prober),
  });
  return { shared, asked };
};

describe('the names of a bulk', () => {
  it('are read from one listing of their own zone each', async () => {
    const { shared, asked } = underTest();
    for (const { id, name } of [corp, lab, corp, lab])
      expect(await shared.zones.readNames(id, [`mail.${name}`, `none.${name}`], signal)).toMatchObject({
        ok: true,
        value: [{ name: `mail.${name}` }],
      });
    expect(asked).toEqual(['listing list', 'listing list']);
  });

  it('are read one by one in a zone that the policy does not have', async () => {
    const { shared, asked } = underTest();
    const read = await shared.zones.readNames(foreign.id, [`mail.${foreign.name}`], signal);
    expect(read).toMatchObject({ ok: true, value: [{ name: `mail.${foreign.name}` }] });
    expect(asked).toEqual(['zones readNames']);
  });

  it('have surroundings that come from the same listing; those in another zone are asked for once', async () => {
    const { shared, asked } = underTest();
    for (const zone of [corp, lab, foreign, foreign]) {
      const around = await shared.zoneListing.around(zone, `mail.${zone.name}`, signal);
      expect(around.ok && around.value.map(({ name }) => name)).toContain(`mail.${zone.name}`);
    }
    expect(asked).toEqual(['listing list', 'listing list', 'listing around']);
  });

  it('are unknown where their zone cannot be listed', async () => {
    const failure = { kind: 'denied', message: 'not authorized' } as const;
    const { shared } = underTest(({ zoneListing }) => ({
      zoneListing: { ...zoneListing, list: async () => ({ ok: false, failure }) },
    }));
    expect(await shared.zones.readNames(corp.id, [`mail.${corp.name}`], signal)).toEqual({ ok: false, failure });
    expect(await shared.zoneListing.around(corp, `mail.${corp.name}`, signal)).toEqual({ ok: false, failure });
  });
});

describe('a probe', () => {
  const probe = request(25, { targets: ['mx.example.com'] });

  it('that only looks up where a target leads is made once for each target', async () => {
    const { shared, asked } = underTest();
    const looking = { ...probe, lookUpOnly: true } as const;
    await shared.prober.probe(looking, signal);
    await shared.prober.probe({ ...looking, requestId: 'probe-2' }, signal);
    expect(asked).toHaveLength(1);
    await shared.prober.probe({ ...looking, targets: ['mx2.example.com'] }, signal);
    expect(asked).toHaveLength(2);
  });

  it('that connects, or looks up a name of ours, is made every time', async () => {
    const { shared, asked: calls } = underTest();
    const { targets: _targets, ...named } = probe;
    for (const asked of [probe, { ...named, lookUpOnly: true } as const])
      for (const requestId of ['probe-1', 'probe-2']) await shared.prober.probe({ ...asked, requestId }, signal);
    expect(calls).toHaveLength(4);
  });
});
