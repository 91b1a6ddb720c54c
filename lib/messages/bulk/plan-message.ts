import type { KnownBlock } from '@slack/types';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import type { BulkPart, LeftOut } from '../../core/ledger/bulk-entry.ts';
import { shortChangeId } from '../../core/ledger/change-id.ts';
import type { People } from '../../core/policy/people.ts';
import {
  actions,
  code,
  context,
  dateText,
  escapeText,
  mention,
  oneLine,
  section,
  sections,
  shortened,
  table,
} from '../block-kit/blocks.ts';
import { type Confirmation, commandButton } from '../block-kit/button.ts';
import { pageButtons, pagesLine } from '../block-kit/page-buttons.ts';
import { type Page, pageOf } from '../block-kit/paginate.ts';
import { infinitive } from '../change/change-words.ts';
import { called, digestLength } from '../change/release-message.ts';
import type { Message } from '../message.ts';
import {
  leadsText,
  type NameRow,
  nameCells,
  namesText,
  nameText,
  noteBlocks,
  ofProposed,
  verbCounts,
} from './bulk-words.ts';

type Row = { readonly part: BulkPart } | { readonly leftOut: LeftOut };

const longestNote = 200;
const longestRecords = 120;

/** What needs a look comes first: what is left out, then what is warned of, then what a rule protects. */
const rowsOf = ({ parts, leftOut }: BulkState): readonly Row[] => {
  const rank = ({ warnings, plan }: BulkPart): number =>
    (warnings.length > 0 ? 0 : 2) + (plan.release.kind === 'approval' ? 0 : 1);
  return [
    ...leftOut.map((each) => ({ leftOut: each })),
    ...parts.toSorted((one, other) => rank(one) - rank(other)).map((part) => ({ part })),
  ];
};

const nameRow = (row: Row): NameRow => {
  if ('leftOut' in row)
    return {
      sign: '✗',
      name: row.leftOut.what,
      what: 'left out',
      note: shortened(row.leftOut.reason, longestNote),
    };
  const { plan, warnings } = row.part;
  const needsApproval = plan.release.kind === 'approval' ? `. Needs approval (rule "${plan.release.because}").` : '';
  return {
    sign: warnings.length > 0 ? '⚠️' : plan.release.kind === 'approval' ? '🔐' : '✓',
    name: plan.hostname,
    what: `${infinitive[plan.verb]} ${shortened(leadsText(plan), longestRecords)}${needsApproval}`,
    note: shortened(warnings.join(' '), longestNote),
  };
};

const charactersOf = (row: Row): number => nameText(nameRow(row)).length;

/** The page's table, what there is to say of its rows, and which page it is. */
const tableBlocks = (place: Page<Row>): KnownBlock[] => {
  const rows = place.items.map(nameRow);
  return [table(['hostname', 'change'], rows.map(nameCells), [1]), ...noteBlocks(rows), context(pagesLine(place))];
};

const untilText = ({ expiresAt }: BulkState): string => dateText(expiresAt, '{date_short_pretty} at {time}');

const listLine = ({ bulkId, digest }: BulkState): string =>
  `bulk ${code(shortChangeId(bulkId))} · SHA-256 of the list ${code(`${digest.slice(0, digestLength)}…`)}`;

/** What people have to know beside the list. */
const remarkLines = ({ remarks = [] }: Pick<BulkState, 'remarks'>): readonly string[] =>
  remarks.map((remark) => escapeText(shortened(remark, longestNote)));

const needsText = ({ needs }: BulkState): string =>
  needs.length === 0
    ? ''
    : `🔐 A second person has to approve it (policy: ${needs.map(({ because }) => `"${escapeText(because)}"`).join(', ')}).`;

const textRows = (rows: readonly Row[]): readonly string[] =>
  rows.slice(0, 10).map((row) => escapeText(nameText(nameRow(row))));

const wouldNotGetIn: Confirmation = {
  title: 'Postal would not get in',
  text: 'A probe of the new address failed at a port in use. Mail for these names would wait, and finally bounce.',
};

/** How the button looks that releases a bulk: red where names are removed, and with one more question where delivery would break. */
const releaseLook = ({ parts, breaksDelivery }: Pick<BulkState, 'parts' | 'breaksDelivery'>) => {
  const isDangerous = breaksDelivery === true || parts.some(({ plan }) => plan.definitionAfter === undefined);
  return {
    style: isDangerous ? ('danger' as const) : ('primary' as const),
    ...(breaksDelivery === true ? { confirm: wouldNotGetIn } : {}),
  };
};

/** Every change of a bulk with what was found, for whoever asked for it: nothing is changed before they confirm it. Of a dry run there is nothing to confirm. */
export const bulkPlanMessage = (bulk: BulkState, page: number, isDryRun = false): Message => {
  const { bulkId, digest, title, leftOutCount, leftOut } = bulk;
  const rows = rowsOf(bulk);
  const place = pageOf(rows, page, charactersOf);
  const head = `📝 ${oneLine(title)}: ${verbCounts(bulk)}`;
  const unlisted = leftOutCount - leftOut.length;
  const notes = [
    ...remarkLines(bulk),
    ...(leftOutCount === 0
      ? []
      : [
          `✗ ${leftOutCount} of ${leftOutCount + bulk.parts.length} cannot be changed and would be left out.${unlisted === 0 ? '' : ` ${leftOut.length} of them are shown.`}`,
        ]),
    ...(bulk.needs.length === 0 ? [] : [needsText(bulk)]),
    isDryRun
      ? 'A dry run: nothing was changed.'
      : `Nothing is changed yet. The buttons work until *${untilText(bulk)}*.`,
  ];
  const label = `Apply ${ofProposed(bulk)}`;
  return {
    text: [escapeText(head), ...notes.map((note) => note.replaceAll('*', '')), ...textRows(place.items)].join('\n'),
    blocks: [
      section(`*${escapeText(head)}*`),
      ...sections(notes.join('\n')),
      ...tableBlocks(place),
      ...(isDryRun
        ? []
        : [
            actions([
              ...pageButtons(`bulk ${bulkId}`, place),
              commandButton(label, `approve ${bulkId} --plan ${digest.slice(0, digestLength)}`, {
                replace: true,
                ...releaseLook(bulk),
              }),
              commandButton('Cancel', `cancel ${bulkId}`, { replace: true }),
            ]),
            context(listLine(bulk)),
          ]),
    ],
  };
};

/** Nothing of what was proposed can be applied, or nothing has to be. */
export const emptyBulkMessage = (title: string, leftOut: readonly LeftOut[], unchanged: number): Message => {
  const place = pageOf(
    leftOut.map((each): Row => ({ leftOut: each })),
    1,
    charactersOf,
  );
  const already =
    unchanged === 0 ? '' : ` ${namesText(unchanged)} already ${unchanged === 1 ? 'has' : 'have'} these values.`;
  const head =
    leftOut.length === 0
      ? `${oneLine(title)}: there is nothing to change.${already}`
      : `${oneLine(title)}: nothing was changed. Every change was left out.${already}`;
  return {
    text: [escapeText(head), ...textRows(place.items)].join('\n'),
    blocks: [section(`*${escapeText(head)}*`), ...(leftOut.length === 0 ? [] : tableBlocks(place))],
  };
};

/** The same list for those who may approve it, in their channel. `fileLink`: of the whole list, where Slack took the file. */
export const bulkApprovalMessage = (bulk: BulkState, fileLink: string | undefined, approvers: People): Message => {
  const { actor, bulkId, digest, parts, title } = bulk;
  const place = pageOf(rowsOf({ ...bulk, leftOut: [] }), 1, charactersOf);
  const whom = called(approvers, actor.userId);
  const head = `🔐 ${mention(actor.userId)} asks to change ${namesText(parts.length)}: ${escapeText(oneLine(title))}`;
  const file =
    fileLink === undefined
      ? '⚠️ Slack did not take the file with the whole list.'
      : `The whole list is <${fileLink}|this file>; its SHA-256 is ${code(digest)}.`;
  return {
    text: `${head} (${verbCounts(bulk)}) · bulk ${shortChangeId(bulkId)}`,
    blocks: [
      section(`*${head}* (${verbCounts(bulk)})`),
      ...sections(remarkLines(bulk).join('\n')),
      ...tableBlocks(place),
      ...sections(
        [
          file,
          `${whom === '' ? '' : `${whom}: `}${needsText(bulk)} The buttons work until *${untilText(bulk)}*. Without a decision nothing is changed.`,
        ].join('\n'),
      ),
      actions([
        commandButton(`Approve ${parts.length}`, `approve ${bulkId} --plan ${digest.slice(0, digestLength)}`, {
          replace: true,
          ...releaseLook(bulk),
        }),
        commandButton('Reject', `reject ${bulkId}`, { replace: true, style: 'danger' }),
      ]),
      context(`bulk ${code(shortChangeId(bulkId))}`),
    ],
  };
};
