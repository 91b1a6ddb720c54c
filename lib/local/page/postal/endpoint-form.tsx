import { useEffect, useId, useRef } from 'react';
import type { PanelServer, PostalRequests } from '../../postal/panel-protocol.ts';

export type Draft = Omit<PostalRequests['postal-endpoint'], 'user'>;

/** Postal's form of an SMTP endpoint: it saves whatever Postal saves. */
export const EndpointForm = ({
  draft,
  servers,
  sslModes,
  onDraft,
  onSave,
  onCancel,
}: {
  readonly draft: Draft;
  readonly servers: readonly PanelServer[];
  readonly sslModes: readonly string[];
  readonly onDraft: (draft: Draft) => void;
  readonly onSave: (draft: Draft) => void;
  /** Absent where there is nothing else to do than to fill in the form. */
  readonly onCancel: (() => void) | undefined;
}) => {
  const id = useId();
  const hostname = useRef<HTMLInputElement>(null);
  const isNew = draft.id === null;
  const isAsked = onCancel !== undefined;
  // Whoever changes an endpoint changes its hostname, most of the time.
  useEffect(() => {
    if (isAsked) hostname.current?.focus();
  }, [isAsked]);
  const set = (change: Partial<Draft>): void => onDraft({ ...draft, ...change });
  return (
    <form
      className="ws-panel-form"
      aria-label={isNew ? 'Add an SMTP endpoint' : `Change ${draft.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        onSave({ ...draft, name: draft.name.trim(), hostname: draft.hostname.trim() });
      }}
    >
      {isNew && (
        <>
          <label htmlFor={`${id}-server`}>Mail server</label>
          <select
            id={`${id}-server`}
            className="ws-field"
            value={draft.serverId}
            onChange={({ target }) => set({ serverId: Number(target.value) })}
          >
            {servers.map(({ id: serverId, name, mode }) => (
              <option key={serverId} value={serverId}>
                {mode === 'Live' ? name : `${name} (development)`}
              </option>
            ))}
          </select>
        </>
      )}
      <label htmlFor={`${id}-name`}>Name</label>
      <input
        id={`${id}-name`}
        className="ws-field"
        value={draft.name}
        placeholder="GitLab"
        autoComplete="off"
        onChange={({ target }) => set({ name: target.value })}
      />
      <label htmlFor={`${id}-hostname`}>Hostname</label>
      <input
        id={`${id}-hostname`}
        ref={hostname}
        className="ws-field"
        value={draft.hostname}
        placeholder="127.20.0.11"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={({ target }) => set({ hostname: target.value })}
      />
      <label htmlFor={`${id}-port`}>Port</label>
      <input
        id={`${id}-port`}
        className="ws-field"
        inputMode="numeric"
        value={draft.port}
        placeholder="25"
        autoComplete="off"
        onChange={({ target }) => set({ port: target.value })}
      />
      <label htmlFor={`${id}-mode`}>SSL mode</label>
      <select
        id={`${id}-mode`}
        className="ws-field"
        value={draft.sslMode}
        onChange={({ target }) => set({ sslMode: target.value })}
      >
        {sslModes.map((mode) => (
          <option key={mode}>{mode}</option>
        ))}
      </select>
      <div className="ws-panel-buttons">
        <button type="submit" className="ws-button">
          {isNew ? 'Add' : 'Save'}
        </button>
        {onCancel && (
          <button type="button" className="ws-button" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </form>
  );
};
