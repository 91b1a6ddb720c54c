import type { Route53Client, Route53ClientConfig } from '@aws-sdk/client-route-53';
import type { ZoneListing } from '../../lib/app/ports/zone-listing.ts';
import type { SubmitResult, ZoneStore } from '../../lib/app/ports/zone-store.ts';
import type { LocalChange } from '../../lib/local/route53/apply-batch.ts';
import type { Faults } from '../../lib/local/route53/faults.ts';
import type { HostedZones } from '../../lib/local/route53/hosted-zones.ts';
import type { LocalVpc } from '../../lib/local/route53/zone.ts';

/** A zone that a run has made: `id` without prefix, `name` without trailing dot. */
export type ScratchZone = { readonly id: string; readonly name: string };

/** The zones that a run makes. A refusal to make one is thrown, with Route 53's code as its name. */
export type ScratchZones = {
  /** Makes a zone that `vpc` sees, or a public one. */
  create(name: string, vpc: LocalVpc | 'public', signal: AbortSignal): Promise<ScratchZone>;
  associate(zoneId: string, vpc: LocalVpc, signal: AbortSignal): Promise<void>;
  /** Deletes a zone; throws when it still has records. */
  delete(zoneId: string, signal: AbortSignal): Promise<void>;
};

/** The Route 53 under test. What is absent, its kind of service does not have. */
export type Subject = {
  readonly description: string;
  readonly store: ZoneStore;
  readonly listing: ZoneListing;
  /** Sends a batch that the adapter would not. */
  sendRaw(zoneId: string, changes: readonly LocalChange[], signal: AbortSignal): Promise<SubmitResult>;
  readonly zones: ScratchZones;
  readonly vpc: LocalVpc;
  /** Another VPC, where naming one costs nothing. */
  readonly secondVpc?: LocalVpc;
  /** Whether zones may be public for the moment of a check. */
  readonly mayBePublic: boolean;
  /** The service is reached over HTTP. */
  readonly http?: { readonly client: Route53Client; readonly clientConfig: Route53ClientConfig };
  /** One of the project's own: what another tool does can be played. */
  readonly control?: Pick<HostedZones, 'put' | 'protect' | 'holdPending'> & {
    /** A zone that the service came with: what is put there cannot always be deleted through the API. */
    readonly zone: ScratchZone;
  };
  readonly faults?: Pick<Faults, 'next'>;
  /** How long one check may take, and a change until it is INSYNC. */
  readonly checkDeadlineMs: number;
};
