import type { ReactNode } from 'react';
import type { Block } from 'slack-blocks-to-jsx';
import type { BlockJson } from '../../slack/store/workspace.ts';
import { LibraryBlocks } from '../text/rich-text.tsx';
import { PlainText, Text } from '../text/text.tsx';
import { ActionElement } from './action-element.tsx';
import { elementOf, type JsonObject, objectOf, objectsOf, plainOf, textOf } from './block-json.ts';
import { Picture } from './files.tsx';
import { InputBlock } from './input-block.tsx';

const SectionBlock = ({ block }: { readonly block: BlockJson }) => {
  const text = textOf(block['text']);
  const accessory = objectOf(block['accessory']);
  const fields = objectsOf(block['fields']);
  return (
    <div className="bk-section">
      <div className="bk-section-text">
        {text && <Text text={text} />}
        {fields.length > 0 && (
          <div className="bk-fields">
            <Texts values={fields} />
          </div>
        )}
      </div>
      {accessory && (
        <div className="bk-accessory">
          <ActionElement blockId={block.block_id ?? ''} element={elementOf(accessory)} />
        </div>
      )}
    </div>
  );
};

/** Texts in a row; their place is all the identity that they have. */
const Texts = ({ values }: { readonly values: readonly JsonObject[] }) =>
  values
    .map((value, place) => ({ key: String(place), text: textOf(value) }))
    .map(({ key, text }) => (text === undefined ? null : <Text key={key} text={text} />));

const ContextBlock = ({ block }: { readonly block: BlockJson }) => (
  <div className="bk-context">
    <Texts values={objectsOf(block['elements'])} />
  </div>
);

/** The library would read raw text as Markdown. */
const tableWithPlainCells = (block: BlockJson): BlockJson => ({
  ...block,
  rows: (Array.isArray(block['rows']) ? block['rows'] : []).map((row) =>
    objectsOf(row).map((cell) => {
      if (cell['type'] === 'rich_text') return cell;
      const text = typeof cell['text'] === 'string' ? cell['text'] : String(cell['value'] ?? '');
      return {
        type: 'rich_text',
        elements: [{ type: 'rich_text_section', elements: text === '' ? [] : [{ type: 'text', text }] }],
      };
    }),
  ),
});

const BlockView = ({ block }: { readonly block: BlockJson }): ReactNode => {
  const library = (shown: BlockJson) => <LibraryBlocks blocks={[shown as unknown as Block]} />;
  switch (block.type) {
    case 'section':
      return <SectionBlock block={block} />;
    case 'context':
      return <ContextBlock block={block} />;
    case 'header':
      return (
        <h2 className="bk-header">
          <PlainText text={plainOf(block['text'])} />
        </h2>
      );
    case 'actions':
      return (
        <div className="bk-actions">
          {objectsOf(block['elements']).map((element) => (
            <ActionElement
              key={String(element['action_id'])}
              blockId={block.block_id ?? ''}
              element={elementOf(element)}
            />
          ))}
        </div>
      );
    case 'input':
      return <InputBlock block={block} />;
    case 'divider':
      return <hr className="bk-divider" />;
    case 'table':
      return <div className="bk-table">{library(tableWithPlainCells(block))}</div>;
    case 'image': {
      const fileId = String(objectOf(block['slack_file'])?.['id']);
      return <Picture fileId={fileId} title={plainOf(block['title'])} altText={String(block['alt_text'])} />;
    }
    default:
      return library(block);
  }
};

/** Block Kit, as Slack shows it. */
export const Blocks = ({ blocks }: { readonly blocks: readonly BlockJson[] }) => (
  <div className="bk-blocks">
    {blocks.map((block) => (
      <BlockView key={block.block_id} block={block} />
    ))}
  </div>
);
