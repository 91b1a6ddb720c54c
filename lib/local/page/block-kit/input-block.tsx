import type { BlockJson } from '../../slack/store/workspace.ts';
import { elementOf, objectOf, plainOf } from './block-json.ts';
import { useInteraction } from './interaction.ts';
import { ValueElement } from './value-element.tsx';

/** A labelled input of a form, with its hint and what is wrong with it. */
export const InputBlock = ({ block }: { readonly block: BlockJson }) => {
  const { values, setValue, errors } = useInteraction();
  const blockId = block.block_id ?? '';
  const value = objectOf(block['element']);
  if (value === undefined) return null;
  const element = elementOf(value);
  const id = `input-${blockId}-${element.actionId}`;
  const hint = plainOf(block['hint']);
  const error = errors[blockId];
  const describedBy =
    [error === undefined ? '' : `${id}-error`, hint === '' ? '' : `${id}-hint`]
      .filter((part) => part !== '')
      .join(' ') || undefined;
  return (
    <div className="bk-input">
      <label htmlFor={id}>
        {plainOf(block['label'])}
        {block['optional'] === true && <span className="bk-optional"> (optional)</span>}
      </label>
      <ValueElement
        id={id}
        element={element}
        value={values[blockId]?.[element.actionId] ?? element.initial}
        describedBy={describedBy}
        isInvalid={error !== undefined}
        onChange={(next) => setValue(blockId, element.actionId, next)}
      />
      {error !== undefined && (
        <p id={`${id}-error`} className="bk-error" role="alert">
          {error}
        </p>
      )}
      {hint !== '' && (
        <p id={`${id}-hint`} className="bk-hint">
          {hint}
        </p>
      )}
    </div>
  );
};
