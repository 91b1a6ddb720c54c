import { useState } from 'react';
import type { PostalPanelState } from '../../postal/panel-protocol.ts';
import type { Outcome } from '../../slack/page-api/page-protocol.ts';
import { Panel } from '../frame/panel.tsx';
import { Deliveries } from './deliveries.tsx';
import { Endpoints } from './endpoints.tsx';
import { Queue } from './queue.tsx';
import { Routes } from './routes.tsx';

/** A small Postal beside the bot: what is entered there, what waits, and what became of each delivery. */
export const Postal = ({
  postal,
  user,
  onClose,
}: {
  readonly postal: PostalPanelState;
  readonly user: string;
  readonly onClose: () => void;
}) => {
  const [problem, setProblem] = useState('');
  const tell = (outcome: Outcome): void => setProblem(outcome.ok ? '' : (outcome.error ?? 'That did not work.'));
  return (
    <Panel title="Postal" problem={problem} onClose={onClose}>
      <section>
        <p className="ws-panel-hint">
          A small Postal that follows the rules of the real one. Add an endpoint with an IP address as its hostname, and
          a route. Send mail, then try <code>audit</code>. Waiting mail is retried {postal.timesFaster} times as often
          as by a real Postal.
        </p>
      </section>
      <Endpoints postal={postal} user={user} onOutcome={tell} />
      <Routes postal={postal} user={user} onOutcome={tell} />
      <Queue queue={postal.queue} user={user} onOutcome={tell} />
      <Deliveries deliveries={postal.deliveries} />
    </Panel>
  );
};
