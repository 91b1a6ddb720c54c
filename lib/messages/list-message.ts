import type { KnownBlock } from '@slack/types';
import type { Definition } from '../core/endpoint/definition.ts';
import { targetTexts } from '../core/endpoint/targets.ts';
import type { EndpointStatus } from '../core/watch/endpoint-status.ts';
import {
  actions,
  type Cell,
  code,
  context,
  dateCell,
  escapeText,
  section,
  shortened,
  table,
  tableCell,
} from './block-kit/blocks.ts';
import { addFormButton, commandButton } from './block-kit/button.ts';
import { charactersOf } from './block-kit/fit.ts';
import { pageButtons, pagesLine } from './block-kit/page-buttons.ts';
import { pageOf } from './block-kit/paginate.ts';
import { targetsText } from './change/record-lines.ts';
import { stateCounts, stateText } from './check/state-words.ts';
import type { Message } from './message.ts';

export type ListView = {
  readonly shown: readonly EndpointStatus[];
  readonly page: number;
  readonly target: string | undefined;
  /** One of the states, or `muted`. */
  readonly state: string | undefined;
};

const longestBrief = 160;

/** How it is, what Postal does there, when that was seen, and until when its alerts are kept back. */
const seenCell = ({ state, brief, seenAtMs, mute }: EndpointStatus): Cell => {
  if (seenAtMs === undefined) return `${stateText(state)} · ${shortened(brief, longestBrief)}`;
  const until =
    mute === undefined
      ? []
      : ([{ type: 'text', text: ' · 🔕 until ' }, ...dateCell(new Date(mute.untilMs).toISOString())] as const);
  return [
    { type: 'text', text: `${stateText(state)} · ${shortened(brief, longestBrief)}, ` },
    ...dateCell(new Date(seenAtMs).toISOString()),
    ...until,
  ];
};

/** Where a name leads; found by its standby, it says so. */
const leadsText = ({ hostname, targets, standby }: Definition, target: string | undefined): string => {
  const isStandby = target !== undefined && standby !== undefined && targetTexts(standby).includes(target);
  return `${targetsText(targets)}${isStandby ? ` (${target} is standby of ${hostname})` : ''}`;
};

/** What the list is narrowed to; `shown` formats a target. */
const filterText = (
  { target, state }: Pick<ListView, 'target' | 'state'>,
  are: string,
  shown: (target: string) => string,
): string =>
  `${state === undefined ? '' : ` ${are} ${state}`}${target === undefined ? '' : ` leading to ${shown(target)}`}`;

const emptyMessage = (view: ListView): Message => {
  const isNarrowed = view.target !== undefined || view.state !== undefined;
  const text = (shown: (target: string) => string): string =>
    isNarrowed ? `No endpoint${filterText(view, 'is', shown)}.` : 'No endpoint is registered yet.';
  const buttons = [
    ...(isNarrowed ? [commandButton('List all', 'list', { replace: true })] : []),
    addFormButton('Add endpoint'),
  ];
  const how = `Register one: ${code('/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12')}`;
  return {
    text: `${text(escapeText)}${view.state === undefined ? ' Add the first one with /postal-endpoint add' : ''}`,
    blocks: [section(view.state === undefined ? `${text(code)}\n${how}` : text(code)), actions(buttons)],
  };
};

/** Registered hostnames as a table, 20 a page, fewer where they are long. */
export const listMessage = (view: ListView): Message => {
  const { shown, page, target, state } = view;
  if (shown.length === 0) return emptyMessage(view);
  const rowOf = (standing: ListView['shown'][number]): Cell[] => {
    const { definition } = standing.registered;
    return [
      definition.hostname,
      seenCell(standing),
      leadsText(definition, target),
      `${definition.port} ${definition.sslMode}`,
    ];
  };
  const place = pageOf(shown, page, (standing) => charactersOf(rowOf(standing).map(tableCell)));
  const { items } = place;
  const command = [
    'list',
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...(state === undefined ? [] : [`--state ${state}`]),
  ].join(' ');
  const count = `${shown.length} ${shown.length === 1 ? 'endpoint' : 'endpoints'}`;
  const are = shown.length === 1 ? 'that is' : 'that are';
  const states = stateCounts(shown.map((standing) => standing.state));
  const blocks: KnownBlock[] = [
    section(`*${count}*${filterText(view, are, code)}${state === undefined || state === 'muted' ? `\n${states}` : ''}`),
    table(['hostname', 'last seen', 'leads to', 'port, mode'], items.map(rowOf)),
    context(pagesLine(place)),
    actions([
      ...pageButtons(command, place),
      commandButton('Check all', 'check all'),
      commandButton('Status', 'status'),
      addFormButton('Add endpoint'),
    ]),
  ];
  const lines = items.map(({ registered: { definition }, ...standing }) => {
    const { hostname, port, sslMode } = definition;
    return `${hostname} → ${leadsText(definition, target)}, port ${port}, ${sslMode}: ${escapeText(`${standing.state}, ${shortened(standing.brief, longestBrief)}`)}`;
  });
  return { text: [`${count}${filterText(view, are, escapeText)}, ${pagesLine(place)}`, ...lines].join('\n'), blocks };
};
