import { shortChangeId, timeOfChangeId } from '../../core/ledger/change-id.ts';
import { type ChangeState, fold } from '../../core/ledger/fold.ts';
import type { Ports } from '../ports/ports.ts';
import { entriesOfDay } from './entries-of-day.ts';

export type FoundChange =
  | { readonly ok: true; readonly change: ChangeState }
  | { readonly ok: false; readonly message: string };

const whole = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

const dayMs = 86_400_000;
/** How far back a shortened id is looked for. */
const shortDays = 30;

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The first changes of some days that fit, with their streams: at most two, for of more than one none is taken. */
const requestedOn = async (
  { ledger }: Pick<Ports, 'ledger'>,
  days: readonly string[],
  fits: (changeId: string) => boolean,
  signal: AbortSignal,
): Promise<readonly (readonly [string, string])[]> => {
  const found: (readonly [string, string])[] = [];
  for (const day of days) {
    for await (const { stream, body } of entriesOfDay(ledger, day, signal)) {
      if (body.kind !== 'requested' || !fits(body.changeId)) continue;
      found.push([stream, body.changeId]);
      if (found.length === 2) return found;
    }
  }
  return found;
};

/** The change of an id as messages show it: whole, or shortened to its ends as in `01JD…7Q`. A change id holds its own day, so no index is needed. */
export const findChange = async (
  ports: Pick<Ports, 'ledger' | 'clock'>,
  text: string,
  signal: AbortSignal,
): Promise<FoundChange> => {
  const given = text.trim().toUpperCase();
  let found: readonly (readonly [string, string])[];
  if (whole.test(given)) {
    const at = timeOfChangeId(given);
    // The entry may have been written on the day after, when the request came around midnight or had to wait.
    found = await requestedOn(ports, [dayOf(at), dayOf(at + dayMs)], (changeId) => changeId === given, signal);
  } else if (/^[0-9A-Z]{4}(?:…|\.{2,3})[0-9A-Z]{2}$/.test(given)) {
    const short = given.replace(/\.{2,3}/, '…');
    const now = ports.clock.now();
    const days = Array.from({ length: shortDays }, (_, back) => dayOf(now - back * dayMs));
    found = await requestedOn(ports, days, (changeId) => shortChangeId(changeId) === short, signal);
  } else {
    return {
      ok: false,
      message: `change: "${text}" is no change id. One looks like 01JDXW4M3Z8Q7B5T9K2N6P0R7Q, or 01JD…7Q for short; history shows them.`,
    };
  }
  const [first, ...others] = found;
  if (first === undefined)
    return {
      ok: false,
      message: `change: there is no change ${text}${whole.test(given) ? '' : ` in the last ${shortDays} days`}. history shows them.`,
    };
  if (others.length > 0) return { ok: false, message: `change: ${text} fits more than one change. Give the whole id.` };
  const change = fold(await ports.ledger.read(first[0], signal)).changes.get(first[1]);
  return change === undefined
    ? { ok: false, message: `change: there is no change ${text}. history shows them.` }
    : { ok: true, change };
};
