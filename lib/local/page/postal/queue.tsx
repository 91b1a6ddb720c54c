import type { PanelQueue } from '../../postal/panel-protocol.ts';
import type { Outcome } from '../../slack/page-api/page-protocol.ts';
import { ask } from '../workspace/api.ts';
import { clockTime } from './clock-time.ts';

const attemptsText = (attempts: number): string => {
  if (attempts === 0) return 'not tried yet';
  return attempts === 1 ? 'tried once' : `tried ${attempts} ×`;
};

/** What waits in Postal’s queue, by endpoint, and since when. */
export const Queue = ({
  queue,
  user,
  onOutcome,
}: {
  readonly queue: readonly PanelQueue[];
  readonly user: string;
  readonly onOutcome: (outcome: Outcome) => void;
}) => (
  <section aria-label="Queue">
    <div className="ws-panel-title">
      <h3>Queue</h3>
    </div>
    {queue.length === 0 ? (
      <p className="ws-panel-hint">Nothing waits.</p>
    ) : (
      <ul className="ws-panel-list">
        {queue.map(({ endpointId, endpointName, count, oldestAtMs, attempts, nextAtMs }) => (
          <li key={endpointId}>
            <div>
              <strong>
                {count === 1 ? '1 message waits' : `${count} messages wait`} for {endpointName}
              </strong>
              <p>since {clockTime(oldestAtMs)}</p>
              <p>
                {attemptsText(attempts)}
                {nextAtMs > 0 && `, next at ${clockTime(nextAtMs)}`}
              </p>
            </div>
            <button
              type="button"
              className="ws-text-button"
              aria-label={`Retry ${endpointName} now`}
              onClick={() => void ask('postal-retry', { user, endpointId }).then(onOutcome)}
            >
              Retry now
            </button>
          </li>
        ))}
      </ul>
    )}
  </section>
);
