import { ListHostedZonesByVPCCommand, type Route53Client, type VPCRegion } from '@aws-sdk/client-route-53';
import type { ZoneFacts, ZoneResult } from '../../core/dns/zone-reading.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import type { createRoute53Read } from './route53-read.ts';
import { bareId } from './route53-record-set.ts';

const pageSize = 100;

/** The private zones that a VPC sees, on however many pages. It needs `route53:ListHostedZonesByVPC` and `ec2:DescribeVpcs`. */
export const zonesOfVpc = async (
  client: Route53Client,
  read: ReturnType<typeof createRoute53Read>,
  vpc: ZoneFacts['vpcs'][number],
  signal: AbortSignal,
): Promise<ZoneResult<readonly Pick<ZoneFacts, 'id' | 'name'>[]>> => {
  const zones: Pick<ZoneFacts, 'id' | 'name'>[] = [];
  let NextToken: string | undefined;
  do {
    // The SDK's list of regions is only as new as the SDK; Route 53 itself judges the region.
    const VPCRegion = vpc.region as VPCRegion;
    const command = new ListHostedZonesByVPCCommand({ VPCId: vpc.id, VPCRegion, MaxItems: pageSize, NextToken });
    const result = await read((abortSignal) => client.send(command, { abortSignal }), signal);
    if (!result.ok) return result;
    for (const { HostedZoneId = '', Name = '' } of result.value.HostedZoneSummaries ?? [])
      zones.push({ id: bareId(HostedZoneId), name: canonicalName(Name) });
    NextToken = result.value.NextToken;
  } while (NextToken !== undefined);
  return { ok: true, value: zones };
};
