import type { NameAnswer } from '../../core/dns/name-answer.ts';
import type { Targets } from '../../core/endpoint/definition.ts';
import type { PolicyDocument } from '../../core/policy/policy.ts';
import { isWorthResolving } from '../../core/validation/cname-rules.ts';
import type { Judged, SurroundingsFacts } from '../../core/validation/surroundings.ts';
import { lookUpName } from '../look-up/look-up-name.ts';
import type { Ports } from '../ports/ports.ts';
import { probeEndpoint } from '../probe/probe-endpoint.ts';

type PolicyZone = PolicyDocument['zones'][number];
type Reading = Pick<Ports, 'zones' | 'zoneListing' | 'policy' | 'prober' | 'clock'>;

/** What asking the resolver may take. */
const resolverMs = 8_000;

/** Where a CNAME target leads: by the zones, and by the VPC's resolver where they do not tell. */
const leads = async (
  ports: Reading,
  hostname: string,
  targets: Targets | undefined,
  signal: AbortSignal,
): Promise<NameAnswer | undefined> => {
  if (targets?.kind !== 'cname') return undefined;
  const answer = await lookUpName(ports, targets.cname, signal);
  if (!isWorthResolving(answer, ports.policy)) return answer;
  const question = {
    requestId: `lookup-${hostname}`,
    hostname,
    port: 25,
    sslMode: 'Auto',
    recordTypes: ['AAAA', 'A'],
    targets: [targets.cname],
    lookUpOnly: true,
  } as const;
  const asked = await probeEndpoint(ports, question, { atMs: ports.clock.now() + resolverMs, signal });
  const isAnswered =
    asked.ok && asked.report.resolution.answers.some(({ rcode }) => rcode === 'NOERROR' || rcode === 'NXDOMAIN');
  return isAnswered ? { ...answer, resolved: asked.report.resolution.addresses } : answer;
};

/** What Route 53 says of a hostname's zone and that zone's rivals, and of the names that a definition's CNAMEs lead to. */
export const readSurroundings = async (
  ports: Reading,
  { hostname, targets, standby }: Judged,
  policyZone: PolicyZone,
  signal: AbortSignal,
): Promise<SurroundingsFacts> => {
  const [zone, cnameTarget, standbyCnameTarget] = await Promise.all([
    ports.zones.inspectZone(policyZone.id, signal),
    leads(ports, hostname, targets, signal),
    leads(ports, hostname, standby, signal),
  ]);
  return {
    zone,
    policyZone,
    ...(cnameTarget === undefined ? {} : { cnameTarget }),
    ...(standbyCnameTarget === undefined ? {} : { standbyCnameTarget }),
  };
};
