import { createHash } from 'node:crypto';
import type { SnsDestination } from '../../core/policy/destinations.ts';
import type { Severity } from '../../core/policy/severity.ts';
import { type Acknowledgement, type Incident, standingMembers } from '../../core/watch/incident/incident.ts';
import type { NotificationStep } from '../../core/watch/incident/notification-steps.ts';
import { mailNumbersText } from '../../core/watch/mail/mail-numbers.ts';
import { incidentTitle } from './incident-title.ts';

const hostnamesKept = 50;
const longestText = 1_000;
/** Limits of PagerDuty's Events API v2 for `summary` and `dedup_key`. */
const pagerDutyLimits = { summary: 1_024, dedupKey: 255 } as const;
/** Of an SNS subject, in ASCII. */
const longestSubject = 100;

/** What happened, as destinations other than Slack are told. A retry sends the same `id`. */
export type IncidentEvent = {
  readonly version: 1;
  readonly id: string;
  readonly incident: string;
  readonly event: 'opened' | 'grown' | 'worse' | 'reminder' | 'escalation' | 'acknowledged' | 'resolved';
  readonly severity: Severity;
  readonly title: string;
  readonly text: string;
  readonly cause: Incident['cause']['kind'];
  readonly target?: string;
  /** At most 50 of them. */
  readonly hostnames: readonly string[];
  readonly hostnameCount: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly openedAt: string;
  readonly acknowledgedBy?: string;
};

const eventOf = (kind: NotificationStep['kind']): IncidentEvent['event'] | undefined =>
  kind === 'mention' || kind === 'note' ? undefined : kind;

/** A text of at most so many characters. */
const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).toWellFormed()}…`;

/** What is wrong, with what Postal says of the mail. */
const withNumbers = ({ sentence, postal }: Incident): string =>
  postal === undefined ? sentence : `${sentence} ${mailNumbersText(postal)}`;

/** What a step is for destinations other than Slack; undefined where it is for Slack alone. */
export const incidentEvent = (
  incident: Incident,
  { key, kind, severity, text, atMs }: NotificationStep,
  acknowledgement: Acknowledgement | undefined,
): IncidentEvent | undefined => {
  const event = eventOf(kind);
  if (event === undefined) return undefined;
  const { id, cause, members, unlisted = 0, openedAtMs } = incident;
  const concerned = event === 'resolved' ? members : standingMembers(incident);
  return {
    version: 1,
    id: `${id}/${key}`,
    incident: id,
    event,
    severity,
    title: incidentTitle(incident, event === 'resolved' ? 'past' : 'now'),
    text: cut(text === '' ? withNumbers(incident) : text, longestText),
    cause: cause.kind,
    ...(cause.kind === 'target' ? { target: cause.target } : {}),
    hostnames: concerned.slice(0, hostnamesKept).map(({ hostname }) => hostname),
    hostnameCount: concerned.length + unlisted,
    at: new Date(atMs).toISOString(),
    openedAt: new Date(openedAtMs).toISOString(),
    ...(event === 'acknowledged' && acknowledgement !== undefined ? { acknowledgedBy: acknowledgement.by } : {}),
  };
};

const pagerDutySeverity: Readonly<Record<Severity, 'critical' | 'error' | 'warning'>> = {
  down: 'critical',
  plaintext: 'error',
  degraded: 'warning',
  certificate: 'warning',
};

/** A text that is too long as its digest: it is only compared. */
const within = (text: string, most: number): string =>
  text.length <= most ? text : createHash('sha256').update(text).digest('hex');

/** The body for PagerDuty's Events API v2; undefined for what PagerDuty does by itself: its own policy reminds and escalates. */
export const pagerDutyBody = (event: IncidentEvent, routingKey: string): object | undefined => {
  const key = { routing_key: routingKey, dedup_key: within(event.incident, pagerDutyLimits.dedupKey) };
  switch (event.event) {
    case 'reminder':
    case 'escalation':
      return undefined;
    case 'acknowledged':
      return { ...key, event_action: 'acknowledge' };
    case 'resolved':
      return { ...key, event_action: 'resolve' };
    case 'opened':
    case 'grown':
    case 'worse': {
      const { title, text, severity, cause, target, hostnames, hostnameCount, at, openedAt } = event;
      return {
        ...key,
        event_action: 'trigger',
        payload: {
          summary: cut(`${title}. ${text}`, pagerDutyLimits.summary),
          source: target ?? hostnames[0] ?? 'postal-endpoint',
          severity: pagerDutySeverity[severity],
          timestamp: at,
          group: 'postal-endpoint',
          class: cause,
          custom_details: { text, hostnames, hostnameCount, openedAt, event: event.event },
        },
      };
    }
  }
};

const eventWords: Readonly<Record<IncidentEvent['event'], string>> = {
  opened: 'Alert',
  grown: 'More endpoints',
  worse: 'Worse',
  reminder: 'Nobody has acknowledged this',
  escalation: 'Escalation',
  acknowledged: 'Acknowledged',
  resolved: 'Resolved',
};

/** What an SNS topic gets: a subject (ASCII, without line breaks) and a message. */
export const snsMessage = (
  event: IncidentEvent,
  form: SnsDestination['form'],
): { readonly subject: string; readonly message: string } => {
  const { title, text, hostnames, hostnameCount, openedAt, incident } = event;
  const head = `${eventWords[event.event]}: ${title}`;
  const subject = head
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, longestSubject);
  if (form === 'json') return { subject, message: JSON.stringify(event) };
  const left = hostnameCount - hostnames.length;
  const names = [...hostnames, ...(left > 0 ? [`… and ${left} more`] : [])];
  return { subject, message: [head, text, '', ...names, '', `since ${openedAt} · ${incident}`].join('\n') };
};
