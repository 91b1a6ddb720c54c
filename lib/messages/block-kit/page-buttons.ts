import type { Button } from '@slack/types';
import { commandButton } from './button.ts';
import type { Page } from './paginate.ts';

type Place = Page<unknown>;

/** `1–20 of 57 · page 1 of 3`; the page is left out where it is the only one. */
export const pagesLine = ({ items, page, pages, first, total }: Place): string => {
  if (total === 0) return 'none';
  const last = first + items.length - 1;
  return `${first}${last > first ? `–${last}` : ''} of ${total}${pages === 1 ? '' : ` · page ${page} of ${pages}`}`;
};

/** [Previous] [Next], where there is such a page; a press replaces the message. */
export const pageButtons = (command: string, { page, pages }: Place, back = 'Previous', on = 'Next'): Button[] => [
  ...(page > 1 ? [commandButton(back, `${command} --page ${page - 1}`, { replace: true })] : []),
  ...(page < pages ? [commandButton(on, `${command} --page ${page + 1}`, { replace: true })] : []),
];
