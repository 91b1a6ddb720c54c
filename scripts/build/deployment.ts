import type { Policy } from '../../lib/core/policy/policy.ts';
import { parseNameserver } from '../../lib/core/postal/nameserver.ts';
import type { PostalProfile } from '../../lib/core/postal/profile.ts';

/** One rule of what the prober's security group lets out. */
export type EgressRule = {
  readonly Description: string;
  readonly IpProtocol: 'tcp' | 'udp';
  readonly FromPort: number;
  readonly ToPort: number;
  readonly CidrIp?: string;
  readonly CidrIpv6?: string;
};

/** What serverless.yml takes from policy and profile, so that the deployment's permissions cannot come apart from the rules that are bundled. */
export type Deployment = {
  /** CloudFormation puts in the partition: `aws`, `aws-us-gov` or `aws-cn`. */
  readonly hostedZoneArns: readonly { readonly 'Fn::Sub': string }[];
  readonly zoneNames: readonly string[];
  /** Every name below a zone's own, markers included, in the form that IAM compares. */
  readonly recordNames: readonly string[];
  readonly proberEgress: readonly EgressRule[];
  /** Topics that incidents are published to; IAM wants at least one resource, so without any it is one that nobody has. */
  readonly snsTopicArns: readonly string[];
};

/** Policy and profile ask for something that cannot be deployed. */
export class NotDeployable extends Error {
  override readonly name = 'NotDeployable';
}

/** Rules of one security group in one direction and one address family, unless AWS has raised it: the quota "Inbound or outbound rules per security group". */
const rulesAtMost = 60;

const noTopic = 'arn:aws:sns:us-east-1:000000000000:no-topic';

const rule = (address: string, port: number, protocol: EgressRule['IpProtocol'], description: string): EgressRule => ({
  Description: description,
  IpProtocol: protocol,
  FromPort: port,
  ToPort: port,
  ...(address.includes(':') ? { CidrIpv6: address } : { CidrIp: address }),
});

const asRange = (address: string): string => `${address}/${address.includes(':') ? 128 : 32}`;

/** EC2 refuses a group that says the same twice. */
const eachOnce = (rules: readonly EgressRule[]): readonly EgressRule[] => [
  ...new Map(rules.map((each) => [JSON.stringify(each), each])).values(),
];

const proberEgress = ({ cidrs, ports }: Policy, { nameservers }: PostalProfile): readonly EgressRule[] =>
  eachOnce([
    ...cidrs.flatMap((cidr) => ports.map((port) => rule(cidr, port, 'tcp', 'SMTP where policy.json allows it'))),
    ...nameservers
      .map(parseNameserver)
      .flatMap(({ address, port }) =>
        (['udp', 'tcp'] as const).map((protocol) => rule(asRange(address), port, protocol, 'DNS as Postal asks it')),
      ),
  ]);

/** Derives what is deployed from policy and profile. Throws `NotDeployable`. */
export const deploymentOf = (policy: Policy, profile: PostalProfile): Deployment => {
  const egress = proberEgress(policy, profile);
  const most = Math.max(
    egress.filter(({ CidrIp }) => CidrIp !== undefined).length,
    egress.filter(({ CidrIpv6 }) => CidrIpv6 !== undefined).length,
  );
  if (most > rulesAtMost) {
    throw new NotDeployable(
      `policy.json: its ports and cidrs make ${most} rules of the prober's security group; AWS takes ${rulesAtMost}. Name fewer ports, or wider ranges.`,
    );
  }
  const topics = policy.watch.destinations.flatMap((each) => (each.kind === 'sns' ? [each.topicArn] : []));
  const zoneNames = policy.zones.map(({ name }) => name);
  return {
    hostedZoneArns: policy.zones.map(({ id }) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:route53:::hostedzone/${id}` })),
    zoneNames,
    recordNames: zoneNames.map((name) => `*.${name}`),
    proberEgress: egress,
    snsTopicArns: topics.length === 0 ? [noTopic] : topics,
  };
};
