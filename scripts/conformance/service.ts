import { Route53Client, type Route53ClientConfig, type VPC, type VPCRegion } from '@aws-sdk/client-route-53';
import { createRoute53ZoneStore } from '../../lib/adapters/aws/route53-zone-store.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import type { ZoneStore } from '../../lib/app/ports/zone-store.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { createLocalRoute53, type LocalRoute53 } from '../../lib/local/route53/local-route53.ts';

const localInsyncDelayMs = 300;
/** A zone of the local service that no run makes: for record sets that no API call can make, nor delete. */
export const seededZone = { id: 'ZSEEDED', name: 'seeded.internal' } as const;
const standInVpcs = ['vpc-00000000000000001', 'vpc-00000000000000002'] as const;

/** The Route 53 under test. */
export type Service = {
  readonly description: string;
  readonly clientConfig: Route53ClientConfig;
  /** Sends again what was not answered; for reading and for zones. */
  readonly client: Route53Client;
  /** Sends once, for change batches. */
  readonly writer: Route53Client;
  readonly store: ZoneStore;
  readonly vpc: VPC;
  /** Another VPC, where naming one costs nothing. */
  readonly secondVpc?: VPC;
  /** Whether zones may be public for the moment of a check. */
  readonly mayBePublic: boolean;
  /** The project's own service, whose faults can be chosen. */
  readonly local?: LocalRoute53;
  /** How long one check may take, and a change until it is INSYNC. */
  readonly checkDeadlineMs: number;
  close(): Promise<void>;
};

/** Where the service is, from environment and arguments. */
export type Target =
  | { readonly kind: 'local' }
  | {
      readonly kind: 'endpoint';
      readonly url: string;
      readonly vpcId?: string | undefined;
      readonly region?: string | undefined;
    }
  | { readonly kind: 'real'; readonly vpcId: string; readonly region: string };

const connected = (
  clientConfig: Route53ClientConfig,
): Pick<Service, 'clientConfig' | 'client' | 'writer' | 'store'> => ({
  clientConfig,
  client: new Route53Client({ ...clientConfig, maxAttempts: 8 }),
  writer: new Route53Client({ ...clientConfig, maxAttempts: 1 }),
  store: createRoute53ZoneStore({ clientConfig }),
});

// The SDK's list of regions is only as new as the SDK; the service itself judges the region.
const vpcOf = (id: string, region: string): VPC => ({ VPCId: id, VPCRegion: region as VPCRegion });

const startLocal = async (): Promise<Service> => {
  const local = createLocalRoute53({ clock: systemClock, zones: [seededZone], insyncDelayMs: localInsyncDelayMs });
  const { url } = await local.listen();
  const connection = connected({ endpoint: url, region: localAws.region, credentials: localAws.credentials });
  return {
    description: `the project's own local Route 53 at ${url}`,
    ...connection,
    vpc: vpcOf(standInVpcs[0], localAws.region),
    secondVpc: vpcOf(standInVpcs[1], localAws.region),
    mayBePublic: true,
    local,
    checkDeadlineMs: 30_000,
    close: async () => {
      connection.client.destroy();
      await local.close();
    },
  };
};

/** Connects to the service, which for `local` is started. Credentials, and the region where none is given, are the SDK's own. */
export const openService = async (target: Target): Promise<Service> => {
  switch (target.kind) {
    case 'local':
      return await startLocal();
    case 'endpoint': {
      const connection = connected({
        endpoint: target.url,
        ...(target.region === undefined ? {} : { region: target.region }),
      });
      const region = target.region ?? (await connection.client.config.region());
      return {
        description: `the service at ${target.url}`,
        ...connection,
        vpc: vpcOf(target.vpcId ?? standInVpcs[0], region),
        ...(target.vpcId === undefined ? { secondVpc: vpcOf(standInVpcs[1], region) } : {}),
        mayBePublic: target.vpcId === undefined,
        checkDeadlineMs: 120_000,
        close: async () => connection.client.destroy(),
      };
    }
    case 'real': {
      const connection = connected({ region: target.region });
      return {
        description: 'Amazon Route 53',
        ...connection,
        vpc: vpcOf(target.vpcId, target.region),
        mayBePublic: false,
        checkDeadlineMs: 300_000,
        close: async () => connection.client.destroy(),
      };
    }
  }
};
