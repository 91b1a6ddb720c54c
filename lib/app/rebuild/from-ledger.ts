import { bulkStream, isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk, isWaiting } from '../../core/bulk/fold-bulk.ts';
import type { Entry } from '../../core/ledger/entry.ts';
import { type ChangeState, fold, isFinished } from '../../core/ledger/fold.ts';
import { foldAudit } from '../../core/ledger/fold-audit.ts';
import type { StateItem } from '../ports/state-store.ts';
import { announcedItem, announcementCollections, announcementKey, awaitedItem } from '../state/announcements.ts';
import { directory, directoryItem, registeredByChange } from '../state/directory.ts';
import { muteItem, mutes, mutesIn } from '../state/mute-store.ts';
import { plansWaiting, waitingPlanItem } from '../state/waiting-plans.ts';
import type { Projection } from './projection.ts';

type Audit = ReturnType<typeof foldAudit>;

/** Whether the last announcement of a change speaks for what happened to it since. */
const isAnnounced = (change: ChangeState, audit: Audit): boolean => {
  const announced = audit.announced.get(change.changeId);
  // The bulk speaks for its changes; what landed late after that is announced by itself.
  if (change.partOf !== undefined && !change.landedLate) return true;
  return announced !== undefined && (!change.landedLate || announced.hashes.includes(change.lastHash));
};

const isFinishedBulk = (bulk: BulkState): boolean => !isWaiting(bulk) && bulk.state !== 'released';

const announcementOfBulk = ({ bulkId }: BulkState, audit: Audit): StateItem | undefined => {
  const announced = audit.announced.get(bulkId);
  return announced && announcedItem(bulkId, bulkStream(bulkId), announced.permalink);
};

const announcementOf = (change: ChangeState, audit: Audit): StateItem | undefined => {
  const announced = audit.announced.get(change.changeId);
  if (announced === undefined) return undefined;
  const key = isAnnounced(change, audit) ? announcementKey(change) : change.changeId;
  return announcedItem(key, change.plan.hostname, announced.permalink);
};

const present = <Item>(items: readonly (Item | undefined)[]): readonly Item[] =>
  items.filter((item) => item !== undefined);

/**
 * Everything in the state table that the ledger can give back: the directory, where each change was announced, which changes still wait for their
 * announcement, which plans and bulks for a person, and what is muted. What is only observed, such as probes, comes back with the next round.
 */
export const projectionsOf = (
  streams: readonly (readonly Entry[])[],
  auditEntries: readonly Entry[],
  nowMs: number,
): readonly Projection[] => {
  const audit = foldAudit(auditEntries);
  const folded = streams.map(fold);
  const changes = folded.flatMap((stream) => [...stream.changes.values()]);
  const registered = present(folded.map(({ lastApplied }) => lastApplied && registeredByChange(lastApplied)));
  const unannounced = changes.filter((change) => isFinished(change) && !isAnnounced(change, audit));
  const pending = folded.flatMap((stream) => stream.pending);
  const bulks = present(
    streams.filter(([first]) => first && isBulkStream(first.stream)).map((own) => foldBulk(own).bulk),
  );
  const unannouncedBulks = bulks.filter((bulk) => isFinishedBulk(bulk) && !audit.announced.has(bulk.bulkId));
  return [
    { collection: directory, items: registered.map(directoryItem), extent: 'whole' },
    {
      collection: announcementCollections.made,
      items: present([
        ...changes.map((change) => announcementOf(change, audit)),
        ...bulks.map((bulk) => announcementOfBulk(bulk, audit)),
      ]),
      extent: 'these',
    },
    {
      collection: announcementCollections.waiting,
      items: [
        ...unannounced.map((change) => awaitedItem(announcementKey(change), change.plan.hostname, true)),
        ...unannouncedBulks.map(({ bulkId }) => awaitedItem(bulkId, bulkStream(bulkId), true)),
      ],
      extent: 'at-least',
    },
    {
      collection: plansWaiting,
      items: [
        ...pending.map(({ changeId, plan }) =>
          waitingPlanItem(changeId, { hostname: plan.hostname, expiresAt: plan.expiresAt }),
        ),
        ...bulks
          .filter(isWaiting)
          .map(({ bulkId, expiresAt }) => waitingPlanItem(bulkId, { hostname: bulkStream(bulkId), expiresAt })),
      ],
      extent: 'at-least',
    },
    {
      collection: mutes,
      items: streams.flatMap((entries) => mutesIn(entries, nowMs).map(muteItem)),
      extent: 'at-least',
    },
  ];
};
