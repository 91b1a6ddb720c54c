import type { FileStore } from '../store/file-store.ts';
import type { SlackStore } from '../store/store.ts';
import type { StoredMessage, Workspace } from '../store/workspace.ts';
import type { Tickets } from './tickets.ts';
import type { TokenBucket } from './token-bucket.ts';

/** The arguments of a Web API call; objects may come as JSON text, as forms have them. */
export type Arguments = {
  text(name: string): string | undefined;
  number(name: string): number | undefined;
  flag(name: string): boolean;
  /** Undefined when absent or no JSON. */
  json(name: string): unknown;
};

export type MethodResult =
  | { readonly ok: true; readonly [key: string]: unknown }
  | {
      readonly ok: false;
      readonly error: string;
      readonly response_metadata?: { readonly messages: readonly string[] };
    };

export type MethodContext = {
  readonly workspace: Workspace;
  readonly store: SlackStore;
  readonly files: FileStore;
  readonly tickets: Tickets;
  /** Posts a channel, one a second. */
  readonly postRate: TokenBucket;
  /** Where the page stands, without trailing slash: permalinks lead there. */
  readonly pageUrl: () => string;
  readonly clock: { now(): number };
};

/** A Web API method; `retryAfterSeconds` is a 429. */
export type Method = (args: Arguments, context: MethodContext) => MethodResult | { readonly retryAfterSeconds: number };

export const refuse = (error: string, messages?: readonly string[]): MethodResult =>
  messages === undefined ? { ok: false, error } : { ok: false, error, response_metadata: { messages } };

/** A message as the Web API shows it. */
export const messageJson = (message: StoredMessage, { team, bot }: Workspace): Record<string, unknown> => ({
  type: 'message',
  ts: message.ts,
  text: message.text,
  user: message.author,
  team: team.id,
  ...(message.author === bot.userId ? { bot_id: bot.botId, app_id: bot.appId } : {}),
  ...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
  ...(message.files === undefined
    ? {}
    : {
        files: message.files.map(({ id, name, title, mimeType, size }) => ({
          id,
          name,
          title,
          mimetype: mimeType,
          size,
        })),
      }),
  ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
  ...(message.editedTs === undefined ? {} : { edited: { user: message.author, ts: message.editedTs } }),
});

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Reads arguments out of a form or a JSON object. */
export const argumentsOf = (values: ReadonlyMap<string, unknown>): Arguments => {
  const text = (name: string): string | undefined => {
    const value = values.get(name);
    return typeof value === 'string'
      ? value
      : typeof value === 'number' || typeof value === 'boolean'
        ? String(value)
        : undefined;
  };
  return {
    text,
    number: (name) => {
      const value = Number(text(name));
      return text(name) === undefined || Number.isNaN(value) ? undefined : value;
    },
    flag: (name) => text(name) === 'true' || text(name) === '1',
    json: (name) => {
      const value = values.get(name);
      return typeof value === 'string' ? parsed(value) : value;
    },
  };
};
