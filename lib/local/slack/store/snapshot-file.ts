import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A JSON file that is always whole: written beside itself, synced, then renamed. Writes asked for while one runs become one. */
export type SnapshotFile = {
  /** The parsed content; `undefined` when there is no file yet. Throws when it is not JSON. */
  read(): Promise<unknown>;
  /** Asks for a write of what `current` returns when its turn comes. */
  changed(current: () => unknown): void;
  /** Resolves when everything asked for is on disk; rejects when the last write failed. */
  flush(): Promise<void>;
};

const writeWhole = async (file: string, text: string): Promise<void> => {
  const temporary = `${file}.${process.pid}.tmp`;
  const handle = await open(temporary, 'w');
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
};

/** Keeps a snapshot in `file`, whose folder is made when missing. */
export const createSnapshotFile = (file: string): SnapshotFile => {
  let pending: (() => unknown) | undefined;
  let writing: Promise<void> | undefined;
  let failure: unknown;

  const drain = async (): Promise<void> => {
    while (pending !== undefined) {
      const current = pending;
      pending = undefined;
      try {
        await writeWhole(file, JSON.stringify(current()));
        failure = undefined;
      } catch (error) {
        failure = error;
      }
    }
    writing = undefined;
  };

  return {
    read: async () => {
      await mkdir(dirname(file), { recursive: true });
      let text: string;
      try {
        text = await readFile(file, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
      try {
        return JSON.parse(text);
      } catch (cause) {
        throw new Error(`${file} is not JSON: move it away, or start with fresh data`, { cause });
      }
    },
    changed: (current) => {
      pending = current;
      writing ??= drain();
    },
    flush: async () => {
      await writing;
      if (failure !== undefined) throw new Error(`could not write ${file}`, { cause: failure });
    },
  };
};
