import type { KnownBlock, TableBlock } from '@slack/types';
import { messageBudget, slackLimits } from '../../core/limits/limits.ts';
import type { Message } from '../message.ts';
import { context } from './blocks.ts';

type Budget = { readonly characters: number; readonly blocks: number };

/** Characters of everything that Slack counts as text of blocks: every `text` within them. */
export const charactersOf = (value: unknown): number => {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + charactersOf(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : charactersOf(item)),
    0,
  );
};

const noteCharacters = 60;

/** Text cut to so many characters with a note of what was left out, between characters, and not within a mention, link, date or entity of mrkdwn. */
export const cutText = (text: string, characters: number): string => {
  if (text.length <= characters) return text;
  let end = Math.max(0, characters - noteCharacters);
  if (/[\uD800-\uDBFF]/.test(text[end - 1] ?? '')) end -= 1;
  const open = text.lastIndexOf('<', end - 1);
  if (open >= 0 && text.indexOf('>', open) >= end) end = open;
  const entity = text.lastIndexOf('&', end - 1);
  if (entity >= 0 && end - entity < 5 && !text.slice(entity, end).includes(';')) end = entity;
  const kept = text.slice(0, end);
  // Inline code that was cut open would format what follows.
  const closing = kept.split('`').length % 2 === 0 ? '`' : '';
  return `${kept}${closing}… (${text.length - end} characters more)`;
};

const cutTexts = <Item extends { readonly text: string }>(item: Item, characters: number): Item => ({
  ...item,
  text: cutText(item.text, characters),
});

/** The first rows of a table that fit, and how many do not. */
const fitRows = (block: TableBlock, characters: number): { readonly block: TableBlock; readonly left: number } => {
  let room = Math.min(characters, messageBudget.tableCharacters);
  const rows = block.rows.slice(0, slackLimits.tableRows).filter((row) => {
    room -= charactersOf(row);
    return room >= 0;
  });
  return { block: { ...block, rows }, left: block.rows.length - rows.length };
};

/** A preformatted text, the only rich text here, cut to what there is room for. */
const fitRichText = (block: Extract<KnownBlock, { type: 'rich_text' }>, characters: number): KnownBlock => ({
  ...block,
  elements: block.elements.map((element) =>
    element.type === 'rich_text_preformatted'
      ? {
          ...element,
          elements: element.elements.map((part) => (part.type === 'text' ? cutTexts(part, characters) : part)),
        }
      : element,
  ),
});

/** A block within Slack's limits for its type and within the room that is left; undefined where nothing of it would be left. */
const fitBlock = (block: KnownBlock, characters: number): KnownBlock | undefined => {
  switch (block.type) {
    case 'section':
      return {
        ...block,
        ...(block.text && { text: cutTexts(block.text, Math.min(slackLimits.sectionText, characters)) }),
        ...(block.fields && {
          fields: block.fields
            .slice(0, slackLimits.sectionFields)
            .map((field) => cutTexts(field, Math.min(slackLimits.sectionFieldText, characters / 2))),
        }),
      };
    case 'header':
      return { ...block, text: cutTexts(block.text, slackLimits.headerText) };
    case 'context':
      return {
        ...block,
        elements: block.elements
          .slice(0, slackLimits.contextElements)
          .map((element) =>
            'text' in element ? cutTexts(element, Math.min(slackLimits.contextText, characters)) : element,
          ),
      };
    case 'actions':
      return { ...block, elements: block.elements.slice(0, slackLimits.actionsElements) };
    case 'rich_text':
      return fitRichText(block, characters);
    case 'table': {
      const { block: fitting } = fitRows(block, characters);
      return fitting.rows.length < 2 ? undefined : fitting;
    }
    default:
      return block;
  }
};

/** Room that is worth filling with a part of a block. */
const leastRoom = 200;

/**
 * Blocks cut to a budget: each to Slack's limits for its type, then as many of them, from the first on, as there is room for. Buttons at the end stay. A
 * last line says what was left out.
 */
export const fitBlocks = (blocks: readonly KnownBlock[], budget: Budget): readonly KnownBlock[] => {
  const characters = charactersOf(blocks);
  const isWhole = (block: KnownBlock): boolean => JSON.stringify(fitBlock(block, characters)) === JSON.stringify(block);
  if (characters <= budget.characters && blocks.length <= budget.blocks && blocks.every(isWhole)) return blocks;
  const last = blocks.at(-1);
  const buttons = last?.type === 'actions' ? [last] : [];
  const body = buttons.length === 0 ? blocks : blocks.slice(0, -1);
  let room = budget.characters - charactersOf(buttons) - noteCharacters * 2;
  const kept: KnownBlock[] = [];
  for (const block of body) {
    if (kept.length + buttons.length + 1 >= budget.blocks) break;
    const fitting = charactersOf(block) <= room || room >= leastRoom ? fitBlock(block, room) : undefined;
    if (fitting === undefined || charactersOf(fitting) > room) break;
    room -= charactersOf(fitting);
    kept.push(fitting);
  }
  const whole = [...kept, ...buttons.flatMap((block) => fitBlock(block, budget.characters) ?? [])];
  const leftOut = characters - charactersOf(whole);
  const leftBlocks = blocks.length - whole.length;
  const what = leftBlocks === 0 ? '' : ` in ${leftBlocks} ${leftBlocks === 1 ? 'part' : 'parts'}`;
  const note = context(`✂️ Too long for Slack: ${Math.max(0, leftOut)} characters${what} are left out.`);
  return [...kept, note, ...whole.slice(kept.length)];
};

/** The first groups of blocks that fit into one message together, with some room for what stands around them; the first one at least. */
export const firstThatFit = (groups: readonly (readonly KnownBlock[])[]): readonly (readonly KnownBlock[])[] => {
  let room = messageBudget.characters - 500;
  let blocks = messageBudget.blocks - 3;
  return groups.filter((group, index) => {
    room -= charactersOf(group);
    blocks -= group.length;
    return index === 0 || (room >= 0 && blocks >= 0);
  });
};

/** A message within what Slack is known to take, and the same message where it fits already. */
export const fitMessage = (message: Message, budget: Budget = messageBudget): Message => {
  const text = cutText(message.text, messageBudget.textCharacters);
  const blocks = fitBlocks(message.blocks, budget);
  return text === message.text && blocks === message.blocks ? message : { text, blocks };
};

/** What is tried where Slack refuses a message all the same: half of it, then its text alone, which always fits. */
export const shorterForms = (message: Message): readonly Message[] => [
  fitMessage(message, { characters: messageBudget.characters / 2, blocks: Math.floor(messageBudget.blocks / 2) }),
  { text: cutText(message.text, messageBudget.shortCharacters), blocks: [] },
];
