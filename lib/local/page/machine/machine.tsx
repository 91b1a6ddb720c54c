import { useState } from 'react';
import type { MachineState } from '../../slack/page-api/machine-protocol.ts';
import type { Outcome } from '../../slack/page-api/page-protocol.ts';
import { Panel } from '../frame/panel.tsx';
import { ask } from '../workspace/api.ts';
import { RecordForm } from './record-form.tsx';

const list = new Intl.ListFormat('en', { type: 'conjunction' });

/** What runs on this machine besides Slack: mail servers to stop and start, and the DNS zone, to be changed without the bot. */
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
    <Panel title="This machine" problem={problem} onClose={onClose}>
      <section>
        <h3>Mail servers</h3>
        <p className="ws-panel-hint">
          Stop one that a registered name points to. Each name is checked about once a minute. After two failed checks
          an alert appears in <a href={`#${alerts.channel}`}>#{alerts.channel}</a>, within {alerts.withinMinutes}{' '}
          minutes. Start the server again, and the alert turns green.
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
        <h3>DNS records</h3>
        <p className="ws-panel-hint">
          Changes {zone} in the local Route 53 without the bot, as another tool would. Then try <code>drift</code>,{' '}
          <code>update</code> and <code>adopt</code>.
        </p>
        <RecordForm zone={zone} records={records} user={user} onOutcome={tell} />
      </section>
    </Panel>
  );
};
