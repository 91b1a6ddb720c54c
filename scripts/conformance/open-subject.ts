import { randomBytes } from 'node:crypto';
import { Route53Client } from '@aws-sdk/client-route-53';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { localAws } from '../../lib/local/local-aws.ts';
import { createLocalRoute53 } from '../../lib/local/route53/local-route53.ts';
import { type HttpSubject, httpSubject } from './http-subject.ts';

/** VPC ids for services that take any. */
export const anyVpcs = ['vpc-00000000000000001', 'vpc-00000000000000002'] as const;
/** The zone that the project's own services come with. */
export const seededZone = { id: 'ZSEEDED', name: 'seeded.internal' } as const;
/** How long a change of a local service stays PENDING. */
export const localInsyncDelayMs = 300;

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

export type OpenSubject = HttpSubject & { close(): Promise<void> };

/** Starts the project's own service, and connects to it. */
export const openLocal = async (): Promise<OpenSubject> => {
  const local = createLocalRoute53({ clock: systemClock, zones: [seededZone], insyncDelayMs: localInsyncDelayMs });
  const { url } = await local.listen();
  const { region, credentials } = localAws;
  const subject = httpSubject({
    description: `the project's own local Route 53 at ${url}`,
    clientConfig: { endpoint: url, region, credentials },
    run: randomBytes(4).toString('hex'),
    vpc: { id: anyVpcs[0], region },
    secondVpc: { id: anyVpcs[1], region },
    mayBePublic: true,
    control: { ...local.faults, put: local.put, zone: seededZone },
    faults: local.faults,
    checkDeadlineMs: 30_000,
  });
  return {
    ...subject,
    close: async () => {
      subject.http?.client.destroy();
      await local.close();
    },
  };
};

/** Connects to the service, which for `local` is started. Credentials, and the region where none is given, are the SDK's own. */
export const openSubject = async (target: Target): Promise<OpenSubject> => {
  if (target.kind === 'local') return await openLocal();
  const clientConfig = {
    ...(target.kind === 'endpoint' ? { endpoint: target.url } : {}),
    ...(target.region === undefined ? {} : { region: target.region }),
  };
  const region = target.region ?? (await new Route53Client(clientConfig).config.region());
  const ownVpc = target.vpcId === undefined;
  const subject = httpSubject({
    description: target.kind === 'real' ? 'Amazon Route 53' : `the service at ${target.url}`,
    clientConfig,
    run: randomBytes(4).toString('hex'),
    vpc: { id: target.vpcId ?? anyVpcs[0], region },
    ...(ownVpc ? { secondVpc: { id: anyVpcs[1], region } } : {}),
    mayBePublic: ownVpc,
    checkDeadlineMs: target.kind === 'real' ? 300_000 : 120_000,
  });
  return { ...subject, close: async () => subject.http?.client.destroy() };
};
