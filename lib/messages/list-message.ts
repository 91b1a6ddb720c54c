import type { KnownBlock } from '@slack/types';
import { slackIdKindOf } from '../core/base/slack-ids.ts';
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
import { commandButton, formButton } from './block-kit/button.ts';
import { charactersOf } from './block-kit/fit.ts';
import { pageButtons, pagesLine } from './block-kit/page-buttons.ts';
import { pageOf } from './block-kit/paginate.ts';
import { targetsText } from './change/record-lines.ts';
import { byState, stateCounts, stateText } from './check/state-words.ts';
import type { Message } from './message.ts';
import { ownerText } from './owner-text.ts';

export type ListView = {
  readonly shown: readonly EndpointStatus[];
  readonly page: number;
  readonly target: string | undefined;
  /** One of the states, or `muted`. */
  readonly state: string | undefined;
  readonly owner?: string | undefined;
  /** A command that registers a name, in this deployment's zone. */
  readonly example: string;
};

const longestBrief = 160;

/** What Postal does there, when that was seen, and until when its alerts are muted. */
const seenCell = ({ brief, seenAtMs, mute }: EndpointStatus): Cell => {
  if (seenAtMs === undefined) return shortened(brief, longestBrief);
  const until =
    mute === undefined
      ? []
      : ([{ type: 'text', text: ' · 🔕 until ' }, ...dateCell(new Date(mute.untilMs).toISOString())] as const);
  return [
    { type: 'text', text: `${shortened(brief, longestBrief)}, ` },
    ...dateCell(new Date(seenAtMs).toISOString()),
    ...until,
  ];
};

/** The worst first, then by name. */
const worstFirst = (one: EndpointStatus, other: EndpointStatus): number =>
  byState(one.state, other.state) ||
  (one.registered.definition.hostname < other.registered.definition.hostname ? -1 : 1);

/** The targets of a name, and how its standby is; where the name was found by its standby, that too. */
const leadsText = (
  { registered: { definition }, standby: seen }: EndpointStatus,
  target: string | undefined,
): string => {
  const { targets, standby } = definition;
  const isStandby = target !== undefined && standby !== undefined && targetTexts(standby).includes(target);
  const known = seen === undefined ? '' : ` ${seen.state}`;
  const other = isStandby ? ` (${target} is its standby${known === '' ? '' : `,${known}`})` : '';
  return `${targetsText(targets)}${other === '' && standby !== undefined ? ` (standby${known === '' ? ' not probed yet' : known})` : other}`;
};

/** What the list is narrowed to; `shown` formats a target. */
const filterText = (
  { target, state, owner }: Pick<ListView, 'target' | 'state' | 'owner'>,
  are: string,
  shown: (target: string) => string,
): string =>
  `${state === undefined ? '' : ` ${are} ${state}`}${target === undefined ? '' : ` with target ${shown(target)}`}${owner === undefined ? '' : ` of owner ${slackIdKindOf(owner) === undefined ? shown(owner) : ownerText(owner)}`}`;

const emptyMessage = (view: ListView): Message => {
  const isNarrowed = view.target !== undefined || view.state !== undefined || view.owner !== undefined;
  const text = (shown: (target: string) => string): string =>
    isNarrowed ? `No endpoint${filterText(view, 'is', shown)}.` : 'No endpoint is registered yet.';
  const buttons = [
    ...(isNarrowed ? [commandButton('List all', 'list', { replace: true })] : []),
    formButton('Add endpoint', 'add'),
  ];
  const how = `Register one: ${code(`/postal-endpoint ${view.example}`)}`;
  return {
    text: `${text(escapeText)}${view.state === undefined ? ' Add the first one with /postal-endpoint add' : ''}`,
    blocks: [section(view.state === undefined ? `${text(code)}\n${how}` : text(code)), actions(buttons)],
  };
};

/** Registered hostnames as a table, 20 a page, fewer where they are long. */
export const listMessage = (view: ListView): Message => {
  const { page, target, state, owner } = view;
  const shown = view.shown.toSorted(worstFirst);
  if (shown.length === 0) return emptyMessage(view);
  const rowOf = (standing: ListView['shown'][number]): Cell[] => {
    const { definition } = standing.registered;
    return [
      stateText(standing.state),
      definition.hostname,
      leadsText(standing, target),
      seenCell(standing),
      `${definition.port} ${definition.sslMode}`,
    ];
  };
  const place = pageOf(shown, page, (standing) => charactersOf(rowOf(standing).map(tableCell)));
  const { items } = place;
  const command = [
    'list',
    ...(target === undefined ? [] : [`--target ${target}`]),
    ...(state === undefined ? [] : [`--state ${state}`]),
    ...(owner === undefined ? [] : [`--owner "${owner}"`]),
  ].join(' ');
  const count = `${shown.length} ${shown.length === 1 ? 'endpoint' : 'endpoints'}`;
  const are = shown.length === 1 ? 'that is' : 'that are';
  const states = stateCounts(shown.map((standing) => standing.state));
  const blocks: KnownBlock[] = [
    section(`*${count}*${filterText(view, are, code)}${state === undefined || state === 'muted' ? `\n${states}` : ''}`),
    table(['state', 'hostname', 'target', 'last check', 'port, mode'], items.map(rowOf)),
    context(pagesLine(place)),
    actions([
      ...pageButtons(command, place),
      commandButton('Check all', 'check all'),
      commandButton('Status', 'status'),
      formButton('Add endpoint', 'add'),
    ]),
  ];
  const lines = items.map((standing) => {
    const { hostname, port, sslMode } = standing.registered.definition;
    return `${hostname} → ${leadsText(standing, target)}, port ${port}, ${sslMode}: ${escapeText(`${standing.state}, ${shortened(standing.brief, longestBrief)}`)}`;
  });
  return { text: [`${count}${filterText(view, are, escapeText)}, ${pagesLine(place)}`, ...lines].join('\n'), blocks };
};
