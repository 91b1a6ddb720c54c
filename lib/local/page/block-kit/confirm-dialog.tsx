import { Dialog } from '../frame/dialog.tsx';
import { Text } from '../text/text.tsx';
import type { ConfirmJson } from './block-json.ts';

/** Asks before a button does what it says. */
export const ConfirmDialog = ({
  confirm,
  onAnswer,
}: {
  readonly confirm: ConfirmJson;
  readonly onAnswer: (isYes: boolean) => void;
}) => (
  <Dialog label={confirm.title} className="ws-dialog ws-confirm" onClose={() => onAnswer(false)}>
    <h2 className="ws-dialog-title">{confirm.title}</h2>
    <div className="ws-dialog-body">
      <Text text={confirm.text} />
    </div>
    <footer>
      <button type="button" className="ws-button" onClick={() => onAnswer(false)}>
        {confirm.deny}
      </button>
      <button
        type="button"
        className={`ws-button ws-button-${confirm.isDanger ? 'danger-solid' : 'primary'}`}
        onClick={() => onAnswer(true)}
      >
        {confirm.confirm}
      </button>
    </footer>
  </Dialog>
);
