import type { Json } from '../../../app/ports/state-store.ts';
import type { BlockJson } from '../../slack/store/workspace.ts';

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json | undefined };

export type TextJson = { readonly type: 'plain_text' | 'mrkdwn'; readonly text: string };
export type ConfirmJson = {
  readonly title: string;
  readonly text: TextJson;
  readonly confirm: string;
  readonly deny: string;
  readonly isDanger: boolean;
};
/** An interactive element, with what any of them may have. */
export type ElementJson = {
  readonly type: string;
  readonly actionId: string;
  readonly label: string;
  readonly style: 'primary' | 'danger' | 'default';
  readonly url: string | undefined;
  readonly accessibleLabel: string | undefined;
  readonly confirm: ConfirmJson | undefined;
  readonly placeholder: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
  /** What it holds before anyone touches it. */
  readonly initial: string | null;
  readonly isMultiline: boolean;
  readonly maximumLength: number | undefined;
  readonly focusOnLoad: boolean;
};

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const stringOf = (value: Json | undefined): string | undefined => (typeof value === 'string' ? value : undefined);

export const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
export const objectOf = (value: Json | undefined): JsonObject | undefined => (isObject(value) ? value : undefined);

/** A text object; `undefined` when it is not one. */
export const textOf = (value: Json | undefined): TextJson | undefined => {
  const text = objectOf(value);
  const content = stringOf(text?.['text']);
  return content === undefined
    ? undefined
    : { type: text?.['type'] === 'mrkdwn' ? 'mrkdwn' : 'plain_text', text: content };
};

export const plainOf = (value: Json | undefined): string => textOf(value)?.text ?? '';

const initialOf = (element: JsonObject): string | null => {
  const option = objectOf(element['initial_option']);
  if (option !== undefined) return stringOf(option['value']) ?? null;
  return stringOf(element['initial_value']) ?? stringOf(element['initial_user']) ?? null;
};

const confirmOf = (value: Json | undefined): ConfirmJson | undefined => {
  const confirm = objectOf(value);
  return confirm === undefined
    ? undefined
    : {
        title: plainOf(confirm['title']),
        text: textOf(confirm['text']) ?? { type: 'plain_text', text: '' },
        confirm: plainOf(confirm['confirm']),
        deny: plainOf(confirm['deny']),
        isDanger: confirm['style'] === 'danger',
      };
};

/** An interactive element out of its JSON. */
export const elementOf = (value: JsonObject): ElementJson => ({
  type: stringOf(value['type']) ?? '',
  actionId: stringOf(value['action_id']) ?? '',
  label: plainOf(value['text']),
  style: value['style'] === 'primary' || value['style'] === 'danger' ? value['style'] : 'default',
  url: stringOf(value['url']),
  accessibleLabel: stringOf(value['accessibility_label']),
  confirm: confirmOf(value['confirm']),
  placeholder: plainOf(value['placeholder']),
  options: objectsOf(value['options']).map((option) => ({
    label: plainOf(option['text']),
    value: stringOf(option['value']) ?? '',
  })),
  initial: initialOf(value),
  isMultiline: value['multiline'] === true,
  maximumLength: typeof value['max_length'] === 'number' ? value['max_length'] : undefined,
  focusOnLoad: value['focus_on_load'] === true,
});

/** Every string under a key `text`, however deep. */
export const textsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    key === 'text' && typeof item === 'string' ? [item] : textsIn(item),
  );
};

/** The elements of a block that hold a value. */
export const valueElements = (block: BlockJson): readonly ElementJson[] => {
  const element = objectOf(block['element']);
  return element === undefined ? [] : [elementOf(element)];
};
