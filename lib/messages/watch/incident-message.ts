import type { KnownBlock } from '@slack/types';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Incident } from '../../core/watch/incident.ts';
import type { Mute } from '../../core/watch/mute.ts';
import { type FailoverOutlook, failoverOutlook, type StandbyHealth } from '../../core/watch/standby.ts';
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
import { standbyText } from '../check/state-words.ts';
import type { Message } from '../message.ts';
import { ownerText } from '../owner-text.ts';

/** Findings quote servers, so their length has no limit of its own. */
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

/** The incident in a few words; not escaped. */
export const incidentSubject = ({ kind, hostname = 'an endpoint', state = 'down', concerned }: Incident): string => {
  switch (kind) {
    case 'endpoint':
      return `${hostname} ${endpointWords[state]}`;
    case 'flapping':
      return `${hostname} is flapping`;
    case 'many':
      return `${concerned?.count ?? 'Most'} of ${concerned?.of ?? 'all'} endpoints failed together`;
    case 'certificate':
      return `The certificate of ${hostname} expires soon`;
    case 'watch':
      return 'Watch cannot check some endpoints';
    case 'history':
      return 'The history is not verified';
  }
};

const endpointWordsPast = {
  up: 'was up',
  degraded: 'was degraded',
  plaintext: 'was no longer encrypted',
  drifted: 'had drifted',
  down: 'was down',
} as const satisfies Record<keyof typeof endpointWords, string>;

/** The same for a resolved incident, in the past tense: its first words must not look like an alert. */
const pastSubject = (incident: Incident): string => {
  const { kind, hostname = 'an endpoint', state = 'down' } = incident;
  switch (kind) {
    case 'endpoint':
      return `${hostname} ${endpointWordsPast[state]}`;
    case 'flapping':
      return `${hostname} was flapping`;
    case 'many':
      return incidentSubject(incident);
    case 'certificate':
      return `The certificate of ${hostname} was about to expire`;
    case 'watch':
      return 'Watch could not check some endpoints';
    case 'history':
      return 'The history was not verified';
  }
};

/** The sign of an open incident. */
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

/** What the message shows besides the incident itself. */
export type BesideIncident = {
  /** The on-call group, mentioned once for each incident. */
  readonly userGroup: string | undefined;
  /** The current definition of its hostname. */
  readonly definition: Definition | undefined;
  /** What the last probe of its standby found. */
  readonly standby: StandbyHealth | undefined;
  /** The mute in force. */
  readonly mute: Mute | undefined;
  /** The target of a failover since the incident was opened, once it is resolved. */
  readonly failedOverTo: Targets | undefined;
};

/** Whether another server would help; it does not against drift or an expiring certificate. */
const isOfServer = ({ kind, state }: Incident): boolean =>
  kind === 'flapping' || (kind === 'endpoint' && state !== 'drifted');

/** The target of [Fail over]. */
const standbyOf = (incident: Incident, { definition }: BesideIncident): Targets | undefined =>
  isOfServer(incident) ? definition?.standby : undefined;

const outlookTexts: Readonly<Record<FailoverOutlook, string>> = {
  helps: 'Failing over would help.',
  'no-better': 'Failing over would not help.',
  breaks: 'Failing over would make it worse: mail still gets in where the name leads now.',
  unknown: 'It is not known whether failing over would help.',
};

/** Whether a failover would help, before anybody tries; nothing without a standby. */
const outlookLine = (incident: Incident, beside: BesideIncident): readonly string[] => {
  const targets = standbyOf(incident, beside);
  if (targets === undefined || incident.closedAtMs !== undefined) return [];
  const outlook = failoverOutlook(incident.state ?? 'down', beside.standby?.state);
  return [`*${outlookTexts[outlook]}* Standby ${code(targetsText(targets))}: ${standbyText(beside.standby)}`];
};

const buttons = (incident: Incident, beside: BesideIncident): KnownBlock => {
  const { mute } = beside;
  const { hostname, closedAtMs, kind, state } = incident;
  if (kind === 'history')
    return actions([commandButton('Verify now', 'history --verify'), commandButton('Status', 'status')]);
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

/** The message of an incident: red while it is open, green when it is resolved. Only this message mentions the user group. */
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
        : `${sentence.replace(/\.$/, '')}, now on its standby ${targetsText(failedOverTo)}.`;
    const text = `✅ Resolved: ${was} for ${lasted(closedAtMs - openedAtMs)}.`;
    return {
      text: escapeText(oneLine(text)),
      blocks: [
        section(
          `✅ *Resolved: ${escapeText(oneLine(was))} for ${lasted(closedAtMs - openedAtMs)}.*\n${spoken(ending)}`,
        ),
        context(`from ${since} to ${dateText(new Date(closedAtMs).toISOString())}${forWhom}`),
        buttons(incident, beside),
      ],
    };
  }
  const mark = incidentMark(incident);
  const known = definition?.name === undefined ? '' : ` In Postal: ${code(oneLine(definition.name))}`;
  const facts = [...outlookLine(incident, beside), ...concernedLine(incident), ...findingTexts(incident)];
  return {
    text: `${mark} ${escapeText(oneLine(`${about}. ${shortened(sentence, longestSentence)}`))}`,
    blocks: [
      section(`${mark} *${escapeText(oneLine(about))}.*${known}\n*${spoken(sentence)}*`),
      ...facts.flatMap(sections),
      ...(mute === undefined ? [] : [section(`🔕 ${mutedLine(mute)}. Only its recovery is announced until then.`)]),
      context(`since ${since}${owner}${forWhom}`),
      buttons(incident, beside),
    ],
  };
};

/** A change of the mutes of an open incident, for its thread; without a mute: the last one has ended. */
export const muteUpdate = (incident: Incident, mute: Mute | undefined): Message => {
  const line =
    mute === undefined
      ? `🔔 No longer muted, and not resolved: ${escapeText(oneLine(incidentSubject(incident)))}. ${spoken(incident.sentence)}`
      : `🔕 ${mutedLine(mute)}.`;
  return { text: line, blocks: [section(line)] };
};

/** One line in the thread of an incident. */
export const incidentUpdate = (text: string): Message => {
  const line = spoken(text);
  return { text: line, blocks: [section(line)] };
};
