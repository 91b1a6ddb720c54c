import { wallDay, zonedTimeMs } from '../../base/zoned-time.ts';
import type { Definition } from '../../endpoint/definition.ts';
import type { MaintenanceWindow, Weekday } from '../../policy/maintenance-windows.ts';
import { isCovered, type MuteScope, readMuteScope } from './mute-scope.ts';

const dayMs = 86_400_000;
const weekdays: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** The scopes of a window. */
export const scopesOf = ({ hostnames = [], targets = [], owners = [] }: MaintenanceWindow): readonly MuteScope[] =>
  [...hostnames, ...targets.map((target) => `target:${target}`), ...owners.map((owner) => `owner:${owner}`)].flatMap(
    (text) => {
      const read = readMuteScope(text);
      return read.ok ? [read.scope] : [];
    },
  );

/**
 * When a window that is open at this moment began and will end; undefined while it is closed. Its times are what the clocks of its zone show: a time that
 * they skip in spring is an hour later, of a time that they show twice in autumn the first counts. `days` are the days on which it begins.
 */
export const openWindow = (
  { days, from, to, timeZone }: MaintenanceWindow,
  policyZone: string,
  nowMs: number,
): { readonly fromMs: number; readonly untilMs: number } | undefined => {
  const zone = timeZone ?? policyZone;
  const today = Date.parse(`${wallDay(nowMs, zone)}T00:00:00Z`);
  for (const begins of [today, today - dayMs]) {
    const at = (day: number, time: string): number =>
      zonedTimeMs(`${new Date(day).toISOString().slice(0, 10)}T${time}`, zone, nowMs) ?? Number.NaN;
    const fromMs = at(begins, from);
    const untilMs = at(to <= from ? begins + dayMs : begins, to);
    const weekday = weekdays[new Date(begins).getUTCDay()];
    if (weekday !== undefined && days.includes(weekday) && fromMs <= nowMs && nowMs < untilMs)
      return { fromMs, untilMs };
  }
  return undefined;
};

/** Whether a window is for a registered name. */
export const coversName = (window: MaintenanceWindow, definition: Definition): boolean =>
  scopesOf(window).some((scope) => isCovered(scope, definition));
