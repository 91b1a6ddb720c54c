import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSlackId } from '../../../core/base/slack-ids.ts';
import type { StoredFile } from './workspace.ts';

type Draft = StoredFile & { bytes?: Buffer };

/** Files on their way into the workspace, and the bytes of those that are in it. */
export type FileStore = {
  /** Announces a file; the key is the last part of its upload address, good for one upload. */
  begin(file: StoredFile): string;
  /** Takes the bytes of an announced file: `wrong-length` where they are not as many as announced. */
  receive(key: string, bytes: Buffer): 'received' | 'wrong-length' | 'no-such-upload';
  /** Ends an upload whose bytes have come; undefined where there is none of this id. */
  complete(id: string, title: string | undefined): StoredFile | undefined;
  /** Takes the bytes of a file that is in the workspace already: one that a person put into a form. */
  put(id: string, bytes: Buffer): void;
  read(id: string): Promise<Buffer | undefined>;
  flush(): Promise<void>;
};

/** Keeps bytes in `folder`, or in memory alone. */
export const createFileStore = (folder: string | undefined): FileStore => {
  const drafts = new Map<string, Draft>();
  const kept = new Map<string, Buffer>();
  const writing = new Set<Promise<void>>();

  const keep = (id: string, bytes: Buffer): void => {
    kept.set(id, bytes);
    if (folder === undefined) return;
    const written = mkdir(folder, { recursive: true })
      .then(() => writeFile(join(folder, id), bytes))
      .then(() => void kept.delete(id))
      .finally(() => writing.delete(written));
    writing.add(written);
    // Reported by flush; until then the bytes are in memory.
    written.catch(() => undefined);
  };

  return {
    begin: (file) => {
      const key = randomBytes(18).toString('base64url');
      drafts.set(key, file);
      return key;
    },
    receive: (key, bytes) => {
      const draft = drafts.get(key);
      if (draft === undefined || draft.bytes !== undefined) return 'no-such-upload';
      if (draft.size !== bytes.length) return 'wrong-length';
      draft.bytes = bytes;
      return 'received';
    },
    complete: (id, title) => {
      for (const [key, { bytes, ...file }] of drafts) {
        if (file.id !== id || bytes === undefined) continue;
        drafts.delete(key);
        keep(id, bytes);
        return { ...file, title: title ?? file.title };
      }
      return undefined;
    },
    put: keep,
    read: async (id) => {
      const inMemory = kept.get(id);
      if (inMemory !== undefined || folder === undefined || !isSlackId('file', id)) return inMemory;
      return readFile(join(folder, id)).catch(() => undefined);
    },
    flush: async () => {
      await Promise.all(writing);
    },
  };
};
