import type { Acknowledgement, Incident } from '../../core/watch/incident/incident.ts';
import type { Mute } from '../../core/watch/mute/mute.ts';
import { actions, code, context, dateText, escapeText, oneLine, section, sections } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';
import { incidentLine } from './incident-message.ts';
import { muteLines } from './mute-message.ts';

/** One part of the bot and its state. */
export type StatusLine = { readonly ok: boolean; readonly what: string; readonly detail: string };

export type StatusView = {
  readonly lines: readonly StatusLine[];
  readonly endpoints: number;
  /** Mutes that hold or are planned, and open maintenance windows. */
  readonly mutes: readonly Mute[];
  readonly nowMs: number;
  readonly policyVersion: string;
  readonly postalVersion: string;
  readonly auditChannel: string;
  readonly at: string;
  /** The open ones. */
  readonly incidents: readonly Incident[];
  readonly acknowledgements: ReadonlyMap<string, Acknowledgement>;
};

const incidentsAtMost = 10;

/** What is open, for how long, and who is on it: the oldest first. */
const incidentLines = ({ incidents, acknowledgements, nowMs }: StatusView): readonly string[] => {
  const sorted = incidents.toSorted((one, other) => one.openedAtMs - other.openedAtMs);
  const left = sorted.length - incidentsAtMost;
  return [
    ...sorted
      .slice(0, incidentsAtMost)
      .map((incident) => incidentLine(incident, acknowledgements.get(incident.id), nowMs)),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ];
};

/** The state of the bot: verdict, then one line for each part. */
export const statusMessage = (view: StatusView): Message => {
  const { lines, endpoints, policyVersion, postalVersion, auditChannel, at, mutes, nowMs } = view;
  const open = incidentLines(view);
  const wrong = lines.filter(({ ok }) => !ok);
  const head =
    wrong.length === 0
      ? '✅ *The bot works.*'
      : `❌ *${wrong.length} of ${lines.length} parts ${wrong.length === 1 ? 'needs' : 'need'} attention.*`;
  const body = [...wrong, ...lines.filter(({ ok }) => ok)].map(
    ({ ok, what, detail }) => `${ok ? '✓' : '✗'} *${escapeText(what)}*: ${escapeText(oneLine(detail))}`,
  );
  return {
    text: [head.replaceAll('*', ''), ...open.map((line) => line.replaceAll('*', '')), ...body].join('\n'),
    blocks: [
      section(`${head} ${endpoints} ${endpoints === 1 ? 'endpoint' : 'endpoints'} registered.`),
      ...(open.length === 0 ? [] : sections(open.join('\n'))),
      ...sections(body.join('\n')),
      ...sections(muteLines(mutes, nowMs).join('\n')),
      context(
        `policy ${code(policyVersion)} · Postal ${code(postalVersion)} · audit channel <#${escapeText(auditChannel)}> · ${dateText(at)}`,
      ),
      actions([commandButton('Refresh', 'status', { replace: true }), commandButton('List', 'list')]),
    ],
  };
};
