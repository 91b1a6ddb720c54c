import { useState } from 'react';
import type { MachineState } from '../../slack/machine-protocol.ts';
import type { Outcome } from '../../slack/page-protocol.ts';
import { Icon } from '../frame/icons.tsx';
import { ask } from '../workspace/api.ts';
import { RecordForm } from './record-form.tsx';

const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** What stands on this machine beside Slack: mail servers to stop and start, and a hand in the zone that asks no bot. */
export const Machine = ({
  machine,
  user,
  onClose,
}: {
  readonly machine: MachineState;
  readonly user: string;
  readonly onClose: () => void;
}) => {
  const [problem, setProblem] = useState('');
  const { servers, zone, records, alerts } = machine;
  const tell = (outcome: Outcome): void => setProblem(outcome.ok ? '' : (outcome.error ?? 'That did not work.'));
  return (
    <aside className="ws-machine" aria-label="This machine">
      <header>
        <h2>This machine</h2>
        <button type="button" className="ws-icon-button" aria-label="Close the panel" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {problem !== '' && (
        <p className="ws-problem" role="alert">
          {problem}
        </p>
      )}
      <section>
        <h3>Mail servers</h3>
        <p className="ws-machine-hint">
          Stop one that a name leads to. Watch looks about twice a minute and believes two looks: within{' '}
          {alerts.withinMinutes} minutes the alert is in <a href={`#${alerts.channel}`}>#{alerts.channel}</a>. Start it,
          and the alert turns green as soon.
        </p>
        <ul>
          {servers.map(({ name, description, addresses, port, isUp }) => (
            <li key={name} className="ws-server" data-up={isUp}>
              <div>
                <strong>
                  {name}
                  {!isUp && <span className="ws-stopped">stopped</span>}
                </strong>
                <code>
                  {list.format(addresses)} port {port}
                </code>
                <p>{description}</p>
              </div>
              <button
                type="button"
                className="ws-button"
                aria-label={`${isUp ? 'Stop' : 'Start'} ${name}`}
                onClick={() => void ask('server', { user, name, isUp: !isUp }).then(tell)}
              >
                {isUp ? 'Stop' : 'Start'}
              </button>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>Somebody else’s hand</h3>
        <p className="ws-machine-hint">
          Changes {zone} in the local Route 53 past the bot, as another tool would. Then look at <code>drift</code>,{' '}
          <code>update</code> and <code>adopt</code>.
        </p>
        <RecordForm zone={zone} records={records} user={user} onOutcome={tell} />
      </section>
    </aside>
  );
};
