import { bad, type Examined, good, unsure } from '../../core/base/examined.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import type { Lookup } from '../../core/dns/zone-answer.ts';
import { formatNameserver, parseNameserver } from '../../core/postal/nameserver.ts';
import type { ProbeReport } from '../../core/probe-report/report.ts';
import { lookUpName } from '../look-up/look-up-name.ts';
import type { Ports } from '../ports/ports.ts';

const probeDeadlineMs = 10_000;

/** The IPv4 addresses that the zone gives for its own name; undefined where its record sets do not say. */
const addressesOf = ({ end }: Lookup<RecordSet>): readonly string[] | undefined => {
  if (end.kind === 'no-data') return [];
  return end.kind === 'records' && end.sets.every(({ foreign }) => foreign === undefined)
    ? end.sets.flatMap(({ values }) => values)
    : undefined;
};

/** Whether one of Postal's nameservers serves the zone: for the zone's own name it answers what the zone has, which is usually no address. */
const examineNameserver = (
  what: string,
  zone: string,
  { answers }: ProbeReport['resolution'],
  nameserver: string,
  inZone: readonly string[] | undefined,
): Examined => {
  const said = answers.filter((answer) => answer.nameserver === nameserver);
  const answered = said.find(({ rcode }) => rcode !== undefined);
  if (said.length === 0)
    return unsure(
      what,
      `${nameserver} was not asked, because the one before it answered`,
      'No action needed while the first one answers.',
    );
  if (answered === undefined)
    return bad(
      what,
      `${nameserver} does not answer (${said[0]?.reason ?? 'no reason'})`,
      'Compare nameservers in postal-profile.json with Postal’s resolv.conf, and check the prober’s security group.',
    );
  if (answered.rcode === 'NXDOMAIN')
    return bad(
      what,
      `${nameserver} does not know ${zone}`,
      'Associate the zone with the VPC of that resolver, or forward the zone from it to the VPC’s resolver.',
    );
  if (answered.rcode !== 'NOERROR')
    return bad(what, `${nameserver} answers ${answered.rcode} for ${zone}`, 'Check that resolver’s log.');
  const given = answered.records.filter(({ type }) => type === 'A').map(({ data }) => data);
  if (inZone === undefined || (inZone.length === given.length && given.every((address) => inZone.includes(address))))
    return good(what, `${nameserver} knows ${zone}`);
  return bad(
    what,
    `${nameserver} answers ${given.join(', ') || 'no address'} for ${zone}, but the zone has ${inZone.join(', ') || 'none'}: it serves another zone of that name`,
    'Associate the zone with the VPC of that resolver, or forward the zone from it to the VPC’s resolver.',
  );
};

/** Whether the prober answers and Postal's nameservers serve the zones. It looks up only the names of the zones and connects to no mail server. */
export const examineResolver = async (
  ports: Pick<Ports, 'prober' | 'policy' | 'profile' | 'zones' | 'zoneListing'>,
  requestId: string,
  signal: AbortSignal,
): Promise<readonly Examined[]> => {
  const { prober, policy, profile } = ports;
  const [port = 25] = policy.ports;
  const examined: Examined[] = [];
  for (const { name } of policy.zones) {
    const probed = await prober.probe(
      { requestId, hostname: name, port, sslMode: 'None', recordTypes: ['A'], deadlineMs: probeDeadlineMs },
      signal,
    );
    if (!probed.ok) {
      const { kind, message } = probed.failure;
      return [
        kind === 'busy'
          ? unsure('prober', message, 'Try again in a minute.')
          : bad('prober', message, 'Check the prober’s log, its subnets and its security group.'),
      ];
    }
    if (examined.length === 0) examined.push(good('prober', `answers in ${probed.report.durationMs} ms`));
    const inZone = addressesOf((await lookUpName(ports, name, signal)).a);
    for (const nameserver of profile.nameservers.map((text) => formatNameserver(parseNameserver(text))))
      examined.push(examineNameserver(`resolver, zone ${name}`, name, probed.report.resolution, nameserver, inZone));
  }
  return examined;
};
