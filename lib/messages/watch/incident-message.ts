import type { Acknowledgement, Incident } from '../../core/watch/incident/incident.ts';
import { concernedCount } from '../../core/watch/incident/members.ts';
import type { NotificationStep } from '../../core/watch/incident/notification-steps.ts';
import { mailNumbersText } from '../../core/watch/mail/mail-numbers.ts';
import type { Mute } from '../../core/watch/mute/mute.ts';
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
import type { BesideIncident } from './beside-incident.ts';
import { incidentButtons } from './incident-buttons.ts';
import { outlookLine } from './incident-failover.ts';
import { membersText } from './incident-members.ts';
import { incidentTitle } from './incident-title.ts';
import { mutedBy } from './mute-message.ts';

/** Findings quote servers, so their length has no limit of its own. */
const longestSentence = 400;
const findingsShown = 3;
const ownersShown = 5;

const minuteMs = 60_000;

const spoken = (text: string): string => escapeText(shortened(text, longestSentence));
const title = (incident: Incident, tense?: 'past'): string => escapeText(oneLine(incidentTitle(incident, tense)));

/** `3 h 20 min`; below a minute `less than a minute`. */
export const lasted = (durationMs: number): string => {
  const minutes = Math.floor(durationMs / minuteMs);
  if (minutes < 1) return 'less than a minute';
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  return [
    ...(days > 0 ? [`${days} d`] : []),
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(rest > 0 ? [`${rest} min`] : []),
  ].join(' ');
};

/** The sign of an open incident: whoever has acknowledged it takes its alarm away. */
export const incidentMark = ({ severity }: Incident, acknowledgement?: Acknowledgement): string =>
  severity === 'degraded' || severity === 'certificate' ? '⚠️' : acknowledgement === undefined ? '🔴' : '🟠';

/** An open incident on two lines: what is wrong, for how long, and who is on it. */
export const incidentLine = (
  incident: Incident,
  acknowledgement: Acknowledgement | undefined,
  nowMs: number,
): string => {
  const whose =
    acknowledgement === undefined
      ? 'nobody is on it yet'
      : `👀 ${mention(acknowledgement.by)} has been on it since ${at(acknowledgement.atMs)}`;
  return `${incidentMark(incident, acknowledgement)} *${title(incident)}*\nfor ${lasted(nowMs - incident.openedAtMs)} · ${whose}`;
};

const findingTexts = ({ findings }: Incident): readonly string[] => {
  const left = findings.length - findingsShown;
  return [
    ...findings
      .slice(0, findingsShown)
      .map(({ text, remedy }) => `• ${spoken(text)}${remedy === undefined ? '' : `\n→ ${spoken(remedy)}`}`),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
};

/** What Postal says of the mail to its endpoints. */
const numbersLine = ({ postal }: Incident): readonly string[] =>
  postal === undefined ? [] : [`📬 ${spoken(mailNumbersText(postal))}`];

const mutedLine = (mute: Mute): string =>
  `Muted until ${dateText(new Date(mute.untilMs).toISOString())} ${mutedBy(mute)}`;

const at = (atMs: number): string => dateText(new Date(atMs).toISOString());

const ownersText = ({ members }: Incident, { endpoints }: BesideIncident): readonly string[] => {
  const owners = [
    ...new Set(
      [...members, ...endpoints.map(({ definition }) => definition)].flatMap(({ owner }) =>
        owner === undefined ? [] : [owner],
      ),
    ),
  ];
  if (owners.length === 0) return [];
  const left = owners.length - ownersShown;
  const shown = owners.slice(0, ownersShown).map(ownerText).join(', ');
  return [`${owners.length === 1 ? 'owner' : 'owners'} ${shown}${left > 0 ? ` and ${left} more` : ''}`];
};

const resolvedMessage = (incident: Incident, beside: BesideIncident, endedAtMs: number): Message => {
  const { openedAtMs, sentence } = incident;
  const { failedOverTo, acknowledgement, mentions } = beside;
  const ending =
    failedOverTo === undefined
      ? sentence
      : `${sentence.replace(/\.$/, '')}, now on its standby ${targetsText(failedOverTo)}.`;
  const head = `Resolved: ${title(incident, 'past')} for ${lasted(endedAtMs - openedAtMs)}.`;
  const facts = [
    `from ${at(openedAtMs)} to ${at(endedAtMs)}`,
    ...(acknowledgement === undefined ? [] : [`taken over by ${mention(acknowledgement.by)}`]),
    ...mentions.map(groupMention),
  ];
  return {
    text: `✅ ${head}`,
    blocks: [
      section(`✅ *${head}*\n${spoken(ending)}`),
      ...[...numbersLine(incident), ...membersText(incident)].flatMap(sections),
      context(facts.join(' · ')),
      incidentButtons(incident, beside),
    ],
  };
};

/** The message of an incident: red while it is open, orange once somebody has acknowledged it, green when it is resolved. */
export const incidentMessage = (incident: Incident, beside: BesideIncident): Message => {
  const { openedAtMs, closedAtMs, sentence } = incident;
  const { mentions, endpoints, mute, acknowledgement } = beside;
  if (closedAtMs !== undefined) return resolvedMessage(incident, beside, closedAtMs);
  const mark = incidentMark(incident, acknowledgement);
  const name = concernedCount(incident) === 1 ? endpoints[0]?.definition.name : undefined;
  const known = name === undefined ? '' : ` In Postal: ${code(oneLine(name))}`;
  const facts = [
    ...numbersLine(incident),
    ...outlookLine(incident, beside),
    ...membersText(incident),
    ...findingTexts(incident),
  ];
  const target =
    incident.cause.kind === 'target' && concernedCount(incident) === 1 ? [code(incident.cause.target)] : [];
  return {
    text: `${mark} ${title(incident)}. ${escapeText(oneLine(shortened(sentence, longestSentence)))}`,
    blocks: [
      section(`${mark} *${title(incident)}.*${known}\n*${spoken(sentence)}*`),
      ...(acknowledgement === undefined
        ? []
        : [section(`👀 ${mention(acknowledgement.by)} has been on it since ${at(acknowledgement.atMs)}.`)]),
      ...facts.flatMap(sections),
      ...(mute === undefined ? [] : [section(`🔕 ${mutedLine(mute)}. Only its recovery is announced until then.`)]),
      context(
        [`since ${at(openedAtMs)}`, ...target, ...ownersText(incident, beside), ...mentions.map(groupMention)].join(
          ' · ',
        ),
      ),
      incidentButtons(incident, beside),
    ],
  };
};

/** A change of the mutes of an open incident, for its thread; without a mute: the last one has ended. */
export const muteUpdate = (incident: Incident, mute: Mute | undefined): Message => {
  const line =
    mute === undefined
      ? `🔔 No longer muted, and not resolved: ${title(incident)}. ${spoken(incident.sentence)}`
      : `🔕 ${mutedLine(mute)}.`;
  return { text: line, blocks: [section(line)] };
};

const stepLine = (
  incident: Incident,
  { kind, text, atMs }: NotificationStep,
  acknowledgement: Acknowledgement | undefined,
): string => {
  const nobody = `Nobody has taken this over for ${lasted(atMs - incident.raisedAtMs)}: ${title(incident)}.`;
  switch (kind) {
    case 'reminder':
      return `⏰ ${nobody}`;
    case 'escalation':
      return `🚨 ${nobody} ${spoken(text)}`;
    case 'mention':
      return `⏰ Not resolved after ${lasted(atMs - incident.raisedAtMs)}: ${title(incident)}.`;
    case 'acknowledged':
      return `👀 ${acknowledgement === undefined ? 'Somebody' : mention(acknowledgement.by)} is on it.`;
    case 'resolved':
      return `✅ ${spoken(text)}`;
    case 'opened':
    case 'grown':
    case 'worse':
    case 'note':
      return spoken(text);
  }
};

/** One step of an incident after its alert, in its thread, or for an escalation in the channel that the policy names. */
export const stepMessage = (
  incident: Incident,
  step: NotificationStep,
  acknowledgement: Acknowledgement | undefined,
  permalink?: string | null,
): Message => {
  const link = permalink === undefined || permalink === null ? '' : ` <${permalink}|See the alert>`;
  const line = [...step.mentions.map(groupMention), stepLine(incident, step, acknowledgement)].join(' ');
  const isAsking = step.kind === 'reminder' || step.kind === 'escalation' || step.kind === 'mention';
  return {
    text: line,
    blocks: [
      section(`${line}${link}`),
      ...(isAsking ? [actions([commandButton("I'm on it", `acknowledge ${incident.id}`, { style: 'primary' })])] : []),
    ],
  };
};
