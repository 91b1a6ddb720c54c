import { Fragment, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { ChannelPage } from '../slack/page-protocol.ts';
import type { StoredMessage } from '../slack/workspace.ts';
import { dayOf } from './date-token.ts';
import { MessageView } from './message.tsx';

const continuesWithinSeconds = 300;
const nearTheEndPixels = 160;

const continues = (message: StoredMessage, before: StoredMessage | undefined): boolean =>
  before !== undefined &&
  before.author === message.author &&
  before.visibleTo === message.visibleTo &&
  Number(message.ts) - Number(before.ts) < continuesWithinSeconds;

/** What a reader waits for, wherever the list was scrolled to: an own message, or an answer to this user alone. */
const concerns = (message: StoredMessage, user: string): boolean => message.author === user || message.visibleTo === user;

/** A channel's messages, the newest at the bottom; stays there while the reader does. */
export const MessageList = ({
  page,
  channelName,
  user,
  targetTs,
  onEarlier,
  children,
}: {
  readonly page: ChannelPage;
  readonly channelName: string;
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
  const newest = messages.at(-1);
  const hasTarget = targetTs !== undefined && messages.some(({ ts }) => ts === targetTs);

  // After every rendering: a message may have grown in place.
  useLayoutEffect(() => {
    const element = list.current;
    const isOwn = newest !== undefined && shownNewest.current !== undefined && newest.ts !== shownNewest.current && concerns(newest, user);
    shownNewest.current = newest?.ts ?? '';
    if (element !== null && (isAtEnd.current || isOwn)) element.scrollTop = element.scrollHeight;
  });

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
      aria-label={`Messages in ${channelName}`}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < nearTheEndPixels;
      }}
    >
      {page.hasEarlier ? (
        <button type="button" className="ws-button ws-earlier" onClick={() => onEarlier(messages[0]?.ts ?? '')}>
          Show earlier messages
        </button>
      ) : (
        children
      )}
      {messages.map((message, index) => {
        const before = messages[index - 1];
        const day = dayOf(message.ts, new Date());
        const isNewDay = before === undefined || dayOf(before.ts, new Date()) !== day;
        return (
          <Fragment key={message.ts}>
            {isNewDay && (
              <div className="ws-day">
                <span>{day}</span>
              </div>
            )}
            <MessageView
              message={message}
              channelName={channelName}
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
