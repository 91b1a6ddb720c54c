import type { CommandOf } from '../core/grammar/command.ts';
import { understand, understandLine } from '../core/grammar/grammar.ts';
import type { TypedVerb } from '../core/grammar/table.ts';
import { readButton } from '../messages/block-kit/button.ts';
import type { Message } from '../messages/message.ts';
import { acknowledgement, brokenMessage, tooLongButtonMessage, unknownButtonMessage } from './acknowledge.ts';
import { carryOut, type Outcome, openForm } from './carry-out.ts';
import { enqueue, enqueueMention } from './enqueue.ts';
import { type FrontPorts, frontDeadlines, type IncomingOf } from './front-ports.ts';
import type { Asker } from './request.ts';

/** Answers a slash command: the message for the body of the response, or undefined when a form has opened. */
export const answerCommand = async (
  ports: FrontPorts,
  incoming: IncomingOf<'command'>,
): Promise<Message | undefined> => {
  const { asker, text, triggerId } = incoming.request;
  const outcome = await carryOut(ports, incoming, {
    asker,
    understood: understand(text),
    triggerId,
    replaceOriginal: false,
  });
  switch (outcome.kind) {
    case 'queued':
      return acknowledgement(outcome.command);
    case 'said':
      return outcome.message;
    case 'form-opened':
      return undefined;
  }
};

/** Commands that dial out: without a word at once, a person would press again. */
const takesAWhile = ({ verb }: CommandOf<TypedVerb>): boolean => verb === 'add' || verb === 'check';

/** Says something where no response carries it. What cannot be said is logged: there is nobody else to tell. */
const tell = async (
  ports: FrontPorts,
  asker: Asker,
  message: Message,
  replaceOriginal: boolean,
  incoming: { readonly signal: AbortSignal },
): Promise<void> => {
  const signal = AbortSignal.any([incoming.signal, AbortSignal.timeout(frontDeadlines.replyMs)]);
  const result = await ports.messenger.reply(asker, message, { replaceOriginal, inChannel: false }, signal);
  if (!result.ok) ports.log.warn('An answer did not reach the person', { failure: result.failure });
};

/** Answers what carries no response of its own, and says so to the person when that breaks. */
const orApologise = async (
  ports: FrontPorts,
  incoming: IncomingOf<'button'> | IncomingOf<'shortcut'> | IncomingOf<'mention'>,
  answer: () => Promise<void>,
): Promise<void> => {
  try {
    await answer();
  } catch (error) {
    const { requestId, request } = incoming;
    ports.log.error('A press was not answered', { requestId, kind: request.kind, error });
    await tell(ports, request.asker, brokenMessage(requestId), false, incoming);
  }
};

/** Answers a button: what it says goes to the person by the message's response_url. */
export const answerButton = (ports: FrontPorts, incoming: IncomingOf<'button'>): Promise<void> =>
  orApologise(ports, incoming, () => press(ports, incoming));

const press = async (ports: FrontPorts, incoming: IncomingOf<'button'>): Promise<void> => {
  const { asker, actionId, value, triggerId, isButton } = incoming.request;
  if (!isButton) return;
  const pressed = readButton(actionId, value);
  const outcome = await (async (): Promise<Outcome | undefined> => {
    switch (pressed.kind) {
      case 'run':
        return carryOut(ports, incoming, {
          asker,
          understood: understandLine(pressed.text),
          triggerId,
          replaceOriginal: pressed.replaceOriginal,
        });
      case 'open-form':
        return openForm(ports, pressed.form, asker, triggerId, incoming.signal);
      case 'too-long':
        return { kind: 'said', message: tooLongButtonMessage() };
      case 'unknown':
        return { kind: 'said', message: unknownButtonMessage() };
      case 'link':
        return undefined;
    }
  })();
  const replaces = pressed.kind === 'run' && pressed.replaceOriginal;
  if (outcome?.kind === 'said') await tell(ports, asker, outcome.message, false, incoming);
  if (outcome?.kind === 'queued' && !replaces && takesAWhile(outcome.command)) {
    await tell(ports, asker, acknowledgement(outcome.command), false, incoming);
  }
};

/** Answers the global shortcut, which opens the form of `add`. */
export const answerShortcut = (ports: FrontPorts, incoming: IncomingOf<'shortcut'>): Promise<void> =>
  orApologise(ports, incoming, () => openByShortcut(ports, incoming));

const openByShortcut = async (ports: FrontPorts, incoming: IncomingOf<'shortcut'>): Promise<void> => {
  const { asker, triggerId } = incoming.request;
  const outcome = await openForm(ports, 'add', asker, triggerId, incoming.signal);
  if (outcome.kind === 'said') await tell(ports, asker, outcome.message, false, incoming);
};

/** Has a person's App Home brought up to date. */
export const answerHome = async (ports: FrontPorts, incoming: IncomingOf<'home'>): Promise<void> => {
  await enqueue(ports, incoming, incoming.request.asker, {
    command: { verb: 'home' },
    text: 'home',
    replaceOriginal: false,
  });
};

/** Hands what was said to the bot to the worker, which knows whose thread it was said in. */
export const answerMention = (ports: FrontPorts, incoming: IncomingOf<'mention'>): Promise<void> =>
  orApologise(ports, incoming, () => enqueueMention(ports, incoming));
