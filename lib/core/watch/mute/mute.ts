import * as z from 'zod';
import type { Definition } from '../../endpoint/definition.ts';
import type { MaintenanceWindow } from '../../policy/maintenance-windows.ts';
import { coversName, openWindow } from './maintenance.ts';
import { isCovered, readMuteScope } from './mute-scope.ts';

/** While it lasts, nobody is alerted about an endpoint; its looks go on and its state is kept. Recorded in the ledger by whoever asked for it. */
export const muteSchema = z.strictObject({
  /** What is muted: a hostname, or the text of another scope. */
  hostname: z.string(),
  /** Milliseconds since the epoch; later than now for a maintenance window that is planned. */
  fromMs: z.int(),
  untilMs: z.int(),
  by: z.string(),
  reason: z.string().exactOptional(),
  /** The maintenance window of the policy that mutes it; nobody asked for it then. */
  window: z.string().exactOptional(),
});
export type Mute = z.infer<typeof muteSchema>;

/** Whether a mute has begun and not ended. */
export const holds = ({ fromMs, untilMs }: Mute, nowMs: number): boolean => fromMs <= nowMs && nowMs < untilMs;

/** The mute that holds at this moment, of several the one that lasts longest. */
export const muteOf = (mutes: readonly Mute[], hostname: string, nowMs: number): Mute | undefined =>
  mutes
    .filter((mute) => mute.hostname === hostname && holds(mute, nowMs))
    .reduce<Mute | undefined>(
      (longest, mute) => (longest === undefined || mute.untilMs > longest.untilMs ? mute : longest),
      undefined,
    );

/** Whether a mute holds at this moment. */
export const isMuted = (mutes: readonly Mute[], hostname: string, nowMs: number): boolean =>
  muteOf(mutes, hostname, nowMs) !== undefined;

export type MuteRules = { readonly windows: readonly MaintenanceWindow[]; readonly timeZone: string };

/** The windows of the policy that are open now, each as a mute of its own. */
export const openWindows = ({ windows, timeZone }: MuteRules, nowMs: number): readonly Mute[] =>
  windows.flatMap((window) => {
    const open = openWindow(window, timeZone, nowMs);
    return open === undefined ? [] : [{ hostname: window.name, by: '', window: window.name, ...open }];
  });

type Covering = { readonly mute: Mute; readonly covers: (definition: Definition) => boolean };

const coverings = (entered: readonly Mute[], rules: MuteRules, nowMs: number): readonly Covering[] => [
  ...entered.flatMap((mute) => {
    const read = readMuteScope(mute.hostname);
    return read.ok ? [{ mute, covers: (definition: Definition) => isCovered(read.scope, definition) }] : [];
  }),
  ...openWindows(rules, nowMs).flatMap((mute) =>
    rules.windows
      .filter(({ name }) => name === mute.window)
      .map((window) => ({ mute, covers: (definition: Definition) => coversName(window, definition) })),
  ),
];

/** The mutes and open windows that cover one of these names. */
export const coveringMutes = (
  entered: readonly Mute[],
  rules: MuteRules,
  definitions: readonly Definition[],
  nowMs: number,
): readonly Mute[] =>
  coverings(entered, rules, nowMs).flatMap(({ mute, covers }) => (definitions.some(covers) ? [mute] : []));

/** Mutes and open windows as mutes of each registered name that they cover. */
export const mutesByName = (
  entered: readonly Mute[],
  rules: MuteRules,
  definitions: readonly Definition[],
  nowMs: number,
): readonly Mute[] =>
  coverings(entered, rules, nowMs).flatMap(({ mute, covers }) =>
    definitions.filter(covers).map(({ hostname }) => ({ ...mute, hostname })),
  );
