import type { Json } from '../../app/ports/state-store.ts';
import type { BlockJson } from './store/workspace.ts';

/** What a page sends for one element: text, an option's value, a user's id, or the id of a file. */
export type RawValue = string | null;
/** Raw values by block id and action id. */
export type RawValues = Readonly<Record<string, Readonly<Record<string, RawValue>>>>;

export type JsonObject = { readonly [key: string]: Json | undefined };
export type ElementJson = JsonObject & { readonly type: string; readonly action_id: string };

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isElement = (value: Json | undefined): value is ElementJson =>
  isObject(value) && typeof value['type'] === 'string' && typeof value['action_id'] === 'string';
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

/** The interactive elements of a block. */
export const elementsOf = (block: BlockJson): readonly ElementJson[] =>
  [
    ...(block.type === 'actions' ? listOf(block['elements']) : []),
    block['accessory'],
    block.type === 'input' ? block['element'] : undefined,
  ].filter(isElement);

/** A file by its id, as Slack's payloads have it. */
export type FileOf = (id: string) => JsonObject | undefined;

/** An element's value in the form that Slack's payloads have it. Options come out of the stored element, never out of the page. */
const elementState = (element: ElementJson, raw: RawValue | undefined, fileOf: FileOf): JsonObject => {
  const text = raw === undefined || raw === '' ? null : raw;
  switch (element.type) {
    case 'static_select': {
      const option = listOf(element['options'])
        .filter(isObject)
        .find(({ value }) => value === text);
      return { type: element.type, selected_option: option ?? null };
    }
    case 'file_input': {
      const file = text === null ? undefined : fileOf(text);
      return { type: element.type, files: file === undefined ? [] : [file] };
    }
    case 'users_select':
      return { type: element.type, selected_user: text };
    default:
      return { type: element.type, value: text };
  }
};

const isEmpty = (state: JsonObject): boolean =>
  listOf(state['files']).length === 0 &&
  ['value', 'selected_option', 'selected_user'].every((key) => state[key] === undefined || state[key] === null);

const problemOf = (element: ElementJson, state: JsonObject): string | undefined => {
  const { value } = state;
  const { min_length: minimum, max_length: maximum } = element;
  if (typeof value !== 'string') return undefined;
  if (typeof minimum === 'number' && value.length < minimum) return `Please enter at least ${minimum} characters.`;
  if (typeof maximum === 'number' && value.length > maximum) return `Please enter at most ${maximum} characters.`;
  return undefined;
};

/** A view's `state.values`, and what Slack's own client would not let pass, by block id. */
export const viewState = (blocks: readonly BlockJson[], raw: RawValues, fileOf: FileOf) => {
  const values: Record<string, Record<string, JsonObject>> = {};
  const errors: Record<string, string> = {};
  for (const block of blocks) {
    const id = block.block_id ?? '';
    for (const element of elementsOf(block)) {
      if (element.type === 'button') continue;
      const state = elementState(element, raw[id]?.[element.action_id], fileOf);
      values[id] = { ...values[id], [element.action_id]: state };
      if (block.type !== 'input') continue;
      const problem = isEmpty(state)
        ? block['optional'] === true
          ? undefined
          : 'Please complete this required field.'
        : problemOf(element, state);
      if (problem !== undefined) errors[id] = problem;
    }
  }
  return { values, errors };
};
