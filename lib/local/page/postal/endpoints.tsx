import { useEffect, useRef, useState } from 'react';
import type { PanelEndpoint, PostalPanelState } from '../../postal/panel-protocol.ts';
import type { Outcome } from '../../slack/page-api/page-protocol.ts';
import { ask } from '../workspace/api.ts';
import { type Draft, EndpointForm } from './endpoint-form.tsx';

const draftOf = ({ id, serverId, name, hostname, port, sslMode }: PanelEndpoint): Draft => ({
  id,
  serverId,
  name,
  hostname,
  port: port === null ? '' : String(port),
  sslMode,
});

/** The SMTP endpoints of Postal, and a form that adds one or changes one. */
export const Endpoints = ({
  postal: { servers, sslModes, endpoints },
  user,
  onOutcome,
}: {
  readonly postal: PostalPanelState;
  readonly user: string;
  readonly onOutcome: (outcome: Outcome) => void;
}) => {
  const empty: Draft = {
    id: null,
    serverId: servers[0]?.id ?? 0,
    name: '',
    hostname: '',
    port: '',
    sslMode: sslModes.includes('Auto') ? 'Auto' : (sslModes[0] ?? ''),
  };
  const [draft, setDraft] = useState<Draft | undefined>(undefined);
  const isOpen = draft !== undefined || endpoints.length === 0;
  const addButton = useRef<HTMLButtonElement>(null);
  /** What had the focus goes away: the button takes it once it is there. */
  const isFocusFree = useRef(false);
  useEffect(() => {
    if (isOpen || !isFocusFree.current) return;
    isFocusFree.current = false;
    addButton.current?.focus();
  });
  const close = (): void => {
    isFocusFree.current = true;
    setDraft(undefined);
  };
  const save = async (given: Draft): Promise<void> => {
    const outcome = await ask('postal-endpoint', { user, ...given });
    onOutcome(outcome);
    if (outcome.ok) close();
  };
  const remove = async (id: number): Promise<void> => {
    const outcome = await ask('delete-postal-endpoint', { user, id });
    onOutcome(outcome);
    if (outcome.ok) close();
  };
  return (
    <section aria-label="SMTP endpoints">
      <div className="ws-panel-title">
        <h3>SMTP endpoints</h3>
        {!isOpen && (
          <button ref={addButton} type="button" className="ws-button" onClick={() => setDraft(empty)}>
            Add an endpoint
          </button>
        )}
      </div>
      {isOpen && (
        <EndpointForm
          key={draft?.id ?? 'new'}
          draft={draft ?? empty}
          servers={servers}
          sslModes={sslModes}
          onDraft={setDraft}
          onSave={(given) => void save(given)}
          onCancel={endpoints.length === 0 ? undefined : close}
        />
      )}
      <ul className="ws-panel-list">
        {endpoints.map((endpoint) => (
          <li key={endpoint.id}>
            <div>
              <strong>
                {endpoint.name} in {servers.find(({ id }) => id === endpoint.serverId)?.name}
              </strong>
              <code title={endpoint.hostname}>{endpoint.hostname}</code>
              <p>
                port {endpoint.port ?? 25} · {endpoint.sslMode}
              </p>
            </div>
            <button
              type="button"
              className="ws-text-button"
              aria-label={`Edit ${endpoint.name}`}
              onClick={() => setDraft(draftOf(endpoint))}
            >
              Edit
            </button>
            <button
              type="button"
              className="ws-text-button"
              aria-label={`Delete ${endpoint.name}`}
              onClick={() => void remove(endpoint.id)}
            >
              Delete
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};
