import { useState } from 'react';
import type { RawValue } from '../../slack/input-state.ts';
import { Icon } from '../frame/icons.tsx';
import type { ConfirmJson, ElementJson } from './block-json.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useInteraction } from './interaction.ts';
import { ValueElement } from './value-element.tsx';

type Props = { readonly blockId: string; readonly element: ElementJson };

/** An element outside of a form: using it tells the app at once, after a question where it carries one. */
export const ActionElement = ({ blockId, element }: Props) => {
  const { act, setValue, values } = useInteraction();
  const [isBusy, setBusy] = useState(false);
  const [asking, setAsking] = useState<{ readonly confirm: ConfirmJson; readonly value: RawValue } | undefined>(
    undefined,
  );

  const send = async (value: RawValue): Promise<void> => {
    setBusy(true);
    await act(blockId, element.actionId, value);
    setBusy(false);
  };
  const use = (value: RawValue): void => {
    if (element.type !== 'button') setValue(blockId, element.actionId, value);
    if (element.confirm !== undefined) setAsking({ confirm: element.confirm, value });
    else void send(value);
  };

  return (
    <>
      {element.type === 'button' ? (
        <ButtonElement element={element} isBusy={isBusy} onPress={() => use(null)} />
      ) : element.type === 'overflow' ? (
        <Overflow element={element} onPick={use} />
      ) : (
        <ValueElement
          id={`${blockId}-${element.actionId}`}
          element={element}
          value={values[blockId]?.[element.actionId] ?? element.initial}
          onChange={use}
        />
      )}
      {asking && (
        <ConfirmDialog
          confirm={asking.confirm}
          onAnswer={(isYes) => {
            setAsking(undefined);
            if (isYes) void send(asking.value);
          }}
        />
      )}
    </>
  );
};

const ButtonElement = ({
  element,
  isBusy,
  onPress,
}: {
  readonly element: ElementJson;
  readonly isBusy: boolean;
  readonly onPress: () => void;
}) => {
  const className = `ws-button ws-button-${element.style}`;
  if (element.url !== undefined && /^https?:/i.test(element.url)) {
    return (
      <a
        className={className}
        href={element.url}
        target="_blank"
        rel="noopener noreferrer"
        aria-label={element.accessibleLabel}
        onClick={onPress}
      >
        {element.label}
        <Icon name="link" size={13} />
      </a>
    );
  }
  return (
    <button
      type="button"
      className={className}
      aria-disabled={isBusy}
      aria-busy={isBusy}
      aria-label={element.accessibleLabel}
      // A button that is disabled loses the focus.
      onClick={() => {
        if (!isBusy) onPress();
      }}
    >
      {element.label}
    </button>
  );
};

const Overflow = ({ element, onPick }: { readonly element: ElementJson; readonly onPick: (value: string) => void }) => (
  <details
    className="ws-overflow"
    onKeyDown={({ key, currentTarget }) => {
      if (key !== 'Escape' || !currentTarget.open) return;
      currentTarget.open = false;
      currentTarget.querySelector('summary')?.focus();
    }}
  >
    <summary aria-label="More actions">
      <Icon name="more" />
    </summary>
    <div className="ws-overflow-menu">
      {element.options.map((option) => (
        <button
          key={option.value}
          type="button"
          onClick={(event) => {
            const menu = event.currentTarget.closest('details');
            menu?.removeAttribute('open');
            menu?.querySelector('summary')?.focus();
            onPick(option.value);
          }}
        >
          {option.text.text}
        </button>
      ))}
    </div>
  </details>
);
