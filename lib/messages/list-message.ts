import type { KnownBlock } from '@slack/types';
import { targetTexts } from '../core/endpoint/targets.ts';
import { type EndpointFilter, narrows } from '../core/filter/endpoint-filter.ts';
import { commandLine } from '../core/grammar/line.ts';
import { table as commandTable } from '../core/grammar/table.ts';
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
import { filterArguments, filterText, snapshotText } from './filter-words.ts';
import type { Message } from './message.ts';

export type ListView = {
  readonly shown: readonly EndpointStatus[];
  readonly page: number;
  readonly filter: EndpointFilter;
  /** Of the snapshot of Postal that the filter asked; milliseconds since the epoch. */
  readonly snapshotAtMs?: number | undefined;
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

const emptyMessage = ({ filter, snapshotAtMs, example }: ListView): Message => {
  const isNarrowed = narrows(filter);
  const text = isNarrowed ? 'No endpoint' : 'No endpoint is registered yet.';
  const buttons = [
    ...(isNarrowed ? [commandButton('List all', 'list', { replace: true })] : []),
    formButton('Add endpoint', 'add'),
  ];
  const asOf = snapshotAtMs === undefined ? [] : [context(snapshotText(snapshotAtMs))];
  if (isNarrowed)
    return {
      text: `${text}${filterText(filter, 'is', escapeText)}.`,
      blocks: [section(`${text}${filterText(filter, 'is')}.`), ...asOf, actions(buttons)],
    };
  return {
    text: `${text} Add the first one with /postal-endpoint add`,
    blocks: [section(`${text}\nRegister one: ${code(`/postal-endpoint ${example}`)}`), actions(buttons)],
  };
};

/** Registered hostnames as a table, 20 a page, fewer where they are long. */
export const listMessage = (view: ListView): Message => {
  const { page, filter, snapshotAtMs } = view;
  const { target, state } = filter;
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
  const command = commandLine(commandTable.list, new Map(filterArguments(filter)));
  const count = `${shown.length} ${shown.length === 1 ? 'endpoint' : 'endpoints'}`;
  const are = shown.length === 1 ? 'that is' : 'that are';
  const states = stateCounts(shown.map((standing) => standing.state));
  const blocks: KnownBlock[] = [
    section(`*${count}*${filterText(filter, are)}${state === undefined || state === 'muted' ? `\n${states}` : ''}`),
    table(['state', 'hostname', 'target', 'last check', 'port, mode'], items.map(rowOf)),
    context([pagesLine(place), ...(snapshotAtMs === undefined ? [] : [snapshotText(snapshotAtMs)])].join(' · ')),
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
  return { text: [`${count}${filterText(filter, are, escapeText)}, ${pagesLine(place)}`, ...lines].join('\n'), blocks };
};
