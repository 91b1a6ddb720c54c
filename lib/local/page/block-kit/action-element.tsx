import { useState } from 'react';
import { Icon } from '../frame/icons.tsx';
import type { ConfirmJson, ElementJson } from './block-json.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { useInteraction } from './interaction.ts';

type Props = { readonly blockId: string; readonly element: ElementJson };

/** A button: pressing it tells the app at once, after a question where it carries one. */
export const ActionElement = ({ blockId, element }: Props) => {
  const { act } = useInteraction();
  const [isBusy, setBusy] = useState(false);
  const [asking, setAsking] = useState<ConfirmJson | undefined>(undefined);

  const send = async (): Promise<void> => {
    setBusy(true);
    await act(blockId, element.actionId, null);
    setBusy(false);
  };
  const press = (): void => {
    if (element.confirm !== undefined) setAsking(element.confirm);
    else void send();
  };

  return (
    <>
      <ButtonElement element={element} isBusy={isBusy} onPress={press} />
      {asking && (
        <ConfirmDialog
          confirm={asking}
          onAnswer={(isYes) => {
            setAsking(undefined);
            if (isYes) void send();
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
