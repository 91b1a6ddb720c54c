import type { WatchRules } from '../../lib/core/policy/watch-rules.ts';
import type { Acknowledgement } from '../../lib/core/watch/incident/incident.ts';
import type { Sent } from './destinations.ts';
import type { Told } from './play.ts';

const minuteMs = 60_000;

/**
 * Reminders and escalations that were sent and should not have been, or the other way round. What should have been follows from the policy alone: when each is
 * due, and whether the incident was open, of a severity that mentions somebody, and taken over by nobody at that moment. Within a run of that moment nothing
 * is judged.
 */
export const wronglyAsked = (
  told: readonly Told[],
  sent: readonly Sent[],
  acknowledgements: ReadonlyMap<string, Acknowledgement>,
  { reminder, escalation, mention, blindMinutes }: WatchRules,
  endMs: number,
  runMs: number,
): readonly string[] => {
  const wrong: string[] = [];
  for (const [id, history] of Map.groupBy(told, ({ incident }) => incident.id)) {
    const [first] = history;
    if (first === undefined) continue;
    const blindKinds = ['resolver', 'prober', 'policy', 'watch'];
    const fromMs = first.atMs + (blindKinds.includes(first.incident.cause.kind) ? blindMinutes * minuteMs : 0);
    const due = [
      ...Array.from({ length: reminder.times }, (_, index) => ({
        key: `reminder-${index + 1}`,
        atMs: fromMs + (index + 1) * reminder.minutes * minuteMs,
      })),
      ...(escalation === undefined ? [] : [{ key: 'escalation', atMs: fromMs + escalation.minutes * minuteMs }]),
    ];
    for (const { key, atMs } of due) {
      const wasSent = sent.find((each) => each.incidentId === id && each.step.key === key);
      const around = [atMs, atMs + runMs];
      const isDue = around.map((momentMs) => {
        const { incident } = history.findLast((each) => each.atMs <= momentMs) ?? first;
        const isTaken = (acknowledgements.get(id)?.atMs ?? Infinity) <= momentMs;
        return momentMs < endMs && incident.closedAtMs === undefined && mention.includes(incident.severity) && !isTaken;
      });
      if (isDue.every(Boolean) && (wasSent === undefined || wasSent.atMs > atMs + runMs))
        wrong.push(`${key} of ${id} was not sent in time`);
      // Due later: its severity grew, or it relapsed, only after the moment.
      const isEver = history.some(
        (each) =>
          each.atMs > atMs && each.incident.closedAtMs === undefined && mention.includes(each.incident.severity),
      );
      if (wasSent !== undefined && (wasSent.atMs < atMs || (!isDue.some(Boolean) && !isEver)))
        wrong.push(`${key} of ${id} should not have been sent`);
    }
  }
  return wrong;
};
