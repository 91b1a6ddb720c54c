import { dirname, join, normalize } from 'node:path/posix';

/** Source files: path from the project's root, and text. */
export type Sources = ReadonlyMap<string, string>;

const layers = [
  'lib/core',
  'lib/messages',
  'lib/app',
  'lib/adapters',
  'lib/front',
  'lib/shell',
  'lib/local',
  'functions',
  'scripts',
] as const;

/** Among the folders of these layers there is no ring of imports. */
const withoutRings = ['lib/core', 'lib/app'] as const;
const pure = ['lib/core/', 'lib/messages/'] as const;

const impure =
  /\b(?:Date\.now\(|new Date\(\)|process\.|Math\.random\(|setTimeout\(|setInterval\(|setImmediate\(|performance\.now\(|fetch\()/;

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

/** Paths of the files that a file imports by a relative path, types included. */
const importsOf = (file: string, text: string): readonly string[] =>
  [...text.matchAll(/(?:\bfrom|\bimport\(|\bimport)\s*'(\.[^']+)'/g)].flatMap(([, path]) =>
    path === undefined ? [] : [normalize(join(dirname(file), path))],
  );

type Edge = { readonly from: string; readonly to: string; readonly why: string };

/** Imports between the folders of one layer. Files that lie in the layer's own folder count as none. */
const folderEdges = (sources: Sources, layer: string): readonly Edge[] => {
  const folderOf = (path: string): string | undefined =>
    path.startsWith(`${layer}/`) && path.split('/').length > 3 ? path.split('/').slice(0, 3).join('/') : undefined;
  return [...sources].flatMap(([file, text]) => {
    const from = folderOf(file);
    if (from === undefined) return [];
    return importsOf(file, withoutComments(text)).flatMap((target) => {
      const to = folderOf(target);
      return to === undefined || to === from ? [] : [{ from, to, why: `${file} imports ${target}` }];
    });
  });
};

/** One ring that can be reached from each folder in turn, as the edges it consists of; none twice. */
const ringsOf = (edges: readonly Edge[]): readonly (readonly Edge[])[] => {
  const rings = new Map<string, readonly Edge[]>();
  const finished = new Set<string>();
  const visit = (folder: string, path: readonly Edge[]): void => {
    const start = path.findIndex(({ from }) => from === folder);
    if (start >= 0) {
      const ring = path.slice(start);
      const key = ring
        .map(({ from }) => from)
        .sort()
        .join(' ');
      if (!rings.has(key)) rings.set(key, ring);
      return;
    }
    if (finished.has(folder)) return;
    for (const edge of edges.filter(({ from }) => from === folder)) visit(edge.to, [...path, edge]);
    finished.add(folder);
  };
  for (const { from } of edges) visit(from, []);
  return [...rings.values()];
};

/**
 * What the sources do against the layers, one line each: a file outside every layer, a clock, timer, environment or network call in pure code, a ring of
 * folders. Imports of a higher layer and of modules that pure code must not use are Biome's to find (`noRestrictedImports` in biome.json).
 */
export const againstLayers = (sources: Sources): readonly string[] => [
  ...[...sources.keys()]
    .filter((file) => !layers.some((layer) => file.startsWith(`${layer}/`)))
    .map((file) => `${file} is in no layer`),
  ...[...sources].flatMap(([file, text]) => {
    const found = pure.some((layer) => file.startsWith(layer)) ? impure.exec(withoutComments(text)) : null;
    return found === null ? [] : [`${file} uses ${found[0]}: pass the value in`];
  }),
  ...withoutRings.flatMap((layer) =>
    ringsOf(folderEdges(sources, layer)).map((ring) => {
      const folders = [...ring.map(({ from }) => from), ring[0]?.from].join(' > ');
      return `ring of folders: ${folders} (${ring.map(({ why }) => why).join('; ')})`;
    }),
  ),
];
