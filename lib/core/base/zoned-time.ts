const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Whether this is the name of a time zone (IANA), such as `Europe/Berlin`. */
export const isTimeZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

/** What the clocks of a zone show at a moment, as if it were UTC; milliseconds, to the second. */
const wallMs = (atMs: number, timeZone: string): number => {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
};

/** The day that the calendars of a zone show at a moment, `2026-01-31`. */
export const wallDay = (atMs: number, timeZone: string): string =>
  new Date(wallMs(atMs, timeZone)).toISOString().slice(0, 10);

/** The moment at which the clocks of a zone show this; an hour later where they skip it in spring, the first where they show it twice. */
const atWall = (wall: number, timeZone: string): number => {
  const guess = wall - (wallMs(wall, timeZone) - wall);
  const offsets = [guess - dayMs, guess + dayMs].map((atMs) => wallMs(atMs, timeZone) - atMs);
  const fitting = offsets.map((offset) => wall - offset).filter((atMs) => wallMs(atMs, timeZone) === wall);
  return fitting.length > 0 ? Math.min(...fitting) : wall - (offsets[0] ?? 0);
};

/**
 * The moment, in milliseconds since the epoch, of a time such as `03:00` (the next one), `2026-01-31T22:00`, both in `timeZone`, or one with its own
 * offset (`…Z`, `…+01:00`); `undefined` when it is anything else.
 */
export const zonedTimeMs = (text: string, timeZone: string, nowMs: number): number | undefined => {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours !== undefined && minutes !== undefined) {
    if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
    const now = wallMs(nowMs, timeZone);
    const today = now - (now % dayMs) + (Number(hours) * 60 + Number(minutes)) * minuteMs;
    const atMs = atWall(today, timeZone);
    return atMs > nowMs ? atMs : atWall(today + dayMs, timeZone);
  }
  const [, date, zone] = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})?$/.exec(text) ?? [];
  if (date === undefined) return undefined;
  const wall = Date.parse(`${date}Z`);
  // A day that its month does not have would be taken for one of the next.
  if (Number.isNaN(wall) || !new Date(wall).toISOString().startsWith(date)) return undefined;
  if (zone === undefined) return atWall(wall, timeZone);
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) ? undefined : atMs;
};

/**
 * The moment, in milliseconds since the epoch, of a day such as `2026-01-31`, which is its beginning, or of a day with a time as above; `undefined` when it
 * is anything else.
 */
export const momentOfDay = (text: string, timeZone: string): number | undefined => {
  const [, day, time = '00:00'] = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d.*))?$/.exec(text) ?? [];
  return day === undefined ? undefined : zonedTimeMs(`${day}T${time}`, timeZone, 0);
};
