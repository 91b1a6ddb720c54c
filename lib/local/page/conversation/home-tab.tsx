import { useEffect, useState } from 'react';
import type { View } from '../../slack/store/workspace.ts';
import { Blocks } from '../block-kit/blocks.tsx';
import { InteractionContext } from '../block-kit/interaction.ts';
import { useInteractionState } from '../block-kit/use-interaction.ts';
import { ask } from '../workspace/api.ts';

const noBlocks: View['blocks'] = [];

/** The bot's App Home. Opening it asks the app to bring it up to date. */
export const HomeTab = ({
  home,
  user,
  botName,
}: {
  readonly home: View | null;
  readonly user: string;
  readonly botName: string;
}) => {
  const [problem, setProblem] = useState('');
  const interaction = useInteractionState(user, { viewId: home?.id ?? '' }, home?.blocks ?? noBlocks, setProblem);
  useEffect(() => {
    let isCurrent = true;
    void ask('home', { user }).then((outcome) => {
      if (isCurrent) setProblem(outcome.ok ? '' : (outcome.error ?? ''));
    });
    return () => {
      isCurrent = false;
    };
  }, [user]);
  return (
    <div className="ws-home">
      {problem !== '' && (
        <p className="ws-problem" role="alert">
          {problem}
        </p>
      )}
      {home === null ? (
        <p className="ws-empty">{botName} has not shown anything here yet.</p>
      ) : (
        <InteractionContext value={interaction}>
          <Blocks blocks={home.blocks} />
        </InteractionContext>
      )}
    </div>
  );
};
