import type { ChannelPage, PageEvent, PageState } from '../../slack/page-protocol.ts';
import type { StoredMessage } from '../../slack/workspace.ts';

export type WorkspaceState = PageState & { readonly unread: ReadonlySet<string> };

export type WorkspaceAction =
  | { readonly kind: 'loaded'; readonly state: PageState }
  | { readonly kind: 'event'; readonly event: PageEvent; readonly openPlace: string }
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

const onEvent = (state: WorkspaceState, event: PageEvent, openPlace: string): WorkspaceState => {
  switch (event.kind) {
    case 'message': {
      const { message } = event;
      const known = state.pages[message.channel]?.messages.some(({ ts }) => ts === message.ts) === true;
      const next = withPage(state, message.channel, (page) => ({
        ...page,
        messages: withMessage(page.messages, message),
      }));
      const isNews = !known && message.channel !== openPlace && message.author !== state.me.id;
      return isNews ? { ...next, unread: new Set([...state.unread, message.channel]) } : next;
    }
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
  }
};

const markRead = (state: WorkspaceState, place: string): WorkspaceState =>
  state.unread.has(place) ? { ...state, unread: new Set([...state.unread].filter((one) => one !== place)) } : state;

/** What the page knows, after something happened; nothing counts before the first state is loaded. */
export const reduceWorkspace = (
  state: WorkspaceState | undefined,
  action: WorkspaceAction,
): WorkspaceState | undefined => {
  switch (action.kind) {
    case 'loaded':
      return { ...action.state, unread: state?.me.id === action.state.me.id ? state.unread : new Set() };
    case 'event':
      return state && onEvent(state, action.event, action.openPlace);
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
