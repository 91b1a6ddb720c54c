import type { ChannelPage, PageEvent, PageState } from '../../slack/page-api/page-protocol.ts';
import type { StoredMessage } from '../../slack/store/workspace.ts';

/** By conversation, the `ts` up to which this user has read it. */
export type ReadUpTo = Readonly<Record<string, string>>;

export type WorkspaceState = PageState & { readonly readUpTo: ReadUpTo };

export type WorkspaceAction =
  /** `readUpTo`: as this browser remembers it; absent on a first visit, where everything counts as read. */
  | { readonly kind: 'loaded'; readonly state: PageState; readonly readUpTo: ReadUpTo | undefined }
  | { readonly kind: 'event'; readonly event: PageEvent }
  | { readonly kind: 'earlier'; readonly channel: string; readonly page: ChannelPage }
  | { readonly kind: 'read'; readonly place: string };

const emptyPage: ChannelPage = { messages: [], hasEarlier: false };

/** Puts a message in its place by `ts`, or in the place of the one it replaces. */
const withMessage = (messages: readonly StoredMessage[], message: StoredMessage): readonly StoredMessage[] => {
  const index = messages.findIndex(({ ts }) => ts === message.ts);
  if (index >= 0) return messages.with(index, message);
  return [...messages, message].sort((left, right) => Number(left.ts) - Number(right.ts));
};

const withPage = (
  state: WorkspaceState,
  channel: string,
  change: (page: ChannelPage) => ChannelPage,
): WorkspaceState => ({ ...state, pages: { ...state.pages, [channel]: change(state.pages[channel] ?? emptyPage) } });

const onEvent = (state: WorkspaceState, event: PageEvent): WorkspaceState => {
  switch (event.kind) {
    case 'message':
      return withPage(state, event.message.channel, (page) => ({
        ...page,
        messages: withMessage(page.messages, event.message),
      }));
    case 'deleted':
      return withPage(state, event.channel, (page) => ({
        ...page,
        messages: page.messages.filter(({ ts }) => ts !== event.ts),
      }));
    case 'views':
      return { ...state, views: event.views };
    case 'home':
      return { ...state, home: event.home };
    case 'machine':
      return { ...state, machine: event.machine };
    case 'postal':
      return { ...state, postal: event.postal };
  }
};

const newestOf = ({ pages }: PageState, place: string): string | undefined => pages[place]?.messages.at(-1)?.ts;

const allRead = (state: PageState): ReadUpTo =>
  Object.fromEntries(Object.keys(state.pages).map((place) => [place, newestOf(state, place) ?? '0']));

const markRead = (state: WorkspaceState, place: string): WorkspaceState => {
  const newest = newestOf(state, place);
  return newest === undefined || newest === state.readUpTo[place]
    ? state
    : { ...state, readUpTo: { ...state.readUpTo, [place]: newest } };
};

/** The conversations in which somebody else has written since this user last read them. */
export const unreadIn = ({ pages, readUpTo, me }: WorkspaceState): ReadonlySet<string> => {
  const isUnread = (place: string): boolean =>
    pages[place]?.messages.some(({ ts, author }) => author !== me.id && Number(ts) > Number(readUpTo[place] ?? 0)) ===
    true;
  return new Set(Object.keys(pages).filter(isUnread));
};

/** What the page knows, after something happened; nothing counts before the first state is loaded. */
export const reduceWorkspace = (
  state: WorkspaceState | undefined,
  action: WorkspaceAction,
): WorkspaceState | undefined => {
  switch (action.kind) {
    case 'loaded':
      return { ...action.state, readUpTo: action.readUpTo ?? allRead(action.state) };
    case 'event':
      return state && onEvent(state, action.event);
    case 'earlier':
      return (
        state &&
        withPage(state, action.channel, (page) => ({
          hasEarlier: action.page.hasEarlier,
          messages: action.page.messages.reduce(withMessage, page.messages),
        }))
      );
    case 'read':
      return state && markRead(state, action.place);
  }
};
