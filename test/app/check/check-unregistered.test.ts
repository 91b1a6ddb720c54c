import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import { lastProbe } from '../../../lib/app/state/directory.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { zoneId } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();

const record = (name: string, value: string, type = 'A'): RecordSet => ({
  name: `${name}.corp.internal`,
  type,
  ttlSeconds: 300,
  values: [value],
});

/** One registered name, and names that nobody registered. */
const start = async (policy: Parameters<typeof examplePolicy>[0] = {}) => {
  const worker = workerUnderTest({ policy: { ports: [25, 2525], ...policy } });
  await worker.say('add ours.corp.internal 10.0.9.9');
  const changes = [
    record('smtp', '10.0.4.1'),
    record('smtp', 'fd00::1', 'AAAA'),
    record('db.team', '10.0.4.2'),
    record('lb', 'smtp.corp.internal', 'CNAME'),
  ].map((recordSet) => ({ action: 'CREATE', recordSet }) as const);
  const sent = await worker.ports.zones.submit(zoneId, changes, 'by hand', signal);
  if (sent.kind !== 'accepted') throw new Error(JSON.stringify(sent));
  worker.probes.length = 0;
  const probed = () =>
    worker.probes
      .map(({ hostname, port, sslMode, recordTypes }) => [
        hostname.split('.corp')[0],
        port,
        sslMode,
        recordTypes.join(),
      ])
      .toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  return { ...worker, probed };
};

describe('check all --unregistered', () => {
  it("probes what nobody registered, with Postal's defaults, for the types that each name has", async () => {
    const { say, probed, lastReply } = await start();
    await say('check all --unregistered');
    expect(probed()).toEqual([
      ['db.team', 25, 'Auto', 'A'],
      ['lb', 25, 'Auto', 'AAAA,A'],
      ['smtp', 25, 'Auto', 'AAAA,A'],
    ]);
    expect(lastReply()).toContain('3 endpoints checked');
    expect(lastReply()).not.toContain('ours.corp.internal');
  });

  it('takes a pattern, a target, a port and a mode, and keeps them for the next time', async () => {
    const { say, probed, lastReply } = await start();
    await say('check *.corp.internal --unregistered --target FD00::0:1 --port 2525 --ssl-mode none');
    expect(probed()).toEqual([['smtp', 2525, 'None', 'AAAA,A']]);
    expect(lastReply()).toContain(
      'check *.corp.internal --target FD00::0:1 --unregistered --port 2525 --ssl-mode none',
    );
  });

  it('keeps nothing of what it saw: nobody watches these names', async () => {
    const { say, ports } = await start();
    await say('check all --unregistered');
    expect(await lastProbe(ports.state, 'smtp.corp.internal', signal)).toBeUndefined();
  });

  it('probes only what the person may check', async () => {
    const grants = examplePolicy().grants.map((grant) => ({ ...grant, hostnames: ['*.team.corp.internal'] }));
    const { work, message, probed } = await start();
    await work(message('check all --unregistered'), 1, { policy: examplePolicy({ grants }) });
    expect(probed()).toEqual([['db.team', 25, 'Auto', 'A']]);
  });

  it('says which zone could not be read', async () => {
    const { work, message, ports, lastReply } = await start({
      zones: [
        { id: zoneId, name: 'corp.internal', vpcs: [] },
        { id: 'Z0OTHER', name: 'other.internal', vpcs: [] },
      ],
    });
    const zoneListing: Ports['zoneListing'] = {
      ...ports.zoneListing,
      list: async (zone, ...rest) =>
        zone === 'Z0OTHER'
          ? { ok: false, failure: { kind: 'denied', message: 'AccessDenied' } }
          : ports.zoneListing.list(zone, ...rest),
    };
    await work(message('check all --unregistered'), 1, { zoneListing });
    expect(lastReply()).toContain('Zone other.internal could not be read: ');
  });

  it.each<[string, RegExp]>([
    [
      'check all --unregistered --state down',
      /no state and no owner\. Leave out --state and --owner.*Nothing was probed/s,
    ],
    ['check all --unregistered --port 70000', /port: 70000 is above 65535.*Nothing was probed/s],
    ['check all --unregistered --ssl-mode ssl', /Postal has no SSL mode.*Nothing was probed/s],
    ['check all --unregistered --rcpt a@b.c', /--rcpt: .*tries no recipient.*Nothing was probed/s],
    ['check smtp.corp.internal --unregistered', /unregistered: it chooses among many endpoints/],
    ['check *.none.internal --unregistered', /No endpoint that you may check matches/],
    [
      'mute all 2h --unregistered',
      /unregistered: .*no alerts to mute\. Leave --unregistered out\..*Nothing was changed/s,
    ],
    ['unmute all --unregistered', /unregistered: .*no alerts to unmute\. Leave --unregistered out\./],
    [
      'report --unregistered',
      /unregistered: .*nothing to sum up\. Leave --unregistered out\. list --unregistered shows/,
    ],
  ])('answers %s with one message', async (line, expected) => {
    const { say, probed, lastReply } = await start();
    await say(line);
    expect(lastReply()).toMatch(expected);
    expect(probed()).toEqual([]);
  });
});
