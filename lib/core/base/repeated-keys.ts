import type { Mistake } from './config-error.ts';

/** Strings, the marks between them, and what is neither. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

type Container = { readonly path: string; readonly keys: Set<string> | undefined; key: string; index: number };

const below = ({ path, keys, key, index }: Container): string =>
  keys === undefined ? `${path}[${index}]` : `${path}${path === '' ? '' : '.'}${key}`;

/** Every key that a JSON object holds a second time: `JSON.parse` takes the last and silently drops the others. `json` must be valid. */
export const repeatedKeys = (json: string): readonly Mistake[] => {
  const mistakes: Mistake[] = [];
  const open: Container[] = [];
  let before = '';
  for (const [token] of json.matchAll(tokens)) {
    const container = open.at(-1);
    if (token === '{' || token === '[') {
      const path = container === undefined ? '' : below(container);
      open.push({ path, keys: token === '{' ? new Set() : undefined, key: '', index: 0 });
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (token === ',') {
      if (container !== undefined) container.index += 1;
    } else if (container?.keys !== undefined && (before === '{' || before === ',')) {
      container.key = String(JSON.parse(token));
      if (container.keys.has(container.key))
        mistakes.push({ path: below(container), message: 'it is written twice, and only one of the two would count' });
      container.keys.add(container.key);
    }
    before = token;
  }
  return mistakes;
};
