import type { Deadline } from '../../core/base/deadline.ts';
import { changeVerbs } from '../../core/dns/plan.ts';
import { parseHostname } from '../../core/endpoint/hostname.ts';
import type { Command, Verb } from '../../core/grammar/command.ts';
import { authorise } from '../../core/policy/authorise.ts';
import { rightsGroups } from '../../core/policy/rights.ts';
import {
  fairShares,
  personBudgets,
  type Share,
  shareOf,
  waitsFor,
  workersAtOnce,
  workOf,
} from '../../core/shares/fair-shares.ts';
import { isMuteOfMany } from '../../core/watch/mute/mute-scope.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { answer } from '../notify/reply.ts';
import { done, type Outcome, type Ports, type Request } from '../ports/ports.ts';
import { membersOf } from '../ports/user-groups.ts';
import type { QueueMessage } from '../queue/message.ts';
import { countCommand, listRunning, personOf, saveRunning } from '../state/running-store.ts';

type Received = Extract<QueueMessage, { kind: 'command' }>;

/** From this delivery on the person knows that a change waits: half a minute, by then. */
const toldAfter = 5;
/** So often a change that waits is looked at, over five minutes, before the queue gives it up. */
const looksAtMost = 18;

/** A change that has to wait is looked at again soon, since those before it may be quick, and later less often. */
const againAfterSeconds = (deliveries: number): number => Math.min(20, 2 ** Math.min(deliveries, 5));

/** Verbs that everybody may use. */
const unrestricted: ReadonlySet<Command['verb']> = new Set(['home', 'whoami']);
/** Whose right depends on the change that they are about: whoever asked for it may withdraw it. */
const ofOwnChange: ReadonlySet<Command['verb']> = new Set(['approve', 'cancel']);

const hostnameIn = (command: Command): string | undefined => {
  if ((command.verb === 'mute' || command.verb === 'unmute') && isMuteOfMany(command.hostname)) return undefined;
  const text =
    'definition' in command ? command.definition.hostname : 'hostname' in command ? command.hostname : undefined;
  const parsed = text === undefined ? undefined : parseHostname(text);
  return parsed !== undefined && 'hostname' in parsed ? parsed.hostname : undefined;
};

/** Whether there can be a change that the person asked for. */
const mayAskForChanges = async (ports: Ports, { actor }: Request, { signal }: Deadline): Promise<boolean> => {
  const groups = await membersOf(ports.userGroups, rightsGroups(ports.policy, actor), signal);
  return changeVerbs.some((verb) => authorise(ports.policy, actor, verb, undefined, groups).allowed);
};

/** A share, and of one that is not to be had yet, why. */
type Taken = Exclude<Share, { kind: 'later' }> | { readonly kind: 'later'; readonly why: string };

/** Whether the person may have this worked now. What can be worked holds its place from here on, and what waits its own among the person's changes. */
const takeShare = async (
  ports: Ports,
  { requestId, actor, command, isWaiting }: Request,
  { signal }: Deadline,
): Promise<Taken> => {
  const nowMs = ports.clock.now();
  const person = personOf(actor);
  const { commandsPerMinute } = personBudgets;
  if (isWaiting === undefined && (await countCommand(ports.state, person, nowMs, signal)) > commandsPerMinute) {
    const message = `You have sent ${commandsPerMinute} commands in this minute, as many as one person may. Nothing was done. Ask again in a minute.`;
    return { kind: 'refused', message };
  }
  const work = workOf(command);
  if (work === undefined) return { kind: 'free' };
  const running = { ...work, person };
  const shares = fairShares(ports.workers ?? workersAtOnce);
  const known = await listRunning(ports.state, requestId, signal);
  // Of what waits, the queue hands out the first: the person's others are behind it.
  const before = known.filter((each) => !(isWaiting === true && each.kind === 'waiting' && each.person === person));
  const share = shareOf(running, before, shares);
  switch (share.kind) {
    case 'refused':
      return share;
    case 'free':
      await saveRunning(ports.state, requestId, running, nowMs, signal);
      return share;
    case 'later':
      if (isWaiting === undefined)
        await saveRunning(ports.state, requestId, { ...running, kind: 'waiting' }, nowMs, signal);
      return { ...share, why: waitsFor(person, before, shares) };
  }
};

/** A change whose turn has not come: looked at again later, and at last refused, for whoever asked is not to wait for ever. */
const putOff = async (ports: Ports, request: Request, why: string, deadline: Deadline): Promise<Outcome> => {
  const { deliveries, text } = request;
  const say = (lines: readonly string[]): Promise<Outcome> =>
    answer(ports, { ...request, replaceOriginal: false }, plainRefusal(lines), deadline);
  if (deliveries >= looksAtMost)
    return say([
      `I gave this up after five minutes: ${why}. Nothing was changed.`,
      `Ask again: /postal-endpoint ${text}`,
    ]);
  if (deliveries === toldAfter)
    await say([`This waits: ${why}. It starts automatically when one has finished: ${text}`]);
  return {
    kind: 'retry',
    afterSeconds: againAfterSeconds(deliveries),
    why: 'other work of this person or of all runs',
  };
};

/**
 * The first look at a command, in the group of the person who sent it: by rights and shares it is refused, or sent on to where it is worked, or, a change, to
 * where it waits for that and holds up no other command. It reads nothing of ledger and zones, so that whoever may do nothing costs little.
 */
export const admit = async (
  ports: Ports,
  message: Received,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome | 'sent-on'> => {
  const { toAdmit: _received, isWaiting, ...admitted } = message;
  const request: Request<Verb> = { ...admitted, ...(isWaiting === undefined ? {} : { isWaiting }), deliveries };
  let isSentOn = false;
  const sendOn = async (): Promise<Outcome> => {
    const share = await takeShare(ports, request, deadline);
    switch (share.kind) {
      case 'refused':
        return answer(ports, { ...request, replaceOriginal: false }, plainRefusal([share.message]), deadline);
      case 'later':
        if (isWaiting === true) return putOff(ports, request, share.why, deadline);
        await ports.queue.send({ ...admitted, toAdmit: true, isWaiting: true }, deadline.signal);
        break;
      case 'free':
        await ports.queue.send(admitted, deadline.signal);
        break;
    }
    isSentOn = true;
    return done;
  };
  const { verb } = request.command;
  const isOpen =
    unrestricted.has(verb) || (ofOwnChange.has(verb) && (await mayAskForChanges(ports, request, deadline)));
  const outcome = await (isOpen ? sendOn() : authorised(ports, request, hostnameIn(request.command), deadline, sendOn));
  return isSentOn ? 'sent-on' : outcome;
};
