import type { PanelDelivery } from '../../postal/panel-protocol.ts';
import { clockTime } from './clock-time.ts';

/** The last deliveries in Postal’s own words, the newest first. */
export const Deliveries = ({ deliveries }: { readonly deliveries: readonly PanelDelivery[] }) => (
  <section aria-label="Deliveries">
    <div className="ws-panel-title">
      <h3>Deliveries</h3>
    </div>
    {deliveries.length === 0 ? (
      <p className="ws-panel-hint">No message was sent yet.</p>
    ) : (
      <ol className="ws-deliveries">
        {deliveries.map(({ id, recipient, status, details, output, atMs }) => (
          <li key={id} data-status={status}>
            <strong>{status}</strong>
            <time dateTime={new Date(atMs).toISOString()}>{clockTime(atMs)}</time>
            <span>{recipient}</span>
            <p>{details}</p>
            {output !== null && <code>{output}</code>}
          </li>
        ))}
      </ol>
    )}
  </section>
);
