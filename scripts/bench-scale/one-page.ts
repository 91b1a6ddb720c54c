import type { BlockJson } from '../../lib/local/slack/store/workspace.ts';
import { rowsPerPage } from '../../lib/messages/block-kit/paginate.ts';

const rowsOf = ({ rows }: BlockJson): number => (Array.isArray(rows) ? rows.length - 1 : 0);

/** What of an answer is more than one page: a table of more rows, or a message that was too long for Slack and so was cut. Undefined where nothing is. */
export const beyondOnePage = (blocks: readonly BlockJson[]): string | undefined => {
  const rows = Math.max(0, ...blocks.map(rowsOf));
  if (rows > rowsPerPage) return `its table has ${rows} rows`;
  return JSON.stringify(blocks).includes('✂️ Too long for Slack')
    ? 'it was too long for Slack and has been cut'
    : undefined;
};
