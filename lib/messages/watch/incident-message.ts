import type { KnownBlock } from '@slack/types';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Incident } from '../../core/watch/incident.ts';
import type { Mute } from '../../core/watch/mute.ts';
import {
  actions,
  code,
  context,
  dateText,
  escapeText,
  groupMention,
  mention,
  oneLine,
  section,
  sections,
  shortened,
} from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import { targetsText } from '../change/record-lines.ts';
import type { Message } from '../message.ts';
import { ownerText } from '../owner-text.ts';

/** Findings quote servers, and so are as long as they like. */
const longestSentence = 400;
const findingsShown = 3;

const minuteMs = 60_000;

const spoken = (text: string): string => escapeText(shortened(text, longestSentence));

/** `3 h 20 min`; below a minute `less than a minute`. */
const lasted = (durationMs: number): string => {
  const minutes = Math.floor(durationMs / minuteMs);
  if (minutes < 1) return 'less than a minute';
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  return [
    ...(days > 0 ? [`${days} d`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(rest > 0 ? [`${rest} min`] : []),
  ].join(' ');
};

const endpointWords = {
  up: 'is up',
  degraded: 'is degraded',
  plaintext: 'is no longer encrypted',
  drifted: 'has drifted',
  down: 'is down',
} as const satisfies Record<NonNullable<Incident['state']>, string>;

/** What it is about, in a few words; not escaped. */
export const incidentSubject = ({ kind, hostname = 'an endpoint', state = 'down', concerned }: Incident): string => {
  switch (kind) {
    case 'endpoint':
      return `${hostname} ${endpointWords[state]}`;
    case 'flapping':
      return `${hostname} comes and goes`;
    case 'many':
      return `${concerned?.count ?? 'Most'} of ${concerned?.of ?? 'all'} endpoints failed together`;
    case 'certificate':
      return `The certificate of ${hostname} is about to expire`;
    case 'watch':
      return 'Watch cannot see';
  }
};

const endpointWordsPast = {
  up: 'was up',
  degraded: 'was degraded',
  plaintext: 'was no longer encrypted',
  drifted: 'had drifted',
  down: 'was down',
} as const satisfies Record<keyof typeof endpointWords, string>;

/** The same of one that is over: whoever reads but the first words must not take it for an alert. */
const pastSubject = (incident: Incident): string => {
  const { kind, hostname = 'an endpoint', state = 'down' } = incident;
  switch (kind) {
    case 'endpoint':
      return `${hostname} ${endpointWordsPast[state]}`;
    case 'flapping':
      return `${hostname} came and went`;
    case 'many':
      return incidentSubject(incident);
    case 'certificate':
      return `The certificate of ${hostname} was about to expire`;
    case 'watch':
      return 'Watch could not see';
  }
};

/** The sign of one that goes on. */
export const incidentMark = (incident: Incident): string => (isWarning(incident) ? '⚠️' : '🔴');

const isWarning = ({ kind, state }: Incident): boolean =>
  kind === 'certificate' || (kind === 'endpoint' && (state === 'degraded' || state === 'drifted'));

const findingTexts = ({ findings }: Incident): readonly string[] => {
  const left = findings.length - findingsShown;
  return [
    ...findings
      .slice(0, findingsShown)
      .map(({ text, remedy }) => `• ${spoken(text)}${remedy === undefined ? '' : `\n→ ${spoken(remedy)}`}`),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
};

const concernedLine = ({ concerned }: Incident): readonly string[] => {
  if (concerned === undefined) return [];
  const left = concerned.count - concerned.some.length;
  return [
    `${concerned.some.map((name) => escapeText(oneLine(name))).join(', ')}${left > 0 ? ` and ${left} more` : ''}`,
  ];
};

/** What the head shows besides the incident itself. */
export type BesideIncident = {
  /** On call, mentioned once an incident. */
  readonly userGroup: string | undefined;
  /** As which its hostname is registered by now. */
  readonly definition: Definition | undefined;
  /** The mute that holds. */
  readonly mute: Mute | undefined;
  /** Where a failover has led the name since it was opened, once it is over. */
  readonly failedOverTo: Targets | undefined;
};

/** Whether another server would help: a record that drifted or a certificate that ends are no fault of the server. */
const isOfServer = ({ kind, state }: Incident): boolean =>
  kind === 'flapping' || (kind === 'endpoint' && state !== 'drifted');

/** The standby that [Fail over] would lead to. */
const standbyOf = (incident: Incident, { definition }: BesideIncident): Targets | undefined =>
  isOfServer(incident) ? definition?.standby : undefined;

const buttons = (incident: Incident, beside: BesideIncident): KnownBlock => {
  const { mute } = beside;
  const { hostname, closedAtMs, kind, state } = incident;
  if (hostname === undefined) return actions([commandButton('Status', 'status'), commandButton('List', 'list')]);
  const past = commandButton('History', `history ${hostname}`);
  if (closedAtMs !== undefined) return actions([commandButton('Check again', `check ${hostname}`), past]);
  return actions([
    commandButton('Check again', `check ${hostname}`, { style: 'primary' }),
    mute === undefined
      ? commandButton('Mute 2 h', `mute ${hostname} 2h`)
      : commandButton('Unmute', `unmute ${hostname}`),
    ...(standbyOf(incident, beside) !== undefined ? [commandButton('Fail over', `failover ${hostname}`)] : []),
    ...(kind === 'endpoint' && state === 'drifted' ? [commandButton('What has drifted', `drift ${hostname}`)] : []),
    past,
  ]);
};

const mutedLine = ({ untilMs, by, reason }: Mute): string => {
  const why = reason === undefined ? '' : `: ${escapeText(oneLine(reason))}`;
  return `Muted until ${dateText(new Date(untilMs).toISOString())} by ${mention(by)}${why}`;
};

/** The head message of an incident: red while it goes on, green when it is over. The user group is mentioned in it, and nowhere else. */
export const incidentMessage = (incident: Incident, beside: BesideIncident): Message => {
  const { openedAtMs, closedAtMs, sentence } = incident;
  const { userGroup, definition, mute, failedOverTo } = beside;
  const about = incidentSubject(incident);
  const since = dateText(new Date(openedAtMs).toISOString());
  const forWhom = userGroup === undefined ? '' : ` · ${groupMention(userGroup)}`;
  const owner = definition?.owner === undefined ? '' : ` · owner ${ownerText(definition.owner)}`;
  if (closedAtMs !== undefined) {
    const was = pastSubject(incident);
    const ending =
      failedOverTo === undefined
        ? sentence
        : `${sentence.replace(/\.$/, '')}, now at its standby ${targetsText(failedOverTo)}.`;
    const text = `✅ Over: ${was}. It lasted ${lasted(closedAtMs - openedAtMs)}.`;
    return {
      text: escapeText(oneLine(text)),
      blocks: [
        section(
          `✅ *Over: ${escapeText(oneLine(was))}.* It lasted ${lasted(closedAtMs - openedAtMs)}.\n${spoken(ending)}`,
        ),
        context(`from ${since} to ${dateText(new Date(closedAtMs).toISOString())}${forWhom}`),
        buttons(incident, beside),
      ],
    };
  }
  const mark = incidentMark(incident);
  const known = definition?.name === undefined ? '' : ` In Postal: ${code(oneLine(definition.name))}`;
  const standby = standbyOf(incident, beside);
  const other = standby === undefined ? '' : ` · standby ${code(targetsText(standby))}`;
  const facts = [...concernedLine(incident), ...findingTexts(incident)];
  return {
    text: `${mark} ${escapeText(oneLine(`${about}. ${shortened(sentence, longestSentence)}`))}`,
    blocks: [
      section(`${mark} *${escapeText(oneLine(about))}.*${known}\n*${spoken(sentence)}*`),
      ...facts.flatMap(sections),
      ...(mute === undefined ? [] : [section(`🔕 ${mutedLine(mute)}. Until then only its recovery is told.`)]),
      context(`since ${since}${other}${owner}${forWhom}`),
      buttons(incident, beside),
    ],
  };
};

/** What became of the mutes of an incident that goes on, in its thread; without one, that none holds any more. */
export const muteUpdate = (incident: Incident, mute: Mute | undefined): Message => {
  const line =
    mute === undefined
      ? `🔔 No longer muted, and not over: ${escapeText(oneLine(incidentSubject(incident)))}. ${spoken(incident.sentence)}`
      : `🔕 ${mutedLine(mute)}.`;
  return { text: line, blocks: [section(line)] };
};

/** One line in the thread of an incident. */
export const incidentUpdate = (text: string): Message => {
  const line = spoken(text);
  return { text: line, blocks: [section(line)] };
};
