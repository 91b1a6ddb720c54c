import type { CommandRow } from './command-table.ts';

/** What stands at the top of a channel: what it is for, and things to try, which fill the composer. */
export const FirstSteps = ({
  channelName,
  topic,
  command,
  rows,
  onTry,
}: {
  readonly channelName: string;
  readonly topic: string | undefined;
  readonly command: string;
  readonly rows: readonly CommandRow[];
  readonly onTry: (text: string) => void;
}) => {
  const [first] = rows;
  const steps = [
    ...(first === undefined ? [] : [{ line: `${command} ${first.verb}`, label: 'Open the form', detail: 'every field explained' }]),
    ...rows.map(({ verb, example, summary }) => ({ line: `${command} ${example || verb}`, label: '', detail: summary })),
    { line: `${command} help`, label: '', detail: 'Everything that I can do, with examples' },
  ];
  return (
    <section className="ws-first-steps">
      <h2>#{channelName}</h2>
      <p>{topic ?? 'Everything that is said here stays on this machine.'}</p>
      {rows.length > 0 && (
        <details open>
          <summary>Things to try</summary>
          <ul>
            {steps.map(({ line, label, detail }) => (
              <li key={line}>
                <button type="button" onClick={() => onTry(line)}>
                  <code>{line}</code>
                  <span>{label === '' ? detail : `${label}: ${detail}`}</span>
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
};
