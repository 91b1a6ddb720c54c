import { memo, useState } from 'react';
import type { StoredMessage } from '../../slack/store/workspace.ts';
import { Blocks } from '../block-kit/blocks.tsx';
import { Files } from '../block-kit/files.tsx';
import { InteractionContext } from '../block-kit/interaction.ts';
import { useInteractionState } from '../block-kit/use-interaction.ts';
import { Avatar, authorOf } from '../frame/avatar.tsx';
import { Icon } from '../frame/icons.tsx';
import { formatDateToken, timeOf } from '../text/date-token.ts';
import { Mrkdwn } from '../text/rich-text.tsx';
import { useWorkspaceContext } from '../workspace/surroundings.ts';

type Props = {
  readonly message: StoredMessage;
  /** Its own address on this page. */
  readonly href: string;
  readonly user: string;
  /** Goes on from the message above it, by the same author, a moment later. */
  readonly isContinued: boolean;
  readonly isTarget: boolean;
};

/** One message, with whatever can be pressed in it. */
export const MessageView = memo(({ message, href, user, isContinued, isTarget }: Props) => {
  const { users, bot } = useWorkspaceContext();
  const [problem, setProblem] = useState('');
  const interaction = useInteractionState(
    user,
    { channel: message.channel, ts: message.ts },
    message.blocks,
    setProblem,
  );
  const author = authorOf(message.author, users, bot);
  const isEphemeral = message.visibleTo !== undefined;
  const className = [
    'ws-message',
    isEphemeral && 'ws-ephemeral',
    message.threadTs !== undefined && !message.isBroadcast && 'ws-reply',
    isContinued && 'ws-continued',
    isTarget && 'ws-target',
  ]
    .filter(Boolean)
    .join(' ');
  const full = formatDateToken(Math.floor(Number(message.ts)), '{date_long} {time_secs}', new Date());
  const time = (
    <a className="ws-time" href={href} title={full}>
      <time dateTime={new Date(Number(message.ts) * 1000).toISOString()}>{timeOf(message.ts)}</time>
    </a>
  );

  return (
    <article
      className={className}
      id={`m-${message.ts}`}
      data-ts={message.ts}
      aria-label={`${author.name}, ${timeOf(message.ts)}`}
    >
      <div className="ws-gutter">{isContinued ? time : <Avatar id={message.author} {...author} />}</div>
      <div className="ws-content">
        {isEphemeral && (
          <p className="ws-only-you">
            <Icon name="eye" size={14} /> Only visible to you
          </p>
        )}
        {!isContinued && (
          <p className="ws-byline">
            <strong>{author.name}</strong>
            {author.isApp && <span className="ws-app-badge">APP</span>}
            {time}
          </p>
        )}
        <InteractionContext value={interaction}>
          {message.blocks.length > 0 ? (
            <Blocks blocks={message.blocks} />
          ) : (
            message.text !== '' && <Mrkdwn text={message.text} />
          )}
        </InteractionContext>
        {message.files !== undefined && <Files files={message.files} />}
        {message.editedTs !== undefined && !isEphemeral && <span className="ws-edited">(edited)</span>}
        {problem !== '' && (
          <p className="ws-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
    </article>
  );
});
