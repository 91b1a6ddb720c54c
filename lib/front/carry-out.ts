import type { CommandOf } from '../core/grammar/command.ts';
import type { FormName } from '../core/grammar/row.ts';
import type { TypedVerb } from '../core/grammar/table.ts';
import type { Understood } from '../core/grammar/understood.ts';
import { helpMessage } from '../messages/help-message.ts';
import type { Message } from '../messages/message.ts';
import { formClosedMessage, mistakenMessage, queueDownMessage } from './acknowledge.ts';
import { addForm, exampleOfName } from './add-form.ts';
import { enqueue } from './enqueue.ts';
import { type FrontPorts, frontDeadlines, type Incoming } from './front-ports.ts';
import { importForm } from './import-form.ts';
import type { Asker } from './request.ts';

/** What happened to a command line. */
export type Outcome =
  | { readonly kind: 'queued'; readonly command: CommandOf<TypedVerb> }
  | { readonly kind: 'form-opened' }
  /** Answered here and now. */
  | { readonly kind: 'said'; readonly message: Message };

/** Opens a form, to be answered where it was asked for. */
export const openForm = async (
  ports: Pick<FrontPorts, 'loadExamples' | 'newNonce' | 'openView' | 'log'>,
  name: FormName,
  asker: Asker,
  triggerId: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const nonce = ports.newNonce();
  const channelId = asker.channelId === asker.userId ? null : asker.channelId;
  const form =
    name === 'import'
      ? importForm(nonce, channelId)
      : addForm(nonce, channelId, {}, (await examplesOf(ports))(exampleOfName));
  const within = AbortSignal.any([signal, AbortSignal.timeout(frontDeadlines.openViewMs)]);
  const opening = await ports.openView(triggerId, form, within);
  if (opening.kind === 'opened') return { kind: 'form-opened' };
  ports.log.warn('views.open failed', opening);
  return { kind: 'said', message: formClosedMessage(opening.kind, name) };
};

/** Help and form do without the deployment's own examples where its policy cannot be read. */
const examplesOf = (ports: Pick<FrontPorts, 'loadExamples' | 'log'>): Promise<(text: string) => string> =>
  ports.loadExamples().catch((error: unknown) => {
    ports.log.warn('the policy could not be loaded for its examples', { error });
    return (text) => text;
  });

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
): Promise<Outcome> => {
  const { understood } = line;
  switch (understood.kind) {
    case 'help':
      return { kind: 'said', message: helpMessage(understood.verb, await examplesOf(ports)) };
    case 'mistaken':
      return { kind: 'said', message: mistakenMessage(understood.problems, understood.suggestion) };
    case 'form':
      return openForm(ports, understood.form, line.asker, line.triggerId, incoming.signal);
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
