import { cachedUserGroups } from '../../../lib/app/ports/user-groups.ts';
import { examplePolicy, exampleProfile } from '../../core/validation/example-policy.ts';
import { createManualClock } from '../manual-clock.ts';
import { createMemoryFileUpload } from '../memory-file-upload.ts';
import { createMemoryLedger } from '../memory-ledger.ts';
import { createMemoryMessenger } from '../memory-messenger.ts';
import { createMemorySlackApp } from '../memory-slack-app.ts';
import { createMemoryStateStore } from '../memory-state-store.ts';
import { createMemoryWitness } from '../memory-witness.ts';
import { createMemoryZoneStore } from '../memory-zone-store.ts';
import { addressesStanding, healthyReport } from '../worker-under-test.ts';
import { bareRecordSets } from './bare-record-sets.ts';
import { approversChannel, auditChannel, type Cloud, cloudPolicy, commandChannel, zoneSeed } from './cloud.ts';
import { createLogBook } from './log-book.ts';
import { createMemoryFifo } from './memory-fifo.ts';

/** A cloud on the in-memory ports, which pass the contracts of the real ones. */
export const createMemoryCloud = (): Cloud => {
  const clock = createManualClock(undefined, { skipsSleep: true });
  const { store, listing, zones } = createMemoryZoneStore({ clock, zones: [zoneSeed] });
  const ledger = createMemoryLedger();
  const state = createMemoryStateStore(clock);
  const messenger = createMemoryMessenger(clock.now, [auditChannel, commandChannel, approversChannel]);
  const fifo = createMemoryFifo(clock);
  const { log, logged } = createLogBook();
  const queue = { send: fifo.send };
  let serial = 0;
  const said: Cloud['said'] = () => [
    ...messenger.replies.map(({ to, message, replaceOriginal }) => ({
      visibleTo: to.userId,
      answers: to.responseUrl,
      replacesOriginal: replaceOriginal,
      channelId: to.channelId,
      ...message,
      payload: {},
    })),
    ...messenger.posts.map(({ channelId, message, metadata }) => ({
      channelId,
      ...message,
      payload: metadata.event_payload,
    })),
  ];
  return {
    clock,
    ports: {
      clock,
      ledger,
      state,
      zones: store,
      zoneListing: listing,
      prober: {
        probe: async (request) => ({
          ok: true,
          report: healthyReport(request, addressesStanding(zones, request.hostname)),
        }),
      },
      batchProber: {
        probeMany: async (requests) =>
          requests.map((request) => ({
            ok: true,
            report: healthyReport(request, addressesStanding(zones, request.hostname)),
          })),
      },
      messenger,
      files: createMemoryFileUpload(),
      charts: { png: async (svg) => Buffer.from(svg) },
      witness: createMemoryWitness(messenger),
      slackApp: createMemorySlackApp(clock),
      queue,
      policy: examplePolicy(cloudPolicy),
      userGroups: cachedUserGroups({ members: async () => undefined }, clock),
      profile: exampleProfile(),
      log,
      random: () => 0.5,
    },
    watchPorts: { clock, ledger, state, queue, log, deadLetters: fifo.deadLetters },
    source: fifo,
    zone: async () => bareRecordSets(zones),
    said,
    responseUrl: () => `https://hooks.slack.com/commands/${++serial}`,
    logged,
    [Symbol.asyncDispose]: async () => undefined,
  };
};
