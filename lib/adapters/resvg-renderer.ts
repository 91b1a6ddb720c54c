import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ChartRenderer } from '../app/ports/chart-renderer.ts';
import { fonts } from '../core/chart/theme.ts';

const scale = 2;

/** What rendering needs beside the code, by its name in a bundle's folder: the URL of the package's file. */
export const chartAssets = {
  'resvg.wasm': () => import.meta.resolve('@resvg/resvg-wasm/index_bg.wasm'),
  'DejaVuSansCondensed.ttf': () => import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf'),
  'DejaVuSansMono-Bold.ttf': () => import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf'),
} as const;

const read = (name: keyof typeof chartAssets): Promise<Buffer> => {
  const beside = new URL(name, import.meta.url);
  return readFile(existsSync(beside) ? beside : new URL(chartAssets[name]()));
};

const load = async () => {
  const [{ initWasm, Resvg }, wasm, ...fontBuffers] = await Promise.all([
    import('@resvg/resvg-wasm'),
    read('resvg.wasm'),
    read('DejaVuSansCondensed.ttf'),
    read('DejaVuSansMono-Bold.ttf'),
  ]);
  await initWasm(wasm);
  return { Resvg, fontBuffers };
};

// WebAssembly is compiled once in a process.
let loading: ReturnType<typeof load> | undefined;

/** Renders with resvg, in WebAssembly: no native module, no font of the machine. What it needs is loaded when it is first used. */
export const resvgRenderer: ChartRenderer = {
  png: async (svg) => {
    loading ??= load();
    const { Resvg, fontBuffers } = await loading.catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    const drawing = new Resvg(svg, {
      fitTo: { mode: 'zoom', value: scale },
      font: { fontBuffers, defaultFontFamily: fonts.text },
    });
    const image = drawing.render();
    const bytes = image.asPng();
    // WebAssembly's memory is not collected.
    image.free();
    drawing.free();
    return bytes;
  },
};
