import type { KnownBlock } from '@slack/types';
import type { Incident } from '../../watch/incident.ts';
import { actions, context, dateText, escapeText, oneLine, section, sections, shortened } from '../blocks.ts';
import { commandButton } from '../button.ts';
import type { Message } from '../messenger.ts';

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
  return [...(days > 0 ? [`${days} d`] : []), ...(hours > 0 ? [`${hours} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(' ');
};

const endpointWords = {
  up: 'is up',
  degraded: 'is degraded',
  plaintext: 'is no longer encrypted',
  drifted: 'has drifted',
  down: 'is down',
} as const satisfies Record<NonNullable<Incident['state']>, string>;

/** What it is about, in a few words; not escaped. */
const subject = ({ kind, hostname = 'an endpoint', state = 'down', concerned }: Incident): string => {
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

const isWarning = ({ kind, state }: Incident): boolean =>
  kind === 'certificate' || (kind === 'endpoint' && (state === 'degraded' || state === 'drifted'));

const findingTexts = ({ findings }: Incident): readonly string[] => {
  const left = findings.length - findingsShown;
  return [
    ...findings.slice(0, findingsShown).map(({ text, remedy }) => `• ${spoken(text)}${remedy === undefined ? '' : `\n→ ${spoken(remedy)}`}`),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
};

const concernedLine = ({ concerned }: Incident): readonly string[] => {
  if (concerned === undefined) return [];
  const left = concerned.count - concerned.some.length;
  return [`${concerned.some.map((name) => escapeText(oneLine(name))).join(', ')}${left > 0 ? ` and ${left} more` : ''}`];
};

const buttons = ({ hostname, closedAtMs }: Incident): KnownBlock => {
  if (hostname === undefined) return actions([commandButton('Status', 'status'), commandButton('List', 'list')]);
  const check = commandButton('Check again', `check ${hostname}`, closedAtMs === undefined ? { style: 'primary' } : {});
  const past = commandButton('History', `history ${hostname}`);
  return closedAtMs === undefined
    ? actions([check, commandButton('Mute 2 h', `mute ${hostname} 2h`), commandButton('Fail over', `failover ${hostname}`), past])
    : actions([check, past]);
};

/** The head message of an incident: red while it goes on, green when it is over. The user group is mentioned in it, and nowhere else. */
export const incidentMessage = (incident: Incident, { userGroup }: { readonly userGroup: string | undefined; readonly nowMs: number }): Message => {
  const { openedAtMs, closedAtMs, sentence } = incident;
  const about = subject(incident);
  const since = dateText(new Date(openedAtMs).toISOString());
  const forWhom = userGroup === undefined ? '' : ` · <!subteam^${escapeText(userGroup)}>`;
  if (closedAtMs !== undefined) {
    const text = `✅ Over: ${about}. It lasted ${lasted(closedAtMs - openedAtMs)}.`;
    return {
      text: escapeText(oneLine(text)),
      blocks: [
        section(`✅ *Over: ${escapeText(oneLine(about))}.* It lasted ${lasted(closedAtMs - openedAtMs)}.\n${spoken(sentence)}`),
        context(`from ${since} to ${dateText(new Date(closedAtMs).toISOString())}${forWhom}`),
        buttons(incident),
      ],
    };
  }
  const mark = isWarning(incident) ? '⚠️' : '🔴';
  const facts = [...concernedLine(incident), ...findingTexts(incident)];
  return {
    text: `${mark} ${escapeText(oneLine(`${about}. ${shortened(sentence, longestSentence)}`))}`,
    blocks: [
      section(`${mark} *${escapeText(oneLine(about))}.*\n*${spoken(sentence)}*`),
      ...facts.flatMap(sections),
      context(`since ${since}${forWhom}`),
      buttons(incident),
    ],
  };
};

/** One line in the thread of an incident. */
export const incidentUpdate = (text: string): Message => {
  const line = spoken(text);
  return { text: line, blocks: [section(line)] };
};
