import { Fragment, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { ChannelPage } from '../../slack/page-protocol.ts';
import type { StoredMessage } from '../../slack/workspace.ts';
import { dayOf } from '../text/date-token.ts';
import { MessageView } from './message.tsx';

const continuesWithinSeconds = 300;
const nearTheEndPixels = 160;

const continues = (message: StoredMessage, before: StoredMessage | undefined): boolean =>
  before !== undefined &&
  before.author === message.author &&
  before.threadTs === message.threadTs &&
  before.visibleTo === message.visibleTo &&
  // Whatever ends in buttons is an answer at its end: what comes then is about something else.
  before.blocks.every(({ type }) => type !== 'actions') &&
  Number(message.ts) - Number(before.ts) < continuesWithinSeconds;

/** Replies right under the post in whose thread they stand; those of a post that is not shown, and what is shown in the channel as well, where they came. */
const threaded = (messages: readonly StoredMessage[]): readonly StoredMessage[] => {
  const shown = new Set(messages.map(({ ts }) => ts));
  const replies = Map.groupBy(messages, ({ threadTs, isBroadcast }) =>
    threadTs !== undefined && !isBroadcast && shown.has(threadTs) ? threadTs : '',
  );
  return (replies.get('') ?? []).flatMap((message) => [message, ...(replies.get(message.ts) ?? [])]);
};

/** What a reader waits for, wherever the list was scrolled to: an own message, or an answer to this user alone. */
const concerns = (message: StoredMessage, user: string): boolean =>
  message.author === user || message.visibleTo === user;

const isNearTheEnd = ({ scrollHeight, scrollTop, clientHeight }: Element): boolean =>
  scrollHeight - scrollTop - clientHeight < nearTheEndPixels;

/** A channel's messages, the newest at the bottom; stays there while the reader does. */
export const MessageList = ({
  page,
  label,
  hrefOf,
  user,
  targetTs,
  onEarlier,
  children,
}: {
  readonly page: ChannelPage;
  /** What the conversation is called. */
  readonly label: string;
  /** A message's own address. */
  readonly hrefOf: (ts: string) => string;
  readonly user: string;
  readonly targetTs: string | undefined;
  readonly onEarlier: (before: string) => void;
  /** Shown above the first message. */
  readonly children: ReactNode;
}) => {
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const shownNewest = useRef<string>(undefined);
  const { messages } = page;
  const shown = threaded(messages);
  const newest = messages.at(-1);
  const hasTarget = targetTs !== undefined && messages.some(({ ts }) => ts === targetTs);

  // After every rendering: a message may have grown in place.
  useLayoutEffect(() => {
    const element = list.current;
    const isNews = newest !== undefined && shownNewest.current !== undefined && newest.ts !== shownNewest.current;
    shownNewest.current = newest?.ts ?? '';
    if (element === null || !(isAtEnd.current || (isNews && concerns(newest, user)))) return;
    element.scrollTop = element.scrollHeight;
    // What is longer than the window is read from its beginning.
    const last = isNews ? element.lastElementChild : null;
    if (last !== null && last.clientHeight > element.clientHeight) last.scrollIntoView({ block: 'start' });
    isAtEnd.current = isNearTheEnd(element);
  });

  // A window that gets smaller, as when a phone brings up its keyboard, hides the end.
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!hasTarget) return;
    isAtEnd.current = false;
    document.getElementById(`m-${targetTs}`)?.scrollIntoView({ block: 'center' });
  }, [targetTs, hasTarget]);

  return (
    <div
      ref={list}
      className="ws-messages"
      role="log"
      aria-label={`Messages in ${label}`}
      onScroll={({ currentTarget }) => {
        isAtEnd.current = isNearTheEnd(currentTarget);
      }}
    >
      {page.hasEarlier ? (
        <button type="button" className="ws-button ws-earlier" onClick={() => onEarlier(messages[0]?.ts ?? '')}>
          Show earlier messages
        </button>
      ) : (
        children
      )}
      {shown.map((message, index) => {
        const before = shown[index - 1];
        const day = dayOf(message.ts, new Date());
        const isNewDay =
          message.threadTs === undefined && (before === undefined || dayOf(before.ts, new Date()) !== day);
        return (
          <Fragment key={message.ts}>
            {isNewDay && (
              <div className="ws-day">
                <span>{day}</span>
              </div>
            )}
            <MessageView
              message={message}
              href={hrefOf(message.ts)}
              user={user}
              isContinued={!isNewDay && continues(message, before)}
              isTarget={message.ts === targetTs}
            />
          </Fragment>
        );
      })}
    </div>
  );
};
