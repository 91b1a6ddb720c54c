import { parseSync } from 'oxc-parser';

/** How a mutant differs from the source. */
export type Rule = 'guard negated' | 'await dropped' | 'writes swapped' | 'filter dropped';

/** One change of a source file. `code` is what it changes, on one line. */
export type Mutant = { readonly id: number; readonly rule: Rule; readonly line: number; readonly code: string };

type Node = { readonly type: string; readonly start: number; readonly end: number; readonly [key: string]: unknown };

/** A place of the source with its alternatives: each is a text that takes the place of the whole. */
type Place = {
  readonly start: number;
  readonly end: number;
  readonly kind: 'expression' | 'statements';
  readonly alternatives: { readonly rule: Rule; readonly text: string }[];
};

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const childrenOf = (node: Node): readonly Node[] =>
  Object.values(node).flatMap((value) => (Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []));

const functions = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

const memberName = (callee: unknown): string | undefined =>
  isNode(callee) && callee.type === 'MemberExpression' && isNode(callee['property'])
    ? String(callee['property']['name'])
    : undefined;

/** What a list is without its filter. */
const unfiltered: ReadonlyMap<string, (list: string) => string> = new Map([
  ['filter', (list) => `[...(${list})]`],
  ['find', (list) => `[...(${list})][0]`],
  ['findLast', (list) => `[...(${list})].at(-1)`],
]);

/** Statements of a block that stand next to each other and each wait for a call. */
const runsOfWrites = (statements: readonly Node[]): readonly (readonly Node[])[] => {
  const runs: Node[][] = [[]];
  for (const statement of statements) {
    const { expression } = statement;
    const isWrite =
      statement.type === 'ExpressionStatement' && isNode(expression) && expression.type === 'AwaitExpression';
    if (isWrite) runs.at(-1)?.push(statement);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 1);
};

/** Every place of a source that can be changed by rule; only inside functions, for what a module does while it loads cannot be switched. */
const placesOf = (source: string, program: Node): readonly Place[] => {
  const raw = ({ start, end }: Node): string => source.slice(start, end);
  const places = new Map<string, Place>();
  const add = ({ start, end }: Node, rule: Rule, text: string): void => {
    const key = `${start} ${end}`;
    const place: Place = places.get(key) ?? { start, end, kind: 'expression', alternatives: [] };
    place.alternatives.push({ rule, text });
    places.set(key, place);
  };
  const negate = (test: unknown): void => {
    if (isNode(test)) add(test, 'guard negated', `!(${raw(test)})`);
  };

  const visit = (node: Node, isInside: boolean, parent: Node | undefined): void => {
    if (isInside) {
      switch (node.type) {
        case 'IfStatement':
        case 'ConditionalExpression':
          negate(node['test']);
          break;
        case 'LogicalExpression':
          if (node['operator'] !== '??') negate(node['left']);
          break;
        case 'AwaitExpression': {
          const argument = node['argument'];
          if (!isNode(argument) || parent?.type === 'ReturnStatement') break;
          const isAlone = parent?.type === 'ExpressionStatement';
          if (isAlone) add(argument, 'await dropped', `__mutants.drop(${raw(argument)})`);
          else add(node, 'await dropped', `__mutants.unhandled(${raw(argument)})`);
          break;
        }
        case 'CallExpression': {
          const { callee } = node;
          const without = unfiltered.get(memberName(callee) ?? '');
          const list = isNode(callee) ? callee['object'] : undefined;
          if (without !== undefined && isNode(list)) add(node, 'filter dropped', without(raw(list)));
          break;
        }
      }
      if (node.type === 'BlockStatement' && Array.isArray(node['body'])) {
        for (const run of runsOfWrites(node['body'].filter(isNode))) {
          const [first, last] = [run[0], run.at(-1)];
          if (first === undefined || last === undefined) continue;
          const texts = run.map(raw);
          const alternatives = texts.slice(1).map((text, index) => ({
            rule: 'writes swapped' as const,
            text: texts
              .with(index, text)
              .with(index + 1, texts[index] ?? '')
              .join('\n'),
          }));
          places.set(`run ${first.start}`, { start: first.start, end: last.end, kind: 'statements', alternatives });
        }
      }
    }
    for (const child of childrenOf(node)) visit(child, isInside || functions.has(node.type), node);
  };
  visit(program, false, undefined);
  // What holds others comes before them.
  return [...places.values()].toSorted((one, other) => one.start - other.start || other.end - one.end);
};

/** A source that holds all its mutants, each behind a switch, and what they are. Ids are counted on from `firstId`. */
export const withMutants = (
  file: string,
  source: string,
  firstId: number,
): { readonly text: string; readonly mutants: readonly Mutant[] } => {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0 || !isNode(program)) throw new Error(`${file} cannot be parsed: ${errors[0]?.message}`);
  const places = placesOf(source, program);
  const mutants: Mutant[] = [];
  const lineOf = (offset: number): number => source.slice(0, offset).split('\n').length;

  /** The source between two offsets, with the places in it. `from` is the first place that may be in it. */
  const written = (start: number, end: number, from: number): string => {
    let text = '';
    let at = start;
    for (let index = from; index < places.length; index += 1) {
      const place = places[index];
      if (place === undefined || place.start >= end) break;
      if (place.start < at || place.end > end) continue;
      const inner = written(place.start, place.end, index + 1);
      const switched = place.alternatives.map(({ rule, text: instead }) => {
        const id = firstId + mutants.length;
        const code = source.slice(place.start, place.end).replace(/\s+/g, ' ').slice(0, 100);
        mutants.push({ id, rule, line: lineOf(place.start), code });
        return { id, instead };
      });
      text += source.slice(at, place.start);
      text +=
        place.kind === 'expression'
          ? `(${switched.map(({ id, instead }) => `__mutants.is(${id})?(${instead}):`).join('')}(${inner}))`
          : `${switched.map(({ id, instead }) => `if(__mutants.is(${id})){${instead}}else`).join(' ')}{${inner}}`;
      at = place.end;
    }
    return text + source.slice(at, end);
  };
  return { text: written(0, source.length, 0), mutants };
};
