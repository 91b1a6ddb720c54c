import { backoffMs } from '../backoff.ts';
import type { Deadline } from '../deadline.ts';
import { LedgerCorrupt, LedgerUnavailable } from '../ledger/ledger.ts';
import { QueueUnavailable } from '../queue/command-queue.ts';
import type { QueueMessage } from '../queue/message.ts';
import { plainRefusal } from '../slack/messages/refused-message.ts';
import { StateUnavailable } from '../state/state-store.ts';
import { add } from './add.ts';
import { announce } from './announce.ts';
import { carryOn } from './carry-on.ts';
import { check } from './check.ts';
import { history } from './history.ts';
import { home } from './home.ts';
import { list } from './list.ts';
import { done, type Outcome, type Ports, type Request } from './ports.ts';
import { show } from './show.ts';
import { status } from './status.ts';
import { whoami } from './whoami.ts';

const handled = 'handled-requests';
const rememberHandledSeconds = 3_600;

const dispatch = (ports: Ports, request: Request, deadline: Deadline): Promise<Outcome> => {
  const { command } = request;
  switch (command.verb) {
    case 'add':
      return add(ports, { ...request, command }, deadline);
    case 'show':
      return show(ports, { ...request, command }, deadline);
    case 'list':
      return list(ports, { ...request, command }, deadline);
    case 'check':
      return check(ports, { ...request, command }, deadline);
    case 'history':
      return history(ports, { ...request, command }, deadline);
    case 'status':
      return status(ports, { ...request, command }, deadline);
    case 'whoami':
      return whoami(ports, { ...request, command }, deadline);
    case 'home':
      return home(ports, { ...request, command }, deadline);
  }
};

/** A request that was answered once is not answered again, however often it is sent: the replay of a signed request does nothing. */
const once = async (ports: Ports, request: Request, deadline: Deadline): Promise<Outcome> => {
  const { requestId } = request;
  if ((await ports.state.get(handled, requestId, deadline.signal)) !== undefined) return done;
  const outcome = await dispatch(ports, request, deadline);
  if (outcome.kind === 'done') {
    const expiresAt = Math.floor(ports.clock.now() / 1000) + rememberHandledSeconds;
    await ports.state.put({ collection: handled, key: requestId, value: { verb: request.command.verb }, expiresAt }, false, deadline.signal);
  }
  return outcome;
};

const whatFailed = (error: unknown): string => {
  if (error instanceof LedgerUnavailable) return 'The ledger does not answer just now.';
  if (error instanceof LedgerCorrupt)
    return `The ledger holds an entry that cannot be read (${error.stream} ${error.sequenceKey}): a person has to look at it.`;
  if (error instanceof StateUnavailable) return 'The table that I keep notes in does not answer just now.';
  if (error instanceof QueueUnavailable) return 'The queue does not answer just now.';
  return 'Something went wrong on my side.';
};

/** Says once that a command is delayed, whether anything changed, and what happens next without anybody. */
const apologise = async (ports: Ports, message: Extract<QueueMessage, { kind: 'command' }>, error: unknown): Promise<void> => {
  const changes = message.command.verb === 'add' ? 'Whether anything was changed is in the ledger; nothing happens twice.' : 'Nothing was changed.';
  const lines = [`${whatFailed(error)} ${changes} I try again by myself.`, `Request ${message.requestId.slice(0, 12)}`];
  const options = { replaceOriginal: false, inChannel: false };
  await ports.messenger.reply(message.replyTo, plainRefusal(lines), options, AbortSignal.timeout(3_000));
};

/** Works one queue message. `deliveries` counts from 1; whatever fails for a while is left to a later delivery. */
export const runMessage = async (ports: Ports, message: QueueMessage, deliveries: number, deadline: Deadline): Promise<Outcome> => {
  try {
    switch (message.kind) {
      case 'command':
        return await once(ports, { ...message, deliveries }, deadline);
      case 'resume':
        return await carryOn(ports, message, deliveries, deadline);
      case 'announce':
        return await announce(ports, message, deliveries, deadline);
    }
  } catch (error) {
    ports.log.error('a queue message could not be worked', { kind: message.kind, deliveries, error });
    if (message.kind === 'command' && deliveries === 1) await apologise(ports, message, error);
    return { kind: 'retry', afterSeconds: Math.ceil(backoffMs(deliveries, 3_000, 300_000, ports.random) / 1000), why: whatFailed(error) };
  }
};
