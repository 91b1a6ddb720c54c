import type { Clock } from '../../../core/base/clock.ts';
import { createSnapshotFile } from './snapshot-file.ts';
import { type SlackState, stateSchema } from './store-state.ts';
import { isPicture } from './stored-file.ts';
import type { StoredFile, StoredMessage, View } from './workspace.ts';

/** What just changed, for the pages that are open. */
export type StoreEvent =
  | { readonly kind: 'message'; readonly message: StoredMessage }
  | { readonly kind: 'deleted'; readonly message: StoredMessage }
  | { readonly kind: 'views'; readonly userId: string }
  | { readonly kind: 'home'; readonly userId: string };

/** Slack takes about a second before a message can show a file that was uploaded. */
const shownAfterMs = 1_000;

type Draft = Omit<StoredMessage, 'ts' | 'editedTs'>;

/** Everything that the local Slack remembers. Messages are ascending by `ts`. */
export type SlackStore = {
  messages(channelId: string): readonly StoredMessage[];
  find(channelId: string, ts: string): StoredMessage | undefined;
  add(draft: Draft): StoredMessage;
  replace(
    message: StoredMessage,
    change: Pick<StoredMessage, 'text' | 'blocks'> & Pick<StoredMessage, 'metadata'>,
  ): StoredMessage;
  remove(message: StoredMessage): void;
  addFile(file: StoredFile): void;
  file(id: string): StoredFile | undefined;
  /** Whether there is a picture of this id that a message can already show. */
  hasPicture(fileId: string): boolean;
  /** Open forms of a user, the one on top last. */
  views(userId: string): readonly View[];
  setViews(userId: string, views: readonly View[]): void;
  findView(match: (view: View) => boolean): { readonly userId: string; readonly view: View } | undefined;
  home(userId: string): View | undefined;
  setHome(userId: string, view: View): void;
  /** An id that this workspace has not given before. */
  nextId(prefix: string): string;
  subscribe(listener: (event: StoreEvent) => void): () => void;
  flush(): Promise<void>;
};

const timestampOf = (microseconds: number): string =>
  `${Math.floor(microseconds / 1e6)}.${String(microseconds % 1e6).padStart(6, '0')}`;

/** Opens the store, from `file` when there is one; without it nothing outlives the process. Throws when the file is damaged. */
export const openSlackStore = async (options: {
  readonly file?: string;
  readonly clock: Clock;
}): Promise<SlackStore> => {
  const snapshot = options.file === undefined ? undefined : createSnapshotFile(options.file);
  const saved = await snapshot?.read();
  const state: SlackState =
    saved === undefined
      ? { messages: {}, views: {}, homes: {}, files: {}, lastTimestamp: 0, lastId: 0 }
      : stateSchema.parse(saved);
  const listeners = new Set<(event: StoreEvent) => void>();
  const shownFromMs = new Map<string, number>();

  const changed = (event: StoreEvent): void => {
    snapshot?.changed(() => state);
    for (const listener of listeners) listener(event);
  };
  const channelMessages = (channelId: string): StoredMessage[] => {
    state.messages[channelId] ??= [];
    return state.messages[channelId];
  };
  const indexOf = (channelId: string, ts: string): number =>
    channelMessages(channelId).findLastIndex((message) => message.ts === ts);

  return {
    messages: (channelId) => state.messages[channelId] ?? [],
    find: (channelId, ts) => channelMessages(channelId)[indexOf(channelId, ts)],
    add: (draft) => {
      state.lastTimestamp = Math.max(state.lastTimestamp + 1, Math.floor(options.clock.now() * 1000));
      const message: StoredMessage = { ...draft, ts: timestampOf(state.lastTimestamp) };
      channelMessages(draft.channel).push(message);
      changed({ kind: 'message', message });
      return message;
    },
    replace: (message, change) => {
      const { metadata = message.metadata, text, blocks } = change;
      const editedTs = timestampOf(Math.floor(options.clock.now() * 1000));
      const next: StoredMessage = {
        ...message,
        text,
        blocks,
        editedTs,
        ...(metadata === undefined ? {} : { metadata }),
      };
      const index = indexOf(message.channel, message.ts);
      if (index >= 0) channelMessages(message.channel)[index] = next;
      changed({ kind: 'message', message: next });
      return next;
    },
    remove: (message) => {
      const index = indexOf(message.channel, message.ts);
      if (index >= 0) channelMessages(message.channel).splice(index, 1);
      changed({ kind: 'deleted', message });
    },
    // Whatever shows it comes as a message, so that nobody need be told.
    addFile: (file) => {
      state.files[file.id] = file;
      shownFromMs.set(file.id, options.clock.now() + shownAfterMs);
      snapshot?.changed(() => state);
    },
    file: (id) => (Object.hasOwn(state.files, id) ? state.files[id] : undefined),
    hasPicture: (fileId) =>
      Object.hasOwn(state.files, fileId) &&
      isPicture(state.files[fileId] ?? { mimeType: '' }) &&
      options.clock.now() >= (shownFromMs.get(fileId) ?? 0),
    views: (userId) => state.views[userId] ?? [],
    setViews: (userId, views) => {
      state.views[userId] = [...views];
      changed({ kind: 'views', userId });
    },
    findView: (match) => {
      for (const [userId, views] of Object.entries(state.views)) {
        const view = views.find(match);
        if (view !== undefined) return { userId, view };
      }
      for (const [userId, view] of Object.entries(state.homes)) if (match(view)) return { userId, view };
      return undefined;
    },
    home: (userId) => state.homes[userId],
    setHome: (userId, view) => {
      state.homes[userId] = view;
      changed({ kind: 'home', userId });
    },
    nextId: (prefix) => {
      state.lastId += 1;
      return `${prefix}${state.lastId.toString(36).toUpperCase().padStart(8, '0')}`;
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    flush: async () => snapshot?.flush(),
  };
};
