import { Fragment, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import type { ChannelPage } from '../../slack/page-api/page-protocol.ts';
import type { StoredMessage } from '../../slack/store/workspace.ts';
import { dayOf } from '../text/date-token.ts';
import { MessageView } from './message.tsx';
import { ReadingPosition } from './reading-position.ts';

const continuesWithinSeconds = 300;

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
  const content = useRef<HTMLDivElement>(null);
  const { messages } = page;
  const shown = threaded(messages);
  const hasTarget = messages.some(({ ts }) => ts === targetTs);
  const position = useRef<ReadingPosition>(undefined);
  const shownNewest = useRef<string>(undefined);
  const newest = messages.at(-1);

  useLayoutEffect(() => {
    if (list.current === null || content.current === null) return;
    const reading = new ReadingPosition(list.current, content.current);
    position.current = reading;
    const observer = new ResizeObserver(() => reading.onResize());
    observer.observe(list.current);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  // After every rendering: a message may have grown in place.
  useLayoutEffect(() => {
    const isNews = newest !== undefined && shownNewest.current !== undefined && newest.ts !== shownNewest.current;
    shownNewest.current = newest?.ts ?? '';
    // What a reader waits for: an own message, or an answer to this user alone.
    if (isNews) position.current?.onNews(newest.author === user || newest.visibleTo === user);
    position.current?.place();
  });

  useEffect(() => {
    const element = hasTarget ? document.getElementById(`m-${targetTs}`) : null;
    if (element !== null) position.current?.showMessage(element);
  }, [hasTarget, targetTs]);

  return (
    <div
      ref={list}
      className="ws-messages"
      role="log"
      aria-label={`Messages in ${label}`}
      onScroll={() => position.current?.onScroll()}
    >
      <div ref={content}>
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
    </div>
  );
};
