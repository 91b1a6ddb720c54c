import { type KeyboardEvent, type RefObject, useEffect, useId, useLayoutEffect, useMemo, useState } from 'react';
import { Icon } from '../frame/icons.tsx';
import { type CompletionItem, type CompletionSource, complete } from './completion.ts';

/** As tall as the field grows before it scrolls. */
const tallestPixels = 160;

type Props = {
  /** The field itself, for whoever has to bring the focus to it. */
  readonly field: RefObject<HTMLTextAreaElement | null>;
  /** What screen readers call the field. */
  readonly label: string;
  readonly source: CompletionSource;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly onSend: (text: string) => void;
  /** What was sent before, oldest first: the up arrow brings it back. */
  readonly sent: readonly string[];
};

/** Where one writes: completes the command, Tab takes what is offered, Enter sends. */
export const Composer = ({ field, label, source, text, onText, onSend, sent }: Props) => {
  const listId = useId();
  const [active, setActive] = useState(0);
  const [isPicking, setPicking] = useState(false);
  const [dismissed, setDismissed] = useState('');
  const [recalled, setRecalled] = useState(0);
  const completion = useMemo(() => complete(text, source), [text, source]);
  const items = dismissed === text ? [] : completion.items;
  const picked = items[Math.min(active, items.length - 1)];

  useLayoutEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = 'auto';
    const { scrollHeight } = element;
    element.style.height = `${Math.min(scrollHeight, tallestPixels)}px`;
    // A height is rounded to whole pixels: what is a fraction of one taller needs no scroll bar.
    element.style.overflowY = scrollHeight > tallestPixels ? 'auto' : 'hidden';
  });

  useEffect(() => {
    if (picked !== undefined)
      document.getElementById(`${listId}-${picked.label}`)?.scrollIntoView({ block: 'nearest' });
  }, [picked, listId]);

  // Whoever opens a conversation may want to say something; but a phone would bring up its keyboard before anyone has read anything.
  useEffect(() => {
    if (label !== '' && matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, [field, label]);

  const write = (next: string): void => {
    onText(next);
    setActive(0);
    setPicking(false);
  };
  const take = (item: CompletionItem): void => {
    write(`${text.slice(0, completion.from)}${item.insert}${text.slice(completion.to)}`);
    field.current?.focus();
  };
  const send = (): void => {
    if (text.trim() === '') return;
    onSend(text.trim());
    write('');
    setRecalled(0);
  };
  const recall = (steps: number): void => {
    const next = Math.min(Math.max(recalled + steps, 0), sent.length);
    setRecalled(next);
    const line = next === 0 ? '' : (sent.at(-next) ?? '');
    write(line);
    setDismissed(line);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && items.length > 0) {
      event.preventDefault();
      setActive((Math.min(active, items.length - 1) + step + items.length) % items.length);
      setPicking(true);
    } else if (step !== 0 && (text === '' || recalled > 0)) {
      event.preventDefault();
      recall(-step);
    } else if (event.key === 'Tab' && !event.shiftKey && picked !== undefined) {
      event.preventDefault();
      take(picked);
    } else if (event.key === 'Escape' && items.length > 0) {
      event.preventDefault();
      setDismissed(text);
    } else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      if (isPicking && picked !== undefined) take(picked);
      else send();
    }
  };

  return (
    <div className="ws-composer">
      {(items.length > 0 || (completion.usage !== '' && dismissed !== text)) && (
        <div className="ws-completion">
          {completion.usage !== '' && <p className="ws-usage">{completion.usage}</p>}
          <div id={listId} role="listbox" aria-label="Completions">
            {items.map((item) => (
              <div
                key={item.label}
                id={`${listId}-${item.label}`}
                role="option"
                tabIndex={-1}
                aria-selected={item === picked}
                className="ws-completion-item"
                onMouseDown={(event) => {
                  event.preventDefault();
                  take(item);
                }}
              >
                <strong>{item.label}</strong>
                <span>{item.detail}</span>
                {item === picked && <kbd>Tab</kbd>}
              </div>
            ))}
          </div>
        </div>
      )}
      <div className="ws-composer-box">
        <textarea
          ref={field}
          rows={1}
          value={text}
          placeholder={`Type ${source.command}, or a message`}
          aria-label={label}
          aria-controls={items.length > 0 ? listId : undefined}
          aria-autocomplete="list"
          aria-activedescendant={picked === undefined ? undefined : `${listId}-${picked.label}`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="ws-send" aria-label="Send" disabled={text.trim() === ''} onClick={send}>
          <Icon name="send" />
        </button>
      </div>
    </div>
  );
};
