import type { Mute } from '../../core/watch/mute/mute.ts';
import { type MuteScope, readMuteScope } from '../../core/watch/mute/mute-scope.ts';
import { actions, code, context, dateText, escapeText, mention, oneLine, section } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';
import { ownerText } from '../owner-text.ts';

/** In the text beside the blocks nothing is bold. */
const boldHostname = /\*([a-z0-9.-]+)\*/g;

const counted = (names: number): string => `${names} registered ${names === 1 ? 'name' : 'names'}`;

const coveredText = (scope: MuteScope): string => {
  switch (scope.kind) {
    case 'hostname':
      return `*${escapeText(scope.hostname)}*`;
    case 'pattern':
      return `Every name that fits ${code(scope.pattern)}`;
    case 'target':
      return `Every name with target ${code(scope.target)}`;
    case 'owner':
      return `Every name of ${ownerText(scope.owner)}`;
  }
};

/** What a mute covers, in words; a pattern is not bold, for its `*` would end that. */
export const mutedText = ({ hostname, window }: Pick<Mute, 'hostname' | 'window'>): string => {
  if (window !== undefined) return `Maintenance window ${code(window)}`;
  const read = readMuteScope(hostname);
  return read.ok ? coveredText(read.scope) : escapeText(hostname);
};

/** Who muted it, and why: `by @maria: new rack`, or the maintenance window. */
export const mutedBy = ({ by, reason, window }: Mute): string =>
  window === undefined
    ? `by ${mention(by)}${reason === undefined ? '' : `: ${escapeText(oneLine(reason))}`}`
    : `by maintenance window ${code(window)}`;

/** `from … until …`, or `until …` where it holds already. */
const whenText = ({ fromMs, untilMs }: Mute, nowMs: number): string => {
  const until = `until ${dateText(new Date(untilMs).toISOString())}`;
  return fromMs > nowMs ? `from ${dateText(new Date(fromMs).toISOString())} ${until}` : until;
};

const linesShown = 10;

/** What is muted or will be, a line each, what ends first on top; the last line counts what is left out. */
export const muteLines = (mutes: readonly Mute[], nowMs: number): readonly string[] => {
  const left = mutes.length - linesShown;
  return [
    ...mutes
      .toSorted((one, other) => one.untilMs - other.untilMs)
      .slice(0, linesShown)
      .map((mute) => {
        const who = mute.window === undefined ? ` ${mutedBy(mute)}` : '';
        return `🔕 ${mutedText(mute)} ${whenText(mute, nowMs)}${who}`;
      }),
    ...(left > 0 ? [`… and ${left} more: ${code('/postal-endpoint list --state muted')}`] : []),
  ];
};

/** Until when alerts are muted; `names`: how many a scope covers now that is not one hostname. */
export const muteMessage = (mute: Mute, names: number | undefined, nowMs: number): Message => {
  const { hostname } = mute;
  const covers = names === undefined ? '' : ` It covers ${counted(names)} now, and those registered later.`;
  const head = `🔕 ${mutedText(mute)} is muted ${whenText(mute, nowMs)}.`;
  const rest = `Checks continue. An endpoint that is down when the mute ends is reported then.${covers}`;
  const look =
    names === undefined
      ? commandButton('Check', `check ${hostname}`)
      : commandButton('List muted', 'list --state muted');
  return {
    text: `${head.replace(boldHostname, '$1')} ${rest}`,
    blocks: [
      section(`${head} ${rest}`),
      context(`${mutedBy(mute)} · recorded in the history`),
      actions([commandButton('Unmute', `unmute ${hostname}`), look]),
    ],
  };
};

const namesShown = 20;

const namesText = (hostnames: readonly string[]): string => {
  const left = hostnames.length - namesShown;
  const names = hostnames.slice(0, namesShown).map((hostname) => `*${escapeText(hostname)}*`);
  return [...names, ...(left > 0 ? [`and ${left} more`] : [])].join(', ');
};

/** Until when the alerts of these names are muted, each by itself. */
export const muteManyMessage = (mute: Mute, hostnames: readonly string[], nowMs: number): Message => {
  const head = `🔕 ${hostnames.length} names are muted ${whenText(mute, nowMs)}: ${namesText(hostnames)}.`;
  const rest =
    'Checks continue. An endpoint that is down when the mute ends is reported then. Each can be unmuted separately.';
  return {
    text: `${head.replace(boldHostname, '$1')} ${rest}`,
    blocks: [
      section(`${head}\n${rest}`),
      context(`${mutedBy(mute)} · recorded in the history`),
      actions([commandButton('List muted', 'list --state muted')]),
    ],
  };
};

/** Which of so many names are no longer muted by themselves. */
export const unmuteManyMessage = (ended: readonly string[], of: number): Message => {
  const text =
    ended.length === 0
      ? `None of the ${of} names had a mute of its own. Nothing was changed.`
      : `🔔 ${ended.length} of ${of} names no longer have a mute of their own: ${namesText(ended)}.`;
  return {
    text: text.replace(boldHostname, '$1'),
    blocks: [
      section(text),
      actions([commandButton('List muted', 'list --state muted'), commandButton('List', 'list')]),
    ],
  };
};

/** What a person is told who ended a mute; `others`: what mutes the hostname all the same. */
export const unmuteMessage = (hostname: string, wasMuted: boolean, others: readonly Mute[], nowMs: number): Message => {
  const what = mutedText({ hostname });
  const still = others.length === 0 ? '' : `\nIt is still muted by:\n${muteLines(others, nowMs).join('\n')}`;
  const text = wasMuted
    ? `🔔 ${what} ${others.length === 0 ? 'is no longer muted: its alerts are sent again.' : 'no longer has a mute of its own.'}${still}`
    : `${what} ${others.length === 0 ? 'was not muted' : 'has no mute of its own'}. Nothing was changed.${still}`;
  const [other] = others.filter(({ window }) => window === undefined);
  return {
    text: text.replace(boldHostname, '$1'),
    blocks: [
      section(text),
      actions([
        ...(other === undefined ? [] : [commandButton('Unmute that, too', `unmute ${other.hostname}`)]),
        commandButton('List muted', 'list --state muted'),
        commandButton('List', 'list'),
      ]),
    ],
  };
};
