import type { EntryBody } from '../../ledger/entry.ts';
import type { ChangeState } from '../../ledger/fold.ts';
import { actions, type Cell, code, context, dateCell, escapeText, linkCell, section, shortened, table, userCell } from '../blocks.ts';
import { commandButton } from '../button.ts';
import type { Message } from '../messenger.ts';
import type { Page } from '../paginate.ts';
import { pageButtons, pagesLine } from './page-buttons.ts';
import { targetsText } from './record-lines.ts';

export type HistoryRow =
  | { readonly kind: 'change'; readonly at: string; readonly change: ChangeState }
  | { readonly kind: 'refused'; readonly at: string; readonly stream: string; readonly refusal: Extract<EntryBody, { kind: 'refused' }> };

export type HistoryView = {
  readonly page: Page<HistoryRow>;
  /** By change id; null where it was announced but Slack gave no link. */
  readonly permalinks: ReadonlyMap<string, string | null>;
  readonly hostname: string | undefined;
  readonly since: string | undefined;
  readonly by: string | undefined;
};

const longestReason = 160;

const states: Readonly<Record<ChangeState['state'], string>> = {
  requested: '⏳ requested',
  approved: '⏳ approved',
  rejected: '🚫 rejected',
  cancelled: '🚫 cancelled',
  expired: '⌛ expired',
  applying: '⏳ applying',
  applied: '✅ applied',
  failed: '❌ failed',
  conflict: '🛑 conflict',
};

const beforeAfter = ({ plan }: ChangeState): string => {
  const before = plan.definitionBefore === undefined ? 'nothing' : targetsText(plan.definitionBefore.targets);
  const after = plan.definitionAfter === undefined ? 'nothing' : targetsText(plan.definitionAfter.targets);
  return `${before} → ${after}`;
};

const cells = (row: HistoryRow, permalinks: HistoryView['permalinks']): Cell[] => {
  if (row.kind === 'refused') {
    const { actor, verb, text, reasons } = row.refusal;
    return [
      dateCell(row.at),
      userCell(actor.userId),
      shortened(text === '' ? verb : text, longestReason),
      `✗ refused: ${shortened(reasons.join(' '), longestReason)}`,
    ];
  }
  const { change } = row;
  const link = permalinks.get(change.changeId);
  const what = `${change.verb} ${change.plan.hostname}: ${beforeAfter(change)}`;
  const state = states[change.state];
  const told: Cell = link === undefined ? `${state}, not yet announced` : link === null ? state : linkCell(link, state);
  return [dateCell(row.at), userCell(change.actor.userId), what, told, change.changeId];
};

const commandOf = ({ hostname, since, by }: HistoryView): string =>
  ['history', hostname, since && `--since ${since}`, by && `--by ${by}`].filter((part) => part !== undefined && part !== '').join(' ');

/** Changes and refusals as a table, newest first, each change linked to its message. */
export const historyMessage = (view: HistoryView): Message => {
  const { items, ...place } = view.page;
  const of = view.hostname === undefined ? '' : ` of ${escapeText(view.hostname)}`;
  const command = commandOf(view);
  const turning = pageButtons(command, place);
  if (place.total === 0) {
    const text = `There is no history${of} ${view.since === undefined && view.hostname === undefined ? 'in the last 7 days' : 'in that time'}.`;
    return {
      text,
      blocks: [
        section(text),
        section(`Look further back: ${code(`/postal-endpoint history${view.hostname === undefined ? '' : ` ${view.hostname}`} --since 52w`)}`),
      ],
    };
  }
  return {
    text: `History${of}: ${pagesLine(place)}`,
    blocks: [
      section(`*History${of}*`),
      table(
        ['when', 'who', 'what, before → after', 'state', 'change'],
        items.map((row) => cells(row, view.permalinks)),
      ),
      context(pagesLine(place)),
      actions([...turning, commandButton('Refresh', command, { replace: true })]),
    ],
  };
};
