import type { KnownBlock } from '@slack/types';
import type { Definition, Targets } from '../../core/endpoint/definition.ts';
import type { Acknowledgement, Incident, Member } from '../../core/watch/incident.ts';
import { mailNumbersText } from '../../core/watch/mail-numbers.ts';
import { concernedCount } from '../../core/watch/members.ts';
import type { Mute } from '../../core/watch/mute.ts';
import type { NotificationStep } from '../../core/watch/notification-steps.ts';
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
import { importFixesButton } from '../postal/import-fixes-button.ts';
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
      : `👀 ${mention(acknowledgement.by)} is on it since ${dateText(new Date(acknowledgement.atMs).toISOString(), '{time}')}`;
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

/** What the message shows besides the incident itself. */
export type BesideIncident = {
  /** User groups that the alert mentions. */
  readonly mentions: readonly string[];
  /** Of its endpoints that still fail, as far as they are known, what is registered and what the last probe of the standby found. */
  readonly endpoints: readonly {
    readonly definition: Definition;
    readonly state: Member['state'];
    readonly standby: StandbyHealth | undefined;
  }[];
  /** The mute in force for all of its endpoints. */
  readonly mute: Mute | undefined;
  /** The target of a failover since the incident was opened, once it is resolved. */
  readonly failedOverTo: Targets | undefined;
  readonly acknowledgement: Acknowledgement | undefined;
  /** Of an endpoint that nobody registered: an import may propose what fixes it. */
  readonly isFixable: boolean;
};

/** Whether another server would help: it does not against drift, DNS, blindness or an expiring certificate. */
const isOfServer = ({ cause, members }: Incident): boolean =>
  cause.kind === 'target' ||
  cause.kind === 'deliveries' ||
  (cause.kind === 'single' && members[0]?.state !== 'drifted');

const withStandby = (incident: Incident, { endpoints }: BesideIncident): BesideIncident['endpoints'] =>
  isOfServer(incident) && incident.closedAtMs === undefined
    ? endpoints.filter(({ definition }) => definition.standby !== undefined)
    : [];

/** What Postal says of the mail to its endpoints. */
const numbersLine = ({ postal }: Incident): readonly string[] =>
  postal === undefined ? [] : [`📬 ${spoken(mailNumbersText(postal))}`];

const failoverButtons = (incident: Incident, beside: BesideIncident): readonly ReturnType<typeof commandButton>[] => {
  const [first, ...others] = withStandby(incident, beside);
  if (first === undefined) return [];
  if (others.length === 0) return [commandButton('Fail over', `failover ${first.definition.hostname}`)];
  const { cause } = incident;
  return cause.kind === 'target' ? [commandButton('Fail over all', `failover ${cause.target}`)] : [];
};

const outlookTexts: Readonly<Record<FailoverOutlook, string>> = {
  helps: 'Failing over would help.',
  'no-better': 'Failing over would not help.',
  breaks: 'Failing over would make it worse: mail still gets in where the name leads now.',
  unknown: 'It is not known whether failing over would help.',
};

/** Whether a failover would help, before anybody tries; nothing without a standby. */
const outlookLine = (incident: Incident, beside: BesideIncident): readonly string[] => {
  // The probe gets in at the old place: only Postal's next deliveries would show whether another server takes the mail.
  if (incident.cause.kind === 'deliveries') return [];
  const outlooks = withStandby(incident, beside).map(({ definition, state, standby }) => ({
    definition,
    standby,
    outlook: failoverOutlook(state === 'unknown' ? 'down' : state, standby?.state),
  }));
  const [first] = outlooks;
  if (first === undefined) return [];
  const { definition, standby, outlook } = first;
  if (concernedCount(incident) === 1 && definition.standby !== undefined)
    return [`*${outlookTexts[outlook]}* Standby ${code(targetsText(definition.standby))}: ${standbyText(standby)}`];
  const helped = outlooks.filter((each) => each.outlook === 'helps').length;
  const endpoints = helped === 1 ? '1 endpoint' : `${helped} endpoints`;
  return [
    `*Failing over would help ${helped === 0 ? 'none of them' : endpoints}.* ${outlooks.length} ${outlooks.length === 1 ? 'has' : 'have'} a standby.`,
  ];
};

const buttons = (incident: Incident, beside: BesideIncident): KnownBlock => {
  const { mute, acknowledgement } = beside;
  const { id, cause, members, closedAtMs } = incident;
  const hostname = concernedCount(incident) === 1 ? members[0]?.hostname : undefined;
  const verify = cause.kind === 'history' ? [commandButton('Verify now', 'history --verify')] : [];
  const listed = cause.kind === 'target' ? `list --target ${cause.target}` : 'list';
  if (closedAtMs !== undefined)
    return actions(
      hostname === undefined
        ? [
            ...verify,
            ...(cause.kind === 'history' ? [] : [commandButton('List', listed)]),
            commandButton('Status', 'status'),
          ]
        : [commandButton('Check again', `check ${hostname}`), commandButton('History', `history ${hostname}`)],
    );
  const takeOver =
    acknowledgement === undefined ? [commandButton("I'm on it", `acknowledge ${id}`, { style: 'primary' })] : [];
  // Nothing can be muted, failed over or looked up in the history where nothing is registered.
  if (beside.isFixable && hostname !== undefined)
    return actions([...takeOver, importFixesButton({ hostname }), commandButton('Audit', `audit ${hostname}`)]);
  return actions([
    ...takeOver,
    ...failoverButtons(incident, beside),
    ...(hostname === undefined
      ? [
          ...verify,
          ...(cause.kind === 'history' ? [] : [commandButton('List', listed)]),
          commandButton('Status', 'status'),
        ]
      : [
          commandButton('Check again', `check ${hostname}`),
          mute === undefined
            ? commandButton('Mute 2 h', `mute ${hostname} 2h`)
            : commandButton('Unmute', `unmute ${hostname}`),
          ...(members[0]?.state === 'drifted' ? [commandButton('What has drifted', `drift ${hostname}`)] : []),
          commandButton('History', `history ${hostname}`),
        ]),
  ]);
};

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
      buttons(incident, beside),
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
        : [section(`👀 ${mention(acknowledgement.by)} is on it since ${at(acknowledgement.atMs)}.`)]),
      ...facts.flatMap(sections),
      ...(mute === undefined ? [] : [section(`🔕 ${mutedLine(mute)}. Only its recovery is announced until then.`)]),
      context(
        [`since ${at(openedAtMs)}`, ...target, ...ownersText(incident, beside), ...mentions.map(groupMention)].join(
          ' · ',
        ),
      ),
      buttons(incident, beside),
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
