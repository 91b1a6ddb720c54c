import type { WatchRules } from '../policy/watch-rules.ts';
import type { Health } from './health.ts';
import type { Incident } from './incident.ts';

const dayMs = 86_400_000;
/** The day's turn, in hours after midnight UTC: in the morning of Europe, and not in the night of America. */
const hourUtc = 9;
const shownAtMost = 10;

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

type Holders = { readonly expiresAtMs: number; readonly hostnames: readonly string[]; readonly of: number };

const concerning = ({ hostnames, of }: Holders): Pick<Incident, 'hostname' | 'concerned'> => {
  const [only] = hostnames;
  return hostnames.length === 1 && only !== undefined
    ? { hostname: only }
    : { concerned: { count: hostnames.length, of, some: hostnames.slice(0, shownAtMost) } };
};

const after = (
  before: Incident | undefined,
  holders: Holders,
  toldDays: number,
  channelId: string | undefined,
  nowMs: number,
): Incident => {
  const { expiresAtMs } = holders;
  const certificate = { expiresAtMs, toldDays };
  const sentence = sentenceOf(expiresAtMs, nowMs);
  if (before === undefined) {
    return {
      id: `certificate-${expiresAtMs}`,
      kind: 'certificate',
      openedAtMs: nowMs,
      revision: 1,
      sentence,
      findings: [],
      updates: [],
      certificate,
      ...concerning(holders),
      ...(channelId === undefined ? {} : { channelId }),
    };
  }
  const isNews = (before.certificate?.toldDays ?? toldDays) > toldDays;
  if (!isNews && before.closedAtMs === undefined) return before;
  const { hostname: _hostname, concerned: _concerned, closedAtMs: _renewed, ...kept } = before;
  const updates = isNews ? [...before.updates, { atMs: nowMs, text: sentence, loud: true as const }] : before.updates;
  return { ...kept, ...concerning(holders), revision: before.revision + 1, sentence, certificate, updates };
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
    channelOf,
  }: { readonly isMuted: (hostname: string) => boolean; readonly channelOf: (hostname: string) => string | undefined },
): readonly Incident[] => {
  const holders = new Map<number, string[]>();
  for (const [hostname, { certificateExpiresAtMs: endsMs }] of healths) {
    if (endsMs === undefined || reachedDays(endsMs, rules, nowMs) === undefined) continue;
    const own = holders.get(endsMs);
    if (own === undefined) holders.set(endsMs, [hostname]);
    else own.push(hostname);
  }
  const known = new Map(
    incidents.flatMap((incident) =>
      incident.kind === 'certificate' && incident.certificate
        ? [[incident.certificate.expiresAtMs, incident] as const]
        : [],
    ),
  );
  const renewed = [...known]
    .filter(([endsMs, { closedAtMs }]) => closedAtMs === undefined && !holders.has(endsMs))
    .map(([, open]) => ({
      ...open,
      revision: open.revision + 1,
      closedAtMs: nowMs,
      sentence: 'No endpoint shows this certificate any more.',
    }));
  const ending = [...holders].flatMap(([expiresAtMs, hostnames]) => {
    const before = known.get(expiresAtMs);
    if (hostnames.every(isMuted) && before === undefined) return [];
    const days = expiresAtMs <= nowMs ? expired : (reachedDays(expiresAtMs, rules, nowMs) ?? 0);
    const channels = new Set(hostnames.map(channelOf));
    const [channel] = channels;
    const next = after(
      before,
      { expiresAtMs, hostnames: hostnames.toSorted(), of: healths.size },
      days,
      channels.size === 1 ? channel : undefined,
      nowMs,
    );
    return next === before ? [] : [next];
  });
  return [...renewed, ...ending];
};
