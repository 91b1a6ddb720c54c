import type { WatchRules } from '../policy/watch-rules.ts';
import type { Health } from './health/health.ts';
import type { Incident, Member } from './incident/incident.ts';

const dayMs = 86_400_000;
/** The day's turn, in hours after midnight UTC: in the morning of Europe, and not in the night of America. */
const hourUtc = 9;
/** A certificate of a whole fleet: so many names are kept, the rest is counted. */
const holdersAtMost = 300;

/** The last time that the daily clock struck. */
const lastStrokeMs = (nowMs: number): number =>
  Math.floor((nowMs - hourUtc * 3_600_000) / dayMs) * dayMs + hourUtc * 3_600_000;

const dateOf = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

const inDays = (days: number): string => (days <= 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`);

/** The smallest of the days that is reached at the last stroke; undefined as long as none is. */
const reachedDays = (expiresAtMs: number, rules: WatchRules, nowMs: number): number | undefined => {
  const left = (expiresAtMs - lastStrokeMs(nowMs)) / dayMs;
  const reached = rules.certificateDays.filter((days) => left <= days);
  return reached.length === 0 ? undefined : Math.min(...reached);
};

const sentenceOf = (expiresAtMs: number, nowMs: number): string =>
  expiresAtMs <= nowMs
    ? `It expired on ${dateOf(expiresAtMs)}: modes that verify certificates do not get in.`
    : `It ends on ${dateOf(expiresAtMs)}, in ${inDays(Math.floor((expiresAtMs - nowMs) / dayMs))}. Renew it and reload the server.`;

/** Told as expired; below any of the rules' days. */
const expired = -1;

type Holders = { readonly expiresAtMs: number; readonly members: readonly Member[] };

const opened = ({ expiresAtMs, members }: Holders, toldDays: number, nowMs: number): Incident => ({
  id: `certificate-${expiresAtMs}`,
  cause: { kind: 'certificate', expiresAtMs },
  openedAtMs: nowMs,
  raisedAtMs: nowMs,
  revision: 1,
  severity: 'certificate',
  sentence: sentenceOf(expiresAtMs, nowMs),
  findings: [],
  members: members.slice(0, holdersAtMost),
  ...(members.length > holdersAtMost ? { unlisted: members.length - holdersAtMost } : {}),
  updates: [],
  toldDays,
});

const after = (before: Incident, holders: Holders, toldDays: number, nowMs: number): Incident => {
  const isNews = (before.toldDays ?? toldDays) > toldDays;
  if (!isNews && before.closedAtMs === undefined) return before;
  const { closedAtMs: _renewed, unlisted: _unlisted, ...kept } = before;
  const { sentence, members, unlisted } = opened(holders, toldDays, nowMs);
  const updates = isNews
    ? [...before.updates, { atMs: nowMs, step: 'worse' as const, text: sentence }]
    : before.updates;
  return {
    ...kept,
    revision: before.revision + 1,
    sentence,
    members,
    ...(unlisted === undefined ? {} : { unlisted }),
    toldDays,
    updates,
  };
};

const renewed = (open: Incident, nowMs: number): Incident => {
  const sentence = 'No endpoint uses this certificate any longer.';
  return {
    ...open,
    revision: open.revision + 1,
    closedAtMs: nowMs,
    sentence,
    members: open.members.map((member) => ({ ...member, leftAtMs: nowMs })),
    updates: [...open.updates, { atMs: nowMs, step: 'resolved', text: sentence }],
  };
};

/**
 * Incidents of certificates that are about to end, as they are after this round: those that are new or changed. The days are reckoned once a day, at a fixed
 * hour, so that nobody is woken for them. All endpoints whose certificates end at the same moment have the same certificate: one incident, told at the first
 * of the rules' days and again at each further one, and closed when no endpoint shows that certificate any more.
 */
export const certificateIncidents = (
  healths: ReadonlyMap<string, Health>,
  incidents: readonly Incident[],
  rules: WatchRules,
  nowMs: number,
  {
    isMuted,
    ownerOf,
  }: { readonly isMuted: (hostname: string) => boolean; readonly ownerOf: (hostname: string) => string | undefined },
): readonly Incident[] => {
  const holders = new Map<number, Member[]>();
  for (const [hostname, { certificateExpiresAtMs: endsMs }] of healths) {
    if (endsMs === undefined || reachedDays(endsMs, rules, nowMs) === undefined) continue;
    const owner = ownerOf(hostname);
    const member: Member = { hostname, state: 'up', joinedAtMs: nowMs, ...(owner === undefined ? {} : { owner }) };
    const own = holders.get(endsMs);
    if (own === undefined) holders.set(endsMs, [member]);
    else own.push(member);
  }
  const known = new Map(
    incidents.flatMap((incident) =>
      incident.cause.kind === 'certificate' ? [[incident.cause.expiresAtMs, incident] as const] : [],
    ),
  );
  const over = [...known]
    .filter(([endsMs, { closedAtMs }]) => closedAtMs === undefined && !holders.has(endsMs))
    .map(([, open]) => renewed(open, nowMs));
  const ending = [...holders].flatMap(([expiresAtMs, members]) => {
    const before = known.get(expiresAtMs);
    if (before === undefined && members.every(({ hostname }) => isMuted(hostname))) return [];
    const days = expiresAtMs <= nowMs ? expired : (reachedDays(expiresAtMs, rules, nowMs) ?? 0);
    const sorted = members.toSorted((one, other) => (one.hostname < other.hostname ? -1 : 1));
    const next =
      before === undefined
        ? opened({ expiresAtMs, members: sorted }, days, nowMs)
        : after(before, { expiresAtMs, members: sorted }, days, nowMs);
    return next === before ? [] : [next];
  });
  return [...over, ...ending];
};
