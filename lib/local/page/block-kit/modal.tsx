import { useEffect, useRef, useState } from 'react';
import type { View } from '../../slack/store/workspace.ts';
import { Dialog } from '../frame/dialog.tsx';
import { Icon } from '../frame/icons.tsx';
import { ask } from '../workspace/api.ts';
import { Blocks } from './blocks.tsx';
import { InteractionContext } from './interaction.ts';
import { useInteractionState } from './use-interaction.ts';

/** A form that the app opened. */
export const Modal = ({ view, user }: { readonly view: View; readonly user: string }) => {
  const [problem, setProblem] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [refusals, setRefusals] = useState(0);
  const form = useRef<HTMLFormElement>(null);
  const { setErrors, ...interaction } = useInteractionState(user, { viewId: view.id }, view.blocks, setProblem);

  const submit = async (): Promise<void> => {
    setBusy(true);
    setProblem('');
    const outcome = await ask('submit', { user, viewId: view.id, values: interaction.values });
    setBusy(false);
    if (outcome.ok) return;
    setErrors(outcome.errors ?? {});
    setRefusals((before) => before + 1);
    setProblem(outcome.error ?? '');
  };
  // With every refusal, but not with every keystroke that mends one.
  useEffect(() => {
    if (refusals > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [refusals]);
  const close = (): void => void ask('close', { user, viewId: view.id });
  const title = view.title?.text ?? '';

  return (
    <Dialog label={title} className="ws-dialog ws-modal" onClose={close}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header>
          <h2 className="ws-dialog-title">{title}</h2>
          <button type="button" className="ws-icon-button" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div className="ws-dialog-body">
          {problem !== '' && (
            <p className="ws-problem" role="alert">
              {problem}
            </p>
          )}
          <InteractionContext value={interaction}>
            <Blocks blocks={view.blocks} />
          </InteractionContext>
        </div>
        <footer>
          <button type="button" className="ws-button" onClick={close}>
            {view.close?.text ?? 'Cancel'}
          </button>
          {view.submit && (
            <button type="submit" className="ws-button ws-button-primary" disabled={isBusy}>
              {view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
};
