import type { Severity } from '../../policy/severity.ts';
import type { WatchRules } from '../../policy/watch-rules.ts';
import { type Acknowledgement, concernsBlindness, type Incident } from './incident.ts';

/**
 * What there is to send of an incident.
 *
 * | kind | is |
 * | --- | --- |
 * | `opened` | the alert itself |
 * | `grown` | more endpoints |
 * | `worse` | a worse severity, or the same again soon after a recovery |
 * | `note` | anything else that happened, for the thread alone |
 * | `mention` | watch has been blind for as long as the policy waits before it mentions anybody |
 * | `reminder` | nobody has acknowledged it in time |
 * | `escalation` | nor by then: the second group or channel is asked |
 * | `acknowledged` | somebody has taken it over |
 * | `resolved` | it is over |
 */
export type StepKind =
  | 'opened'
  | 'grown'
  | 'worse'
  | 'note'
  | 'mention'
  | 'reminder'
  | 'escalation'
  | 'acknowledged'
  | 'resolved';

/** One thing to send, once to each destination. */
export type NotificationStep = {
  /** The same for the same step, however often it is asked for; another one for every other step of the incident. */
  readonly key: string;
  readonly kind: StepKind;
  /** When it became due, milliseconds since the epoch. */
  readonly atMs: number;
  readonly severity: Severity;
  /** One or two sentences; may quote a server: untrusted text. */
  readonly text: string;
  /** User groups to mention, each once. */
  readonly mentions: readonly string[];
  /** Shown in the channel as well as in the thread. */
  readonly isLoud: boolean;
  /** For an escalation to another channel: that channel. */
  readonly channelId?: string;
  /** The endpoints that it speaks of; absent: all of the incident. */
  readonly hostnames?: readonly string[];
};

export type StepsInput = {
  readonly incident: Incident;
  readonly acknowledgement: Acknowledgement | undefined;
  readonly rules: WatchRules;
  readonly nowMs: number;
  /** Whether alerts of every endpoint that still suffers are muted: nobody is reminded meanwhile. */
  readonly isMuted: boolean;
};

const minuteMs = 60_000;

/** Times at which somebody is asked again, as long as nobody has acknowledged; none for a severity that mentions nobody. */
const askedAgain = ({ incident, acknowledgement, rules, nowMs, isMuted }: StepsInput): readonly NotificationStep[] => {
  const { closedAtMs, severity, raisedAtMs, sentence } = incident;
  const { reminder, escalation, mention } = rules;
  if (closedAtMs !== undefined || acknowledgement !== undefined || isMuted || !mention.includes(severity)) return [];
  const fromMs = raisedAtMs + (concernsBlindness(incident) ? rules.blindMinutes * minuteMs : 0);
  const group = rules.userGroup === undefined ? [] : [rules.userGroup];
  const base = { severity, isLoud: true, text: sentence };
  const reminders = Array.from({ length: reminder.times }, (_, index): NotificationStep => {
    const atMs = fromMs + (index + 1) * reminder.minutes * minuteMs;
    return { ...base, key: `reminder-${index + 1}`, kind: 'reminder', atMs, mentions: group };
  });
  const escalated: NotificationStep[] =
    escalation === undefined
      ? []
      : [
          {
            ...base,
            key: 'escalation',
            kind: 'escalation',
            atMs: fromMs + escalation.minutes * minuteMs,
            mentions: escalation.userGroup === undefined ? group : [escalation.userGroup],
            ...(escalation.channel === undefined ? {} : { channelId: escalation.channel }),
          },
        ];
  return [...reminders, ...escalated].filter(({ atMs }) => atMs <= nowMs);
};

/**
 * Every notification of an incident that is due, in order. A destination sends what it has not sent yet, and remembers the keys: this list only
 * grows, except that reminders and escalations drop out once somebody has acknowledged the incident, or it is over.
 */
export const notificationSteps = (input: StepsInput): readonly NotificationStep[] => {
  const { incident, acknowledgement, rules, nowMs } = input;
  const { raisedAtMs, severity, sentence, updates, closedAtMs } = incident;
  const mentioned = (of: Severity): readonly string[] =>
    rules.userGroup !== undefined && rules.mention.includes(of) ? [rules.userGroup] : [];
  const isBlind = concernsBlindness(incident);
  const mentionAtMs = raisedAtMs + rules.blindMinutes * minuteMs;
  const isMentionDue = isBlind && closedAtMs === undefined && mentionAtMs <= nowMs && mentioned(severity).length > 0;
  const steps: readonly NotificationStep[] = [
    {
      key: 'opened',
      kind: 'opened',
      atMs: raisedAtMs,
      severity,
      text: sentence,
      mentions: isBlind ? [] : mentioned(severity),
      isLoud: true,
    },
    ...updates.map(({ atMs, step, text, hostnames }, index): NotificationStep => {
      const kind = step === 'reopened' ? 'worse' : step;
      return {
        key: `update-${index + 1}`,
        kind,
        atMs,
        severity,
        text,
        mentions: kind === 'worse' && !isBlind ? mentioned(severity) : [],
        isLoud: kind === 'worse' || kind === 'grown',
        ...(hostnames === undefined ? {} : { hostnames }),
      };
    }),
    ...(isMentionDue
      ? [
          {
            key: 'mention',
            kind: 'mention',
            atMs: mentionAtMs,
            severity,
            text: sentence,
            mentions: mentioned(severity),
            isLoud: true,
          } as const,
        ]
      : []),
    ...askedAgain(input),
    ...(acknowledgement === undefined
      ? []
      : [
          {
            key: `acknowledged-${acknowledgement.atMs}`,
            kind: 'acknowledged',
            atMs: acknowledgement.atMs,
            severity,
            text: '',
            mentions: [],
            isLoud: false,
          } as const,
        ]),
  ];
  return steps.toSorted((one, other) => one.atMs - other.atMs);
};
