import { useId, useRef, useState } from 'react';
import type { MachineRecord } from '../../slack/page-api/machine-protocol.ts';
import type { Outcome } from '../../slack/page-api/page-protocol.ts';
import { ask } from '../workspace/api.ts';

/** With more records than this there is a field to search them. */
const manyRecords = 10;

const types = ['A', 'AAAA', 'CNAME', 'TXT', 'MX'] as const;

type Draft = { readonly name: string; readonly type: string; readonly values: string; readonly ttl: string };

const draftOf = ({ name, type, values, ttlSeconds }: MachineRecord): Draft => ({
  name,
  type,
  values: values.join('\n'),
  ttl: String(ttlSeconds ?? 60),
});

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** A form that writes a record set, above all of the zone, each to be edited or deleted. */
export const RecordForm = ({
  zone,
  records,
  user,
  onOutcome,
}: {
  readonly zone: string;
  readonly records: readonly MachineRecord[];
  readonly user: string;
  readonly onOutcome: (outcome: Outcome) => void;
}) => {
  const id = useId();
  const empty: Draft = { name: '', type: 'A', values: '', ttl: '60' };
  const [draft, setDraft] = useState(empty);
  const [wanted, setWanted] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const found = records.filter(({ name, values }) =>
    `${name} ${values.join(' ')}`.includes(wanted.trim().toLowerCase()),
  );
  const set = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });
  const write = async (): Promise<void> => {
    const { name, type } = draft;
    const ttlSeconds = /^\d+$/.test(draft.ttl.trim()) ? Number(draft.ttl) : Number.NaN;
    const outcome = await ask('write-record', {
      user,
      name: name.trim(),
      type,
      values: linesOf(draft.values),
      ttlSeconds,
    });
    onOutcome(outcome);
    if (outcome.ok) setDraft(empty);
  };
  return (
    <>
      <form
        className="ws-panel-form"
        aria-label="Write a record"
        onSubmit={(event) => {
          event.preventDefault();
          void write();
        }}
      >
        <label htmlFor={`${id}-name`}>Name</label>
        <input
          id={`${id}-name`}
          className="ws-field"
          value={draft.name}
          placeholder={`wiki.mail.${zone}`}
          autoComplete="off"
          spellCheck={false}
          onChange={({ target }) => set({ name: target.value })}
        />
        <label htmlFor={`${id}-type`}>Type</label>
        <select
          id={`${id}-type`}
          className="ws-field"
          value={draft.type}
          onChange={({ target }) => set({ type: target.value })}
        >
          {types.map((type) => (
            <option key={type}>{type}</option>
          ))}
        </select>
        <label htmlFor={`${id}-values`}>Values, one a line</label>
        <textarea
          id={`${id}-values`}
          ref={field}
          className="ws-field"
          rows={2}
          value={draft.values}
          placeholder="127.20.0.12"
          spellCheck={false}
          onChange={({ target }) => set({ values: target.value })}
        />
        <label htmlFor={`${id}-ttl`}>TTL in seconds</label>
        <input
          id={`${id}-ttl`}
          className="ws-field"
          inputMode="numeric"
          value={draft.ttl}
          onChange={({ target }) => set({ ttl: target.value })}
        />
        <button type="submit" className="ws-button">
          Save
        </button>
      </form>
      {records.length > manyRecords && (
        <input
          type="search"
          className="ws-field"
          aria-label="Find a record"
          placeholder={`Find one of ${records.length} records`}
          value={wanted}
          onChange={({ target }) => setWanted(target.value)}
        />
      )}
      {records.length === 0 ? (
        <p className="ws-panel-hint">The zone has no records yet.</p>
      ) : (
        <ul className="ws-panel-list">
          {found.map((record) => (
            <li key={`${record.name} ${record.type} ${record.values.join()}`}>
              <div>
                <strong>{record.name}</strong>
                <code title={record.values.join('\n')}>
                  {record.type} {record.values.join(' ')}
                </code>
              </div>
              <button
                type="button"
                className="ws-text-button"
                aria-label={`Edit ${record.type} ${record.name}`}
                onClick={() => {
                  setDraft(draftOf(record));
                  field.current?.focus();
                }}
              >
                Edit
              </button>
              <button
                type="button"
                className="ws-text-button"
                aria-label={`Delete ${record.type} ${record.name}`}
                onClick={() =>
                  void ask('delete-record', { user, name: record.name, type: record.type }).then(onOutcome)
                }
              >
                Delete
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
};
