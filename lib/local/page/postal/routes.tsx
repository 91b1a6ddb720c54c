import { useId, useRef, useState } from 'react';
import type { PostalPanelState } from '../../postal/panel-protocol.ts';
import type { Outcome } from '../../slack/page-api/page-protocol.ts';
import { ask } from '../workspace/api.ts';

/** The routes of Postal: a message can be sent to each, as if it came from outside. */
export const Routes = ({
  postal: { servers, endpoints, routes },
  user,
  onOutcome,
}: {
  readonly postal: PostalPanelState;
  readonly user: string;
  readonly onOutcome: (outcome: Outcome) => void;
}) => {
  const id = useId();
  const addButton = useRef<HTMLButtonElement>(null);
  const [name, setName] = useState('');
  const [wanted, setWanted] = useState<number | undefined>(undefined);
  const chosen = endpoints.find((endpoint) => endpoint.id === wanted) ?? endpoints[0];
  const domain = servers.find((server) => server.id === chosen?.serverId)?.domain ?? '';
  const add = async (endpointId: number): Promise<void> => {
    const outcome = await ask('postal-route', { user, name: name.trim(), endpointId });
    onOutcome(outcome);
    if (outcome.ok) setName('');
  };
  const remove = async (routeId: number): Promise<void> => {
    const outcome = await ask('delete-postal-route', { user, id: routeId });
    onOutcome(outcome);
    // The button that had the focus is gone.
    if (outcome.ok) addButton.current?.focus();
  };
  return (
    <section aria-label="Routes">
      <div className="ws-panel-title">
        <h3>Routes</h3>
      </div>
      {chosen === undefined ? (
        <p className="ws-panel-hint">A route leads mail for an address to an SMTP endpoint. Add an endpoint first.</p>
      ) : (
        <form
          className="ws-panel-form"
          aria-label="Add a route"
          onSubmit={(event) => {
            event.preventDefault();
            void add(chosen.id);
          }}
        >
          <label htmlFor={`${id}-name`}>Name</label>
          <div className="ws-route-name">
            <input
              id={`${id}-name`}
              className="ws-field"
              value={name}
              placeholder="gitlab"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={({ target }) => setName(target.value)}
            />
            <span>@{domain}</span>
          </div>
          <label htmlFor={`${id}-endpoint`}>Endpoint</label>
          <select
            id={`${id}-endpoint`}
            className="ws-field"
            value={chosen.id}
            onChange={({ target }) => setWanted(Number(target.value))}
          >
            {endpoints.map((endpoint) => (
              <option key={endpoint.id} value={endpoint.id}>
                {endpoint.name} in {servers.find((server) => server.id === endpoint.serverId)?.name}
              </option>
            ))}
          </select>
          <div className="ws-panel-buttons">
            <button ref={addButton} type="submit" className="ws-button">
              Add a route
            </button>
          </div>
        </form>
      )}
      <ul className="ws-panel-list ws-routes">
        {routes.map((route) => (
          <li key={route.id}>
            <div>
              <strong>{route.address}</strong>
              <p>
                {route.endpointId === null
                  ? 'rejects mail: its endpoint was deleted'
                  : `to ${endpoints.find((endpoint) => endpoint.id === route.endpointId)?.name}`}
              </p>
            </div>
            <button
              type="button"
              className="ws-text-button"
              aria-label={`Send mail to ${route.address}`}
              onClick={() => void ask('postal-message', { user, routeId: route.id }).then(onOutcome)}
            >
              Send mail
            </button>
            <button
              type="button"
              className="ws-text-button"
              aria-label={`Delete the route ${route.address}`}
              onClick={() => void remove(route.id)}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};
