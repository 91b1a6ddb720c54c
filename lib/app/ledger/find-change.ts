import { bulkStream, isBulkStream } from '../../core/bulk/bulk-stream.ts';
import { type BulkState, foldBulk } from '../../core/bulk/fold-bulk.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import { printable } from '../../core/endpoint/printable.ts';
import { shortChangeId, timeOfChangeId } from '../../core/ledger/change-id.ts';
import { type ChangeState, fold } from '../../core/ledger/fold.ts';
import type { Ports } from '../ports/ports.ts';
import { entriesOfDay } from './entries-of-day.ts';

type NotFound = { readonly ok: false; readonly message: string };

export type FoundChange = { readonly ok: true; readonly change: ChangeState } | NotFound;

/** A change, or a bulk of many. */
export type FoundChangeOrBulk = FoundChange | { readonly ok: true; readonly bulk: BulkState };

const whole = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const dayMs = 86_400_000;
/** How far back a shortened id is looked for. */
const shortDays = 30;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** A stream, and the id of a change or of a bulk in it. */
type Found = readonly [stream: string, id: string];

/** The first changes and bulks of some days that fit, with their streams: at most two, for of more than one none is taken. */
const requestedOn = async (
  { ledger }: Pick<Ports, 'ledger'>,
  days: readonly string[],
  fits: (changeId: string) => boolean,
  signal: AbortSignal,
): Promise<readonly Found[]> => {
  const found = new Map<string, Found>();
  for (const day of days) {
    for await (const { stream, body } of entriesOfDay(ledger, day, signal)) {
      const id = body.kind === 'requested' ? body.changeId : body.kind === 'bulk-requested' ? body.bulkId : undefined;
      if (id === undefined || !fits(id)) continue;
      found.set(id, [stream, id]);
      if (found.size === 2) return [...found.values()];
    }
  }
  return [...found.values()];
};

/**
 * The change or the bulk of an id as messages show it: whole, or shortened to its ends as in `01JD…7Q`. The id holds its own day, so no index is needed.
 */
export const findChangeOrBulk = async (
  ports: Pick<Ports, 'ledger' | 'clock'>,
  text: string,
  signal: AbortSignal,
): Promise<FoundChangeOrBulk> => {
  const given = text
    .trim()
    .toUpperCase()
    .replace(/^BULK:/, '');
  let found: readonly Found[];
  if (whole.test(given)) {
    const { bulk } = foldBulk(await ports.ledger.read(bulkStream(given), signal));
    if (bulk !== undefined) return { ok: true, bulk };
    const at = timeOfChangeId(given);
    // The entry may have been written on the day after, when the request came around midnight or had to wait.
    found = await requestedOn(ports, [dayOf(at), dayOf(at + dayMs)], (changeId) => changeId === given, signal);
  } else if (/^[0-9A-Z]{4}(?:…|\.{2,3})[0-9A-Z]{2}$/.test(given)) {
    const short = given.replace(/\.{2,3}/, '…');
    const now = ports.clock.now();
    const days = Array.from({ length: shortDays }, (_, back) => dayOf(now - back * dayMs));
    found = await requestedOn(ports, days, (changeId) => shortChangeId(changeId) === short, signal);
  } else {
    const parsed = parseHostname(text.trim());
    const where = 'hostname' in parsed ? `/postal-endpoint history ${parsed.hostname}` : 'the history';
    return {
      ok: false,
      message: `change: "${printable(text)}" is not a change id. One looks like 01JDXW4M3Z8Q7B5T9K2N6P0R7Q, or 01JD…7Q for short; ${where} lists them.`,
    };
  }
  const [first, ...others] = found;
  if (first === undefined)
    return {
      ok: false,
      message: `change: there is no change ${text}${whole.test(given) ? '' : ` in the last ${shortDays} days`}. The history lists the ids.`,
    };
  if (others.length > 0) return { ok: false, message: `change: ${text} fits more than one change. Give the whole id.` };
  const [stream, id] = first;
  const entries = await ports.ledger.read(stream, signal);
  const bulk = isBulkStream(stream) ? foldBulk(entries).bulk : undefined;
  if (bulk !== undefined) return { ok: true, bulk };
  const change = fold(entries).changes.get(id);
  return change === undefined
    ? { ok: false, message: `change: there is no change ${text}. The history lists the ids.` }
    : { ok: true, change };
};

/** The same for what concerns one change only. */
export const findChange = async (
  ports: Pick<Ports, 'ledger' | 'clock'>,
  text: string,
  signal: AbortSignal,
): Promise<FoundChange> => {
  const found = await findChangeOrBulk(ports, text, signal);
  return found.ok && 'bulk' in found
    ? {
        ok: false,
        message: `change: ${text} is a bulk of ${found.bulk.parts.length} changes. Give the id of one of them.`,
      }
    : found;
};
