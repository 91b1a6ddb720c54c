import type { RecordSet } from '../dns/record-set.ts';
import type { Definition, Targets } from '../endpoint/definition.ts';
import { normaliseName } from '../endpoint/hostname.ts';
import { parseIpAddress } from '../endpoint/ip-address.ts';
import { targetTexts } from '../endpoint/targets.ts';
import type { Entry, EntryBody } from './entry.ts';
import { type ChangeState, fold } from './fold.ts';

/** Which part of the history is asked for. */
export type HistoryFilter = {
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  /** Who asked, by user id. */
  readonly by: string | undefined;
  /** An address in canonical text, or a name: only changes that set it or took it away. */
  readonly target: string | undefined;
};

const canonical = (value: string): string => parseIpAddress(value)?.text ?? normaliseName(value);

/** Of a marker too, whose text is never a target. */
const stands = (target: string, records: readonly RecordSet[]): boolean =>
  records.some(({ values }) => values.some((value) => canonical(value) === target));

const isIn = (target: string, targets: Targets | undefined): boolean =>
  targets !== undefined && targetTexts(targets).includes(target);

/** Whether a change sets a target, takes it away, or moves it to or from the standby: in the records or in the definition. */
export const changesTarget = ({ plan }: Pick<ChangeState, 'plan'>, target: string): boolean => {
  const { before, after, definitionBefore, definitionAfter } = plan;
  const where = (records: readonly RecordSet[], definition: Definition | undefined): string =>
    JSON.stringify([stands(target, records), isIn(target, definition?.targets), isIn(target, definition?.standby)]);
  return where(before, definitionBefore) !== where(after, definitionAfter);
};

const isSince = (at: string, { sinceMs }: HistoryFilter): boolean => Date.parse(at) >= sinceMs;
const isBy = (userId: string, { by }: HistoryFilter): boolean => by === undefined || userId === by;

/** Whether a change is asked for. */
export const isChosenChange = (change: ChangeState, filter: HistoryFilter): boolean =>
  isSince(change.requestedAt, filter) &&
  isBy(change.actor.userId, filter) &&
  (filter.target === undefined || changesTarget(change, filter.target));

/** What is written down and belongs to no change. */
export type LoneBody = Extract<EntryBody, { kind: 'refused' | 'tried' | 'muted' | 'unmuted' | 'acknowledged' }>;

export const isAlone = (body: EntryBody): body is LoneBody =>
  body.kind === 'refused' ||
  body.kind === 'tried' ||
  body.kind === 'muted' ||
  body.kind === 'unmuted' ||
  body.kind === 'acknowledged';

/** Whether an entry that belongs to no change is asked for. Such entries set no target. */
export const isChosenAlone = ({ at, body }: Pick<Entry, 'at' | 'body'>, filter: HistoryFilter): boolean =>
  isAlone(body) && filter.target === undefined && isSince(at, filter) && isBy(body.actor.userId, filter);

/** The entries of one stream that are asked for: by time alone every one, else those of the chosen changes, and what stands alone. */
export const chosenEntries = (entries: readonly Entry[], filter: HistoryFilter): readonly Entry[] => {
  if (filter.by === undefined && filter.target === undefined) return entries.filter(({ at }) => isSince(at, filter));
  const { changes } = fold(entries);
  const chosen = new Set(
    [...changes.values()].filter((change) => isChosenChange(change, filter)).map(({ changeId }) => changeId),
  );
  return entries.filter((entry) =>
    'changeId' in entry.body ? chosen.has(entry.body.changeId) : isChosenAlone(entry, filter),
  );
};
