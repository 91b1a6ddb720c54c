import type { Clock } from '../../core/base/clock.ts';
import type { Command, Verb } from '../../core/grammar/command.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { BatchProber, Prober } from '../../core/probe-report/report.ts';
import type { QueueMessage } from '../queue/message.ts';
import type { ChartRenderer } from './chart-renderer.ts';
import type { CommandQueue } from './command-queue.ts';
import type { Destinations } from './destinations.ts';
import type { FileDownload } from './file-download.ts';
import type { FileUpload } from './file-upload.ts';
import type { Ledger } from './ledger.ts';
import type { Logger } from './logger.ts';
import type { Messenger } from './messenger.ts';
import type { SlackApp } from './slack-app.ts';
import type { StateStore } from './state-store.ts';
import type { CachedUserGroups } from './user-groups.ts';
import type { Witness } from './witness.ts';
import type { ZoneListing } from './zone-listing.ts';
import type { ZoneStore } from './zone-store.ts';

/** Everything outside that a use case may touch. */
export type Ports = {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly state: StateStore;
  readonly zones: ZoneStore;
  readonly zoneListing: ZoneListing;
  readonly prober: Prober;
  readonly batchProber: BatchProber;
  readonly messenger: Messenger;
  readonly files: FileUpload;
  readonly givenFiles: FileDownload;
  readonly charts: ChartRenderer;
  readonly witness: Witness;
  readonly slackApp: SlackApp;
  readonly destinations: Destinations;
  readonly queue: Pick<CommandQueue, 'send'>;
  readonly policy: Policy;
  readonly userGroups: CachedUserGroups;
  readonly profile: PostalProfile;
  readonly log: Logger;
  /** How many workers there may be at once; as deployed when absent. */
  readonly workers?: number;
  /** 0 to 1, for jitter. */
  readonly random: () => number;
};

/** A command on its way through the worker. `deliveries` counts how often the queue has handed it over, from 1. */
export type Request<V extends Verb = Verb> = Omit<Extract<QueueMessage, { kind: 'command' }>, 'command'> & {
  readonly command: Extract<Command, { verb: V }>;
  readonly deliveries: number;
};

/** What happens to a queue message: gone, or seen again after a while. */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly afterSeconds: number; readonly why: string };

export const done: Outcome = { kind: 'done' };
