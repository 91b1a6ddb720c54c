import { describe, expect, it } from 'vitest';
import type { Marker } from '../../../lib/core/dns/marker.ts';
import { definitionFromRecords, type NameRecords } from '../../../lib/core/dns/registered.ts';
import { hostnameOf } from '../../support/watched-fleet.ts';

const hostname = hostnameOf('a.corp.internal');
const marker: Marker = { version: 1, changeId: 'c', generation: 1, port: 465, sslMode: 'TLS', digest: 'd' };
const records = [{ name: hostname, type: 'A', ttlSeconds: 60, values: ['10.0.4.12'] }];
const of = (more: Partial<NameRecords>): unknown => {
  const found = definitionFromRecords(hostname, { records, markerSets: [], ...more });
  return found.ok ? found.definition : found.reason;
};

describe('definitionFromRecords', () => {
  it('takes port and mode of the marker', () => {
    expect(of({})).toMatchObject({ port: 25, sslMode: 'Auto' });
    expect(of({ marker })).toMatchObject({ port: 465, sslMode: 'TLS' });
  });

  it('has no standby where the marker has none, and else addresses or a name', () => {
    expect(of({ marker })).not.toHaveProperty('standby');
    expect(of({ marker: { ...marker, standby: ['10.0.5.12', 'fd00::1'] } })).toMatchObject({
      standby: { kind: 'addresses', addresses: ['10.0.5.12', 'fd00::1'] },
    });
    expect(of({ marker: { ...marker, standby: ['b.corp.internal'] } })).toMatchObject({
      standby: { kind: 'cname', cname: 'b.corp.internal' },
    });
    expect(of({ marker: { ...marker, standby: ['b..corp'] } })).toMatchObject({
      standby: { kind: 'addresses', addresses: ['b..corp'] },
    });
  });
});
