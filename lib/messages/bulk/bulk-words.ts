import type { KnownBlock } from '@slack/types';
import type { BulkState } from '../../core/bulk/fold-bulk.ts';
import { type ChangeVerb, changeVerbs, type Plan } from '../../core/dns/plan.ts';
import { code, escapeText, sections } from '../block-kit/blocks.ts';
import { beforeAfter, targetsText } from '../change/record-lines.ts';

/** `1 name`, `37 names`. */
export const namesText = (count: number): string => `${count} ${count === 1 ? 'name' : 'names'}`;

/** One change of a kind, or several. */
const counted: Readonly<Record<ChangeVerb, readonly [one: string, many: string]>> = {
  add: ['addition', 'additions'],
  update: ['update', 'updates'],
  remove: ['removal', 'removals'],
  adopt: ['adoption', 'adoptions'],
  undo: ['undo', 'undos'],
  failover: ['failover', 'failovers'],
};

/** `30 additions, 5 updates, 2 removals`. */
export const verbCounts = ({ parts }: Pick<BulkState, 'parts'>): string =>
  changeVerbs
    .map((verb) => [verb, parts.filter(({ plan }) => plan.verb === verb).length] as const)
    .filter(([, count]) => count > 0)
    .map(([verb, count]) => `${count} ${counted[verb][count === 1 ? 0 : 1]}`)
    .join(', ');

/** `37 of 40`, or `40` where nothing is left out. */
export const ofProposed = ({ parts, leftOutCount }: Pick<BulkState, 'parts' | 'leftOutCount'>): string =>
  leftOutCount === 0 ? String(parts.length) : `${parts.length} of ${parts.length + leftOutCount}`;

/** Where a name leads after its change; before it as well, where it had led somewhere. */
export const leadsText = (plan: Plan): string => {
  const { definitionBefore, definitionAfter } = plan;
  if (definitionBefore === undefined && definitionAfter !== undefined) return targetsText(definitionAfter.targets);
  if (definitionAfter === undefined && definitionBefore !== undefined) return targetsText(definitionBefore.targets);
  return beforeAfter(plan);
};

/** One name in a list of many. `note`: what takes more than a few words; empty: nothing. */
export type NameRow = {
  readonly sign: string;
  readonly name: string;
  readonly what: string;
  readonly note: string;
};

/** Two columns, so that a phone shows both. */
export const nameCells = ({ sign, name, what }: NameRow): string[] => [`${sign} ${name}`, what];

/** The whole row as one line of plain text. */
export const nameText = ({ sign, name, what, note }: NameRow): string =>
  `${sign} ${name} · ${what}${note === '' ? '' : `: ${note}`}`;

export const noteLine = ({ sign, name, note }: NameRow): string => `${sign} ${code(name)}: ${escapeText(note)}`;

/** The notes of a table's rows, below the table: a cell on a phone is too narrow for a sentence. */
export const noteBlocks = (rows: readonly NameRow[]): KnownBlock[] =>
  sections(
    rows
      .filter(({ note }) => note !== '')
      .map(noteLine)
      .join('\n'),
  );
