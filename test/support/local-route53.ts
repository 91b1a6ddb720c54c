import type { Route53ClientConfig } from '@aws-sdk/client-route-53';
import { createRoute53ZoneStore, type Route53ZoneStoreOptions } from '../../lib/adapters/aws/route53-zone-store.ts';
import type { ZoneStore } from '../../lib/app/ports/zone-store.ts';
import {
  createLocalRoute53,
  type LocalRoute53,
  type LocalRoute53Options,
} from '../../lib/local/route53/local-route53.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

/** Settings of an SDK client that talks to a local Route 53. */
export const localClientConfig = (url: string): Route53ClientConfig => ({
  endpoint: url,
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIALOCAL', secretAccessKey: 'local' },
});

export type LocalRoute53Harness = {
  readonly route53: LocalRoute53;
  readonly store: ZoneStore;
  /** The service's clock. */
  readonly clock: ManualClock;
  /** How long the store waited between the attempts of its reads, in milliseconds. */
  readonly waits: readonly number[];
  readonly url: string;
};

/** A local Route 53 on a free port with a ZoneStore that reaches it over HTTP. */
export const startLocalRoute53 = async (
  options: Pick<LocalRoute53Options, 'zones'> & Partial<LocalRoute53Options>,
  storeOptions: Route53ZoneStoreOptions = {},
): Promise<LocalRoute53Harness> => {
  const clock = createManualClock();
  const route53 = createLocalRoute53({ clock, ...options });
  const { url } = await route53.listen();
  const patience = createManualClock(undefined, { skipsSleep: true });
  const store = createRoute53ZoneStore({
    clientConfig: localClientConfig(url),
    clock: patience,
    random: () => 0,
    ...storeOptions,
  });
  return { route53, store, clock, waits: patience.slept, url };
};
