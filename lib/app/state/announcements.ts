import * as z from 'zod';
import type { ChangeState } from '../../core/ledger/fold.ts';
import type { StateItem, StateStore } from '../ports/state-store.ts';

/**
 * How far the announcing of a change has come: a courtesy to the announcer, which could do without at the price of one repeat.
 * `pending` → `posting` (since when) → `announced` (where).
 */
const announcementSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending'), hostname: z.string(), inSync: z.boolean() }),
  z.object({
    status: z.literal('posting'),
    hostname: z.string(),
    inSync: z.boolean(),
    since: z.string(),
    told: z.boolean(),
    textDigest: z.string(),
    // Absent in what older versions wrote.
    others: z.array(z.object({ hostname: z.string(), changeId: z.string() })).default([]),
  }),
  z.object({ status: z.literal('announced'), hostname: z.string(), permalink: z.string().nullable() }),
]);
export type AnnouncementStatus = z.output<typeof announcementSchema>;

/** Under which a change is announced: one that landed after it was declared failed is announced once more. */
export const announcementKey = ({ changeId, landedLate }: Pick<ChangeState, 'changeId' | 'landedLate'>): string =>
  landedLate ? `${changeId}.late` : changeId;

const changeIdIn = (announcement: string): string => announcement.replace(/\.late$/, '');

/** A change, and where its entries are. */
export type ChangeKey = { readonly hostname: string; readonly changeId: string };

/**
 * `since`: ISO 8601, before the first try to post. `told`: the requester was notified that Slack refuses the post. `textDigest`: of the text as last sent.
 * `others`: the changes that the message speaks for besides.
 */
export type Posting = {
  readonly hostname: string;
  readonly inSync: boolean;
  readonly since: string;
  readonly told: boolean;
  readonly textDigest: string;
  readonly others: readonly ChangeKey[];
};

const waiting = 'announcements-waiting';
const made = 'announcements-made';
/** Where the state table keeps them. */
export const announcementCollections = { waiting, made } as const;

/** That a finished change waits for its announcement. */
export const awaitedItem = (announcement: string, hostname: string, inSync: boolean): StateItem => {
  const status: AnnouncementStatus = { status: 'pending', hostname, inSync };
  return { collection: waiting, key: announcement, value: status };
};

/** That a change is announced, and where. */
export const announcedItem = (announcement: string, hostname: string, permalink: string | null): StateItem => {
  const status: AnnouncementStatus = { status: 'announced', hostname, permalink };
  return { collection: made, key: announcement, value: status };
};

export const announcementStatus = async (
  state: StateStore,
  announcement: string,
  signal: AbortSignal,
): Promise<AnnouncementStatus | undefined> => {
  const item = (await state.get(made, announcement, signal)) ?? (await state.get(waiting, announcement, signal));
  return announcementSchema.safeParse(item?.value).data;
};

/**
 * Notes that a finished change, or a bulk with its stream, waits for its announcement; never sets one back that has come further. Of two workers that finish
 * the same change, one may come here after it was announced: what it notes then is taken back.
 */
export const awaitAnnouncement = async (
  state: StateStore,
  announcement: string,
  hostname: string,
  inSync: boolean,
  signal: AbortSignal,
): Promise<void> => {
  const status = await announcementStatus(state, announcement, signal);
  if (status === undefined) await state.put(awaitedItem(announcement, hostname, inSync), true, signal);
  const isAnnounced =
    status === undefined ? (await state.get(made, announcement, signal)) !== undefined : status.status === 'announced';
  if (isAnnounced) await state.remove(waiting, announcement, signal);
};

/** Changes that wait, oldest first; an item that this version cannot read hides no other. */
export const waitingAnnouncements = async (
  state: StateStore,
  signal: AbortSignal,
): Promise<readonly (ChangeKey & { readonly status: AnnouncementStatus['status'] })[]> =>
  (await state.list(waiting, signal)).flatMap(({ key, value }) => {
    const { data } = announcementSchema.safeParse(value);
    return data === undefined ? [] : [{ changeId: changeIdIn(key), hostname: data.hostname, status: data.status }];
  });

export const markPosting = async (
  state: StateStore,
  announcement: string,
  posting: Posting,
  signal: AbortSignal,
): Promise<void> => {
  await state.put({ collection: waiting, key: announcement, value: { status: 'posting', ...posting } }, false, signal);
};

export const markAnnounced = async (
  state: StateStore,
  announcement: string,
  hostname: string,
  permalink: string | null,
  signal: AbortSignal,
): Promise<void> => {
  await state.put(announcedItem(announcement, hostname, permalink), false, signal);
  // Once the late success is announced, the earlier failure need not be announced any more.
  for (const told of new Set([announcement, changeIdIn(announcement)])) await state.remove(waiting, told, signal);
};

/** Under which the message is kept that speaks for a change: of a bulk's change that of the bulk, unless it landed late. */
export const announcedUnder = (change: Pick<ChangeState, 'changeId' | 'landedLate' | 'partOf'>): string =>
  change.landedLate ? announcementKey(change) : (change.partOf ?? announcementKey(change));

/** Link to the message that announced a bulk, where it was announced and Slack gave one. */
export const permalinkOfBulk = async (
  state: StateStore,
  bulkId: string,
  signal: AbortSignal,
): Promise<string | null> => {
  const status = await announcementStatus(state, bulkId, signal);
  return status?.status === 'announced' ? status.permalink : null;
};

/** The same of a change. */
export const permalinkOf = (state: StateStore, change: ChangeState, signal: AbortSignal): Promise<string | null> =>
  permalinkOfBulk(state, announcedUnder(change), signal);
