import { expect, it } from 'vitest';
import { movedAddress } from '../../../lib/core/bulk/moved-address.ts';
import type { Definition, SslMode } from '../../../lib/core/endpoint/definition.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';

const addresses = (...list: string[]) => ({ kind: 'addresses', addresses: list }) as const;
const definition = (name: string, targets: Definition['targets'], more: Partial<Definition> = {}): Definition => ({
  hostname: hostnameOf(`${name}.corp.internal`),
  targets,
  port: 25,
  sslMode: 'Auto',
  ttlSeconds: 60,
  ...more,
});
const [from, to] = ['10.0.4.12', '10.0.5.12'];

it('puts the new address in the place of the old one, in targets and standbys, and leaves all other names out', () => {
  const cname = { kind: 'cname', cname: hostnameOf('a.corp.internal') } as const;
  const { names } = movedAddress(
    [
      definition('a', addresses('10.0.4.11', from, '10.0.4.13')),
      definition('b', addresses('10.0.9.9'), { standby: addresses(from) }),
      definition('c', addresses(from), { standby: addresses(from, '10.0.9.9') }),
      definition('d', addresses('10.0.4.120')),
      definition('e', cname),
    ],
    from,
    to,
  );
  expect(names).toEqual([
    { hostname: 'a.corp.internal', targets: ['10.0.4.11', to, '10.0.4.13'] },
    { hostname: 'b.corp.internal', standby: [to] },
    { hostname: 'c.corp.internal', targets: [to], standby: [to, '10.0.9.9'] },
  ]);
});

it('names an address that is there already only once', () => {
  expect(movedAddress([definition('a', addresses(to, from))], from, to).names).toEqual([
    { hostname: 'a.corp.internal', targets: [to] },
  ]);
});

it('has each port and mode in use probed once, standbys included', () => {
  const use = (name: string, port: number, sslMode: SslMode) => definition(name, addresses(from), { port, sslMode });
  const spare = definition('s', addresses('10.0.9.9'), { standby: addresses(from), port: 2525 });
  const { usedPorts } = movedAddress(
    [use('a', 465, 'TLS'), use('b', 25, 'Auto'), use('c', 25, 'Auto'), spare],
    from,
    to,
  );
  expect(usedPorts).toEqual([
    { port: 25, sslMode: 'Auto', hostname: 'b.corp.internal' },
    { port: 465, sslMode: 'TLS', hostname: 'a.corp.internal' },
    { port: 2525, sslMode: 'Auto', hostname: 's.corp.internal' },
  ]);
});

it('counts the greatest TTL of the names that lead there; a standby is not in DNS', () => {
  const all = [
    definition('a', addresses(from), { ttlSeconds: 300 }),
    definition('b', addresses('10.0.9.9'), { standby: addresses(from), ttlSeconds: 3600 }),
  ];
  expect(movedAddress(all, from, to).rememberedSeconds).toBe(300);
  expect(movedAddress(all.slice(1), from, to).rememberedSeconds).toBe(0);
});
