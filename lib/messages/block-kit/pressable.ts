import type { ActionsBlockElement, KnownBlock, SectionBlockAccessory } from '@slack/types';
import { type Pressed, readButton } from './button.ts';

/** The same blocks without the buttons that their reader may not press; a row that is left empty goes. */
export const withButtons = (
  blocks: readonly KnownBlock[],
  mayPress: (pressed: Pressed) => boolean,
): readonly KnownBlock[] => {
  const stays = (element: ActionsBlockElement | SectionBlockAccessory): boolean =>
    element.type !== 'button' || mayPress(readButton(element.action_id ?? '', element.value));
  return blocks.flatMap((block): readonly KnownBlock[] => {
    switch (block.type) {
      case 'actions': {
        const elements = block.elements.filter(stays);
        return elements.length === 0 ? [] : [{ ...block, elements }];
      }
      case 'section': {
        const { accessory, ...rest } = block;
        return accessory === undefined || stays(accessory) ? [block] : [rest];
      }
      default:
        return [block];
    }
  });
};
