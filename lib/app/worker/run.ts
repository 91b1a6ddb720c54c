import { backoffMs } from '../../core/base/backoff.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { type Command, changedHostname, type Verb } from '../../core/grammar/command.ts';
import { workOf } from '../../core/shares/fair-shares.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { unclearShortNameMessage } from '../../messages/short-name-message.ts';
import { readShortName } from '../look-up/short-name.ts';
import { fittingMessenger } from '../notify/fitting-messenger.ts';
import { notifyIncident } from '../notify/notify-incident.ts';
import { answer } from '../notify/reply.ts';
import { QueueUnavailable } from '../ports/command-queue.ts';
import { LedgerCorrupt, LedgerUnavailable } from '../ports/ledger.ts';
import { done, type Outcome, type Ports, type Request } from '../ports/ports.ts';
import { StateUnavailable } from '../ports/state-store.ts';
import type { QueueMessage } from '../queue/message.ts';
import { saveAnswer } from '../state/heartbeat-store.ts';
import { keep } from '../state/keep-probe.ts';
import { forgetQueued } from '../state/queue-once.ts';
import { removeRunning } from '../state/running-store.ts';
import { admit } from './admit.ts';
import { carryOnMessage } from './carry-on-message.ts';
import { abandonDeadLetter } from './dead-letter.ts';
import { loadUseCase } from './use-cases.ts';

const handled = 'handled-requests';
const rememberHandledSeconds = 3_600;
/** Less than what an invocation has left when its deadline is over. */
const apologyMs = 1_500;

const dispatch = async <V extends Verb>(
  verb: V,
  ports: Ports,
  request: Request<V>,
  deadline: Deadline,
): Promise<Outcome> => (await loadUseCase(verb))(ports, request, deadline);

/** Admits or carries out a command, whose hostname may be short for a registered one. */
const worked = async (ports: Ports, received: Request, deadline: Deadline): Promise<Outcome | 'sent-on'> => {
  const name = await readShortName(ports, received, deadline.signal);
  if (name.kind === 'several' || name.kind === 'none') {
    const hostnames = name.kind === 'none' ? [] : name.hostnames;
    return answer(ports, received, unclearShortNameMessage(received.text, name.short, hostnames), deadline);
  }
  const request = name.kind === 'one' ? name.request : received;
  if (request.toAdmit !== true) return dispatch(request.command.verb, ports, request, deadline);
  const { deliveries, ...message } = request;
  return admit(ports, message, deliveries, deadline);
};

/** A request that was answered once is not answered again, however often it is sent: the replay of a signed request does nothing. */
const once = async (
  ports: Ports,
  message: Extract<QueueMessage, { kind: 'command' }>,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { requestId, command } = message;
  if ((await ports.state.get(handled, requestId, deadline.signal)) !== undefined) return done;
  const outcome = await worked(ports, { ...message, deliveries }, deadline);
  if (outcome === 'sent-on') return done;
  if (outcome.kind === 'done') {
    const expiresAt = Math.floor(ports.clock.now() / 1000) + rememberHandledSeconds;
    const item = { collection: handled, key: requestId, value: { verb: command.verb }, expiresAt };
    // The person has been answered: to do it all again in order to remember it would answer twice.
    await keep(ports, 'an answered request', { requestId }, () => ports.state.put(item, false, deadline.signal));
    if (workOf(command) !== undefined)
      await keep(ports, 'that work has ended', { requestId }, () =>
        removeRunning(ports.state, requestId, deadline.signal),
      );
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

const deciding: ReadonlySet<Command['verb']> = new Set(['undo', 'approve', 'reject', 'cancel']);
const mayChange = (command: Command): boolean =>
  deciding.has(command.verb) || (command.verb !== 'home' && changedHostname(command) !== undefined);

/** Says once that a command is delayed, whether anything changed, and what happens next without anybody. */
const apologise = async (
  ports: Ports,
  message: Extract<QueueMessage, { kind: 'command' }>,
  error: unknown,
): Promise<void> => {
  const changes = mayChange(message.command)
    ? 'It is not known yet whether anything was changed; a retry cannot apply it twice.'
    : 'Nothing was changed.';
  const lines = [
    `${whatFailed(error)} ${changes} I will retry automatically.`,
    `Request ${message.requestId.slice(0, 12)}`,
  ];
  const options = { replaceOriginal: false, inChannel: false };
  await ports.messenger
    .reply(message.replyTo, plainRefusal(lines), options, AbortSignal.timeout(apologyMs))
    .catch((reason: unknown) =>
      ports.log.warn('the requester could not be notified of the delay', {
        requestId: message.requestId,
        error: reason,
      }),
    );
};

const workOn = async (
  ports: Ports,
  message: QueueMessage,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  switch (message.kind) {
    case 'command':
      return once(ports, message, deliveries, deadline);
    case 'resume':
    case 'announce':
      return carryOnMessage(ports, message, deliveries, deadline);
    case 'entered':
      return (await import('../postal/say-entered.ts')).sayEntered(ports, message, deliveries, deadline);
    case 'given-up':
      return abandonDeadLetter(ports, message.message, deadline);
    case 'incident':
      return notifyIncident(ports, message, deliveries, deadline);
    case 'mention':
      return (await import('../notify/answer-mention.ts')).answerMention(ports, message, deadline);
    case 'heartbeat':
      await saveAnswer(ports.state, message.sentAtMs, deadline.signal);
      return done;
    case 'verify':
      return (await import('../history/verify-nightly.ts')).verifyNightly(ports, message, deliveries, deadline);
  }
};

/** Works one queue message. `deliveries` counts from 1; whatever fails for a while is left to a later delivery. */
export const runMessage = async (
  given: Ports,
  message: QueueMessage,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const ports: Ports = { ...given, messenger: fittingMessenger(given.messenger) };
  try {
    const outcome = await workOn(ports, message, deliveries, deadline);
    const worked = message.kind === 'given-up' ? message.message : message;
    if (
      outcome.kind === 'done' &&
      (worked.kind === 'resume' || worked.kind === 'announce' || worked.kind === 'entered')
    )
      await forgetQueued(ports, worked, deadline.signal);
    return outcome;
  } catch (error) {
    ports.log.error('a queue message could not be worked', { kind: message.kind, deliveries, error });
    if (message.kind === 'command' && deliveries === 1) await apologise(ports, message, error);
    return {
      kind: 'retry',
      afterSeconds: Math.ceil(backoffMs(deliveries, 3_000, 300_000, ports.random) / 1000),
      why: whatFailed(error),
    };
  }
};
