import { useId, useState } from 'react';
import type { MachineRecord } from '../../slack/machine-protocol.ts';
import type { Outcome } from '../../slack/page-protocol.ts';
import { ask } from '../workspace/api.ts';

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

/** The records of the zone, each to be edited or deleted, and a form to write any. */
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
      {records.length === 0 ? (
        <p className="ws-machine-hint">Nothing stands in the zone yet.</p>
      ) : (
        <ul className="ws-records">
          {records.map((record) => (
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
                onClick={() => setDraft(draftOf(record))}
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
      <form
        className="ws-record-form"
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
          Write it
        </button>
      </form>
    </>
  );
};
