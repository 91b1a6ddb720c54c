import { useState } from 'react';
import type { FirstStep } from '../../slack/page-api/page-protocol.ts';
import type { CommandRow } from '../composer/command-table.ts';

const openKey = 'first-steps';

/** A narrow window would break a line within `--port`. */
const unbroken = (line: string): string => line.replaceAll('--', '-\u2060-\u2060');

/** What stands at the top of a channel: what it is for, and things to try, which fill the composer. Folds up where people talk already. */
export const FirstSteps = ({
  title,
  topic,
  command,
  steps,
  rows,
  isQuiet,
  onTry,
}: {
  readonly title: string;
  readonly topic: string;
  readonly command: string;
  readonly steps: readonly FirstStep[];
  readonly rows: readonly CommandRow[];
  /** Whether nobody has said anything here yet. */
  readonly isQuiet: boolean;
  readonly onTry: (text: string) => void;
}) => {
  const [chosen, setChosen] = useState(() => localStorage.getItem(openKey));
  const choose = (isOpen: boolean): void => {
    const next = isOpen ? 'open' : 'closed';
    localStorage.setItem(openKey, next);
    setChosen(next);
  };
  const isOpen = chosen === null ? isQuiet : chosen === 'open';
  const shownVerbs = new Set(steps.map(({ line }) => line.slice(command.length).trim().split(' ')[0]));
  const others = [...rows.map(({ verb }) => verb), 'help'].filter((verb) => !shownVerbs.has(verb));
  return (
    <section className="ws-first-steps">
      <h2>{title}</h2>
      <p>{topic}</p>
      {steps.length > 0 && (
        <>
          <button type="button" className="ws-fold" aria-expanded={isOpen} onClick={() => choose(!isOpen)}>
            Things to try
          </button>
          {isOpen && (
            <>
              <ol>
                {steps.map(({ line, detail }) => (
                  <li key={line}>
                    <button type="button" className="ws-step" onClick={() => onTry(line)}>
                      <code>
                        <span className="ws-command">{command}</span> {unbroken(line.slice(command.length).trim())}
                      </code>
                      <span className="ws-step-detail">{detail}</span>
                    </button>
                  </li>
                ))}
              </ol>
              <p className="ws-other-verbs">
                There are also
                {others.map((verb) => (
                  <button key={verb} type="button" className="ws-chip" onClick={() => onTry(`${command} ${verb}`)}>
                    {verb}
                  </button>
                ))}
              </p>
            </>
          )}
        </>
      )}
    </section>
  );
};
