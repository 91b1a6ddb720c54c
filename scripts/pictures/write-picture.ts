import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const docs = new URL('../../docs/', import.meta.url);

/** Writes a picture below `docs/`, and says how big it is. */
export const writePicture = async (name: string, png: Uint8Array): Promise<void> => {
  const path = fileURLToPath(new URL(name, docs));
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, png);
  process.stdout.write(`${path}: ${Math.round(png.byteLength / 1024)} KiB\n`);
};
