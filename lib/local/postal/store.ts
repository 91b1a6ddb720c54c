import { createSnapshotFile } from '../slack/store/snapshot-file.ts';
import { noData, type PostalData, postalDataSchema } from './data.ts';

/** What the local Postal has: read whole, replaced whole. */
export type PostalStore = {
  data(): PostalData;
  replace(data: PostalData): void;
  /** Calls back after every change, until the function that it gives is called. */
  subscribe(listener: () => void): () => void;
  /** Resolves when everything is on disk. */
  flush(): Promise<void>;
};

/** Opens what `file` holds; without a file it is in memory alone. Rejects when the file holds something else. */
export const openPostalStore = async (file: string | undefined): Promise<PostalStore> => {
  const snapshot = file === undefined ? undefined : createSnapshotFile(file);
  const saved = await snapshot?.read();
  const read = saved === undefined ? undefined : postalDataSchema.safeParse(saved);
  if (read?.success === false)
    throw new Error(`${file} is not the data of a local Postal: move it away, or start with fresh data`);
  let data: PostalData = read?.data ?? noData;
  const listeners = new Set<() => void>();
  return {
    data: () => data,
    replace: (next) => {
      if (next === data) return;
      data = next;
      snapshot?.changed(() => data);
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    flush: async () => snapshot?.flush(),
  };
};
