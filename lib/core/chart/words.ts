import type { Span, Statistics } from './statistics.ts';

/** Milliseconds as people read them: `38 ms`, `1.2 s`. */
export const shownMs = (ms: number): string =>
  Math.round(ms) < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;

/** `14:05`, in UTC. */
export const timeOfDay = (atMs: number): string => new Date(atMs).toISOString().slice(11, 16);

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** `Sun 22`, in UTC. */
export const dayOfMonth = (atMs: number): string =>
  `${weekdays[new Date(atMs).getUTCDay()] ?? ''} ${new Date(atMs).getUTCDate()}`;

/** Share in per cent, rounded down, so that only what is whole is called 100 %. */
const percent = (part: number, whole: number): string => `${Math.floor((part / whole) * 1000) / 10} %`;

/** `up 98.6 % of 288 checks`. */
export const availability = ({ checks, inconclusive, up }: Statistics): string => {
  const unclear = inconclusive === 0 ? '' : `, ${inconclusive} inconclusive`;
  return checks === 0
    ? `no check that says anything${unclear}`
    : `up ${percent(up, checks)} of ${checks} ${checks === 1 ? 'check' : 'checks'}${unclear}`;
};

const duration = (ms: number): string => {
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} days${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
  return [...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 || hours === 0 ? [`${rest} min`] : [])].join(' ');
};

/** In the order in which they matter to mail. */
const told = ['down', 'plaintext', 'drifted', 'degraded', 'unmeasured'] as const satisfies readonly Span['state'][];
const stretchesNamed = 3;

const stretch = ({ fromMs, toMs }: Span, whole: Statistics): string => {
  if (fromMs <= whole.fromMs) return toMs >= whole.toMs ? 'all the time' : `until ${timeOfDay(toMs)}`;
  return toMs >= whole.toMs ? `since ${timeOfDay(fromMs)}` : `${timeOfDay(fromMs)}–${timeOfDay(toMs)}`;
};

const word = (state: Span['state']): string => (state === 'unmeasured' ? 'not measured' : state);

/** When it was so: `down 14:05–14:20 UTC`. For stretches of a day, in which a time of day is said once. */
const stretches = (whole: Statistics): string[] =>
  told.flatMap((state) => {
    const spans = whole.spans.filter((span) => span.state === state);
    if (spans.length === 0) return [];
    const named = spans.slice(0, stretchesNamed).map((span) => stretch(span, whole));
    const more = spans.length > stretchesNamed ? ` and ${spans.length - stretchesNamed} more` : '';
    return [`${word(state)} ${named.join(', ')}${named.every((text) => text === 'all the time') ? '' : ' UTC'}${more}`];
  });

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);

/** How often and how long in all: `down 3 times, 1 h 35 min in all`. What came before the first look is no gap. */
const totals = (whole: Statistics): string[] => {
  const [first] = whole.spans;
  const isYoung = first?.state === 'unmeasured' && first.toMs < whole.toMs;
  const counted = isYoung ? whole.spans.slice(1) : whole.spans;
  const counts = told.flatMap((state) => {
    const spans = counted.filter((span) => span.state === state);
    if (spans.length === 0) return [];
    const long = duration(spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0));
    return [`${word(state)} ${times(spans.length)}, ${long}${spans.length === 1 ? '' : ' in all'}`];
  });
  return [...counts, ...(isYoung ? [`not measured until ${dayOfMonth(first.toMs)} ${timeOfDay(first.toMs)} UTC`] : [])];
};

const sentence = (name: string, statistics: Statistics, trouble: readonly string[]): string => {
  const { latency } = statistics;
  const first = [availability(statistics), ...trouble].join(', ');
  return `${name}: ${first}${latency === undefined ? '' : `; median ${shownMs(latency.p50Ms)}, p95 ${shownMs(latency.p95Ms)}`}.`;
};

/** `Last day: up 98.6 % of 288 checks, down 14:05–14:20 UTC; median 38 ms, p95 120 ms.` */
export const daySentence = (day: Statistics): string => sentence('Last day', day, stretches(day));

/** `Last week: up 99.1 % of 2016 checks, down 3 times, 1 h 35 min in all; median 38 ms, p95 130 ms.` */
export const weekSentence = (week: Statistics): string => sentence('Last week', week, totals(week));
