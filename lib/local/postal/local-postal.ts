import { randomBytes } from 'node:crypto';
import { sendSnapshot } from '../../adapters/postal-reports/send-snapshot.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { MailServer } from './data.ts';
import { createDeliver } from './deliver.ts';
import { Pace } from './pace.ts';
import { panelAction } from './panel-action.ts';
import type { PostalPanel } from './panel-protocol.ts';
import { panelState } from './panel-state.ts';
import { type PostalInstallation, snapshotUrl, webhookUrl } from './postal-installation.ts';
import { runReporter } from './reporter.ts';
import { snapshotOf } from './snapshot-of.ts';
import { openPostalStore } from './store.ts';
import { createWake } from './wake.ts';
import { runWorkers } from './workers.ts';

export type LocalPostalOptions = {
  /** Where its data outlives the process; absent: nowhere. */
  readonly file?: string;
  readonly servers: readonly MailServer[];
  readonly profile: PostalProfile;
  /** So many times faster than Postal is all waiting between two attempts: at 60 its minute is a second. */
  readonly timesFaster: number;
  readonly now: () => number;
  readonly log: (line: string) => void;
};

export type LocalPostal = PostalPanel & {
  /** Begins to deliver, and to tell the bot, whose HTTP API has this origin. */
  start(
    origin: string,
    installation: Pick<PostalInstallation, 'signingKey' | 'sender' | 'reportKey' | 'webhookTokens'>,
  ): void;
  /** Ends every session, and waits until everything is on disk. */
  close(): Promise<void>;
};

/** A small Postal: its endpoints, routes and queue can be edited, and it delivers over SMTP, with Postal's words, retries and webhooks. */
export const createLocalPostal = async ({
  file,
  servers,
  profile,
  timesFaster,
  now,
  log,
}: LocalPostalOptions): Promise<LocalPostal> => {
  const store = await openPostalStore(file);
  const pace = new Pace(timesFaster);
  const wake = createWake();
  store.subscribe(wake.ring);
  const closing = new AbortController();
  let running: Promise<unknown> = Promise.resolve();
  return {
    state: () => panelState(store.data(), servers, pace),
    act: (action, body) => {
      const arrival = { token: randomBytes(8).toString('hex'), atMs: now() };
      const edited = panelAction(store.data(), servers, action, body, arrival);
      if (edited?.ok !== true) return edited;
      store.replace(edited.data);
      return { ok: true };
    },
    subscribe: store.subscribe,
    start: (origin, installation) => {
      const { signal } = closing;
      const { signingKey, sender, reportKey } = installation;
      const reportTo = { url: new URL(snapshotUrl(origin)), sender, key: reportKey };
      const webhookUrlOf = ({ name }: MailServer): URL => new URL(webhookUrl(origin, installation, name));
      const workers = { store, servers, deliver: createDeliver(profile), webhookUrlOf, signingKey, pace, wake, now };
      const report: Parameters<typeof runReporter>[1] = (data) =>
        sendSnapshot(snapshotOf(data, servers, now()), reportTo, now, signal);
      running = Promise.all([runWorkers(workers, signal), runReporter(store, report, log, signal)]).catch(
        (error: unknown) => log(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      );
    },
    close: async () => {
      closing.abort();
      await running;
      await store.flush();
    },
  };
};
