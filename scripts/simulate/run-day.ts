import { type WatchRules, watchRulesSchema } from '../../lib/core/policy/watch-rules.ts';
import { type PostalProfile, postalProfileSchema } from '../../lib/core/postal/profile.ts';
import { tickMs } from '../../lib/core/watch/schedule.ts';
import { wronglyAsked } from './asked-again.ts';
import { type Destination, onCallChannel, secondDestination } from './destinations.ts';
import { latestLookMs, latestRunMs, type Memory, play, type Told } from './play.ts';
import { type Score, scoreOf } from './score.ts';
import { sightsOf } from './sights.ts';
import { dayMs, midnightMs, type Truth, truthOf } from './truth.ts';

/** As shipped, with somebody to mention and to escalate to. */
export const rules: WatchRules = watchRulesSchema.parse({
  channel: 'C0ONCALL',
  userGroup: 'S0ONCALL',
  escalation: { minutes: 30, userGroup: 'S0CHIEFS' },
});
/** Machines behind 500 endpoints. */
const machines = 60;

/** A look may be so much later than its minute: its run begins late, it begins late in it, and a run that dies leaves its writes to the next. */
export const jitterMs = latestRunMs + latestLookMs + tickMs;

const profile: PostalProfile = postalProfileSchema.parse({
  heloHostname: 'postal.corp.internal',
  returnPathDomain: 'rp.corp.internal',
  nameservers: ['10.0.0.2'],
});

export type Day = {
  readonly truth: Truth;
  readonly told: readonly Told[];
  readonly score: Score;
  /** Opening posts in the on-call channel. */
  readonly alerts: number;
  /** From the run that opens an incident to the second destination, seconds. */
  readonly secondWithinSeconds: number;
  /** Reminders and escalations that are not as the policy says. */
  readonly wronglyAsked: readonly string[];
};

/** One day by its seed, played and scored. `second`: the destination besides Slack. */
export const runDay = async (
  seed: number,
  endpoints: number,
  memory: Memory,
  second: Destination = secondDestination,
): Promise<Day> => {
  const terms = { intervalMs: rules.intervalSeconds * 1000, looks: rules.down.looks };
  const truth = truthOf(seed, endpoints, Math.max(12, Math.round((machines * endpoints) / 500)), terms);
  const slack = onCallChannel(truth.slackOutage);
  const { told, delivery } = await play(truth, sightsOf(profile, midnightMs), rules, memory, seed, [slack, second]);
  const recoveredWithinMs = (rules.recoverAfter + 1) * terms.intervalMs + 2 * jitterMs;
  const openings = delivery.sent.filter(({ step }) => step.kind === 'opened');
  const raised = new Map(told.map(({ incident }) => [incident.id, incident.raisedAtMs]));
  const toSecond = openings.filter(({ destination }) => destination === second.name);
  const late = toSecond.map(({ incidentId, atMs }) => (atMs - (raised.get(incidentId) ?? 0)) / 1000);
  const unsent = [...raised.keys()].some((id) => !toSecond.some(({ incidentId }) => incidentId === id));
  const heard = delivery.sent.filter(({ destination }) => destination === second.name);
  const endMs = midnightMs + dayMs - tickMs;
  return {
    truth,
    told,
    score: scoreOf(truth, told, terms, 2 * tickMs, recoveredWithinMs),
    alerts: openings.filter(({ destination }) => destination === slack.name).length,
    secondWithinSeconds: unsent ? Infinity : Math.max(0, ...late),
    wronglyAsked: wronglyAsked(told, heard, delivery.acknowledgements, rules, endMs, tickMs + jitterMs),
  };
};

/** A second destination hears of an incident no later than this. */
const longestSeconds = 90;

/** Whether a day kept every promise. */
export const holds = ({ score, alerts, secondWithinSeconds, wronglyAsked: wrong }: Day): boolean =>
  [score.missed, score.false, score.repeated, score.unrecovered, wrong].every((list) => list.length === 0) &&
  alerts === score.incidents &&
  secondWithinSeconds <= longestSeconds &&
  Math.max(0, ...score.detection) <= rules.down.looks + 1 + jitterMs / (rules.intervalSeconds * 1000);
