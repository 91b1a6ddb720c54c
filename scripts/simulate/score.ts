import type { Told } from './play.ts';
import type { Fault, Mass, Terms, Truth } from './truth.ts';

/** What has to be told once: an outage of N intervals or more, a mass event, a certificate that ends. */
type Due = {
  readonly label: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly matches: (told: Told) => boolean;
  readonly isTimed: boolean;
};

export type Score = {
  readonly incidents: number;
  readonly missed: readonly string[];
  readonly false: readonly string[];
  readonly repeated: readonly string[];
  readonly unrecovered: readonly string[];
  readonly alerts: number;
  /** In intervals, from the beginning of what happened to its alert. */
  readonly detection: readonly number[];
  /** Of faults too short to be incidents, yet too long for one look: how many there were, and how many were told. */
  readonly between: { readonly count: number; readonly told: number };
  readonly flaps: { readonly count: number; readonly told: number };
};

const clockTime = (atMs: number): string => new Date(atMs).toISOString().slice(11, 19);
const overlap = (one: { fromMs: number; toMs: number }, other: { fromMs: number; toMs: number }): boolean =>
  one.fromMs < other.toMs && other.fromMs < one.toMs;

/** What of an outage lies outside the mass events, and the interval after each in which watch sees that it is over. */
const clearOf = (
  fault: Fault,
  masses: readonly Mass[],
  intervalMs: number,
): readonly { readonly fromMs: number; readonly toMs: number }[] =>
  masses.reduce<readonly { readonly fromMs: number; readonly toMs: number }[]>(
    (parts, mass) => {
      const shadow = { fromMs: mass.fromMs, toMs: mass.toMs + intervalMs };
      return parts.flatMap((part) =>
        overlap(part, shadow)
          ? [
              { fromMs: part.fromMs, toMs: Math.min(part.toMs, shadow.fromMs) },
              { fromMs: Math.max(part.fromMs, shadow.toMs), toMs: part.toMs },
            ].filter(({ fromMs, toMs }) => fromMs < toMs)
          : [part],
      );
    },
    [fault],
  );

/** Whether an incident is of this fault: of its machine, or of its name. */
const isAbout =
  ({ target, hostnames: [hostname], fromMs, toMs }: Fault, graceMs: number) =>
  ({ incident: { cause, openedAtMs }, atMs }: Told): boolean =>
    (target === undefined
      ? cause.kind === 'single' && cause.hostname === hostname
      : cause.kind === 'target' && cause.target === target) &&
    fromMs <= openedAtMs &&
    openedAtMs <= toMs &&
    atMs < toMs + graceMs;

const faultLabel = ({ kind, target, port, hostnames, fromMs, toMs, sight }: Fault): string =>
  `${kind} of ${target === undefined ? hostnames[0] : `${target}${port === undefined ? '' : `, port ${port}`}`} (${sight}) ${clockTime(fromMs)}–${clockTime(toMs)}`;

const massCauses = { resolver: 'resolver', policy: 'policy', loss: 'mass-outage' } as const;

/** Holds what was told against what happened. Knows nothing of watch but N, the interval and how late a run may be. */
export const scoreOf = (
  truth: Truth,
  told: readonly Told[],
  { intervalMs, looks }: Terms,
  lateMs: number,
  recoveredWithinMs: number,
): Score => {
  const alerts = told.filter(({ what }) => what === 'opened');
  const masses: readonly Due[] = truth.masses.map((mass) => ({
    label: `${mass.kind} ${clockTime(mass.fromMs)}–${clockTime(mass.toMs)}`,
    ...mass,
    matches: ({ incident: { cause }, atMs }) =>
      cause.kind === massCauses[mass.kind] && mass.fromMs <= atMs && atMs < mass.toMs + intervalMs,
    isTimed: true,
  }));
  const certificates: readonly Due[] = [...truth.certificates].map(([hostname]) => ({
    label: `certificate of ${hostname}`,
    fromMs: 0,
    toMs: Infinity,
    matches: ({ incident }) =>
      incident.cause.kind === 'certificate' && incident.members.some((member) => member.hostname === hostname),
    isTimed: false,
  }));
  const must: Due[] = [...masses, ...certificates];
  const may: Due[] = [];
  for (const fault of truth.faults) {
    const due = {
      label: faultLabel(fault),
      ...fault,
      matches: isAbout(fault, lateMs),
      isTimed: true,
    };
    const [clear] = clearOf(fault, truth.masses, intervalMs).filter(
      ({ fromMs, toMs }) => toMs - fromMs >= looks * intervalMs,
    );
    if (fault.kind === 'outage' && clear !== undefined) must.push({ ...due, fromMs: clear.fromMs });
    else if (fault.kind !== 'blip') may.push({ ...due, isTimed: false });
  }

  const matched = new Map(
    [...must, ...may].map((each) => [each, alerts.filter((alert) => each.matches(alert))] as const),
  );
  const of = (each: Due): readonly Told[] => matched.get(each) ?? [];
  const accounted = new Set([...matched.values()].flat());
  const toldAtAll = may.filter((each) => of(each).length > 0);
  const kinds = (kind: Fault['kind']): readonly Due[] => may.filter(({ label }) => label.startsWith(kind));

  /** When it can be seen at the earliest that something is over: not while everything fails. */
  const visiblyOver = ({ toMs }: Due): number =>
    truth.masses.reduce(
      (atMs, mass) => (overlap({ fromMs: toMs, toMs: toMs + recoveredWithinMs }, mass) ? mass.toMs + intervalMs : atMs),
      toMs,
    );
  const last = new Map(told.map((each) => [each.incident.id, each]));
  const unrecovered = [...matched].flatMap(([each, own]) =>
    own.flatMap(({ incident }) => {
      const end = last.get(incident.id);
      if (incident.cause.kind === 'certificate') return [];
      if (end?.what !== 'closed') return [`${each.label}: never closed`];
      return end.atMs > visiblyOver(each) + recoveredWithinMs && !each.label.startsWith('flap')
        ? [`${each.label}: closed only at ${clockTime(end.atMs)}`]
        : [];
    }),
  );
  return {
    incidents: must.length + toldAtAll.length,
    missed: must.filter((each) => of(each).length === 0).map(({ label }) => label),
    false: alerts
      .filter((alert) => !accounted.has(alert))
      .map(({ incident, atMs }) => `${incident.id} at ${clockTime(atMs)}`),
    repeated: [...matched]
      .filter(([, own]) => own.length > 1)
      .map(([each, own]) => `${each.label}: ${own.length} alerts`),
    unrecovered,
    alerts: alerts.length,
    detection: must
      .filter(({ isTimed }) => isTimed)
      .flatMap((each) =>
        of(each)
          .slice(0, 1)
          .map(({ atMs }) => Math.max(0, atMs - each.fromMs) / intervalMs),
      ),
    between: { count: kinds('between').length, told: kinds('between').filter((each) => of(each).length > 0).length },
    flaps: { count: kinds('flap').length, told: kinds('flap').filter((each) => of(each).length > 0).length },
  };
};
