import type { CommandOf } from '../core/grammar/command.ts';
import type { TypedVerb } from '../core/grammar/row.ts';
import type { Understood } from '../core/grammar/understood.ts';
import { helpMessage } from '../messages/help-message.ts';
import type { Message } from '../messages/message.ts';
import { formClosedMessage, mistakenMessage, queueDownMessage } from './acknowledge.ts';
import { addForm } from './add-form.ts';
import { enqueue } from './enqueue.ts';
import type { FrontPorts, Incoming, OpenView } from './front-ports.ts';
import type { Asker } from './request.ts';

/** What became of a command line. */
export type Outcome =
  | { readonly kind: 'queued'; readonly command: CommandOf<TypedVerb> }
  | { readonly kind: 'form-opened' }
  /** Answered here and now. */
  | { readonly kind: 'said'; readonly message: Message };

/** Opens the form of `add`, to be answered where it was asked for. */
export const openAddForm = async (
  ports: Pick<FrontPorts, 'newNonce'>,
  asker: Asker,
  triggerId: string,
  openView: OpenView,
): Promise<Outcome> => {
  const opened = await openView(
    triggerId,
    addForm(ports.newNonce(), asker.channelId === asker.userId ? null : asker.channelId),
  );
  return opened === 'opened' ? { kind: 'form-opened' } : { kind: 'said', message: formClosedMessage(opened) };
};

/** Queues what was understood of a command line, typed or behind a button; opens its form; or answers it. */
export const carryOut = async (
  ports: FrontPorts,
  incoming: Omit<Incoming, 'request'>,
  line: {
    readonly asker: Asker;
    readonly understood: Understood;
    readonly triggerId: string;
    readonly replaceOriginal: boolean;
  },
  openView: OpenView,
): Promise<Outcome> => {
  const { understood } = line;
  switch (understood.kind) {
    case 'help':
      return { kind: 'said', message: helpMessage(understood.verb) };
    case 'mistaken':
      return { kind: 'said', message: mistakenMessage(understood.problems, understood.suggestion) };
    case 'form':
      return openAddForm(ports, line.asker, line.triggerId, openView);
    case 'command': {
      const { command, text } = understood;
      const enqueued = await enqueue(ports, incoming, line.asker, {
        command,
        text,
        replaceOriginal: line.replaceOriginal,
      });
      if (enqueued !== 'queued')
        return { kind: 'said', message: queueDownMessage(enqueued === 'silent', incoming.requestId) };
      return { kind: 'queued', command };
    }
  }
};
