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
  workersAtOnce,
  workOf,
} from '../../core/shares/fair-shares.ts';
import { plainRefusal } from '../../messages/refused-message.ts';
import { authorised } from '../authorise/authorised.ts';
import { answer } from '../notify/reply.ts';
import { done, type Outcome, type Ports, type Request } from '../ports/ports.ts';
import { membersOf } from '../ports/user-groups.ts';
import type { QueueMessage } from '../queue/message.ts';
import { countCommand, listRunning, personOf, saveRunning } from '../state/running-store.ts';

type Received = Extract<QueueMessage, { kind: 'command' }>;

/** A change that has to wait is looked at again soon: those before it may be quick. */
const againAfterSeconds = (deliveries: number): number => Math.min(10, 2 ** Math.min(deliveries, 4));

/** Verbs that everybody may use. */
const unrestricted: ReadonlySet<Command['verb']> = new Set(['home', 'whoami']);
/** Whose right depends on the change that they are about: whoever asked for it may withdraw it. */
const ofOwnChange: ReadonlySet<Command['verb']> = new Set(['approve', 'cancel']);

const hostnameIn = (command: Command): string | undefined => {
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

/** Whether the person may have this worked now. What can be worked holds its place from here on. */
const takeShare = async (
  ports: Ports,
  { requestId, actor, command }: Request,
  { signal }: Deadline,
): Promise<Share> => {
  const nowMs = ports.clock.now();
  const person = personOf(actor);
  const { commandsPerMinute } = personBudgets;
  if ((await countCommand(ports.state, person, nowMs, signal)) > commandsPerMinute) {
    const message = `You have sent ${commandsPerMinute} commands in this minute, as many as one person may. Nothing was done. Ask again in a minute.`;
    return { kind: 'refused', message };
  }
  const work = workOf(command);
  if (work === undefined) return { kind: 'free' };
  const running = { ...work, person };
  const share = shareOf(
    running,
    await listRunning(ports.state, requestId, signal),
    fairShares(ports.workers ?? workersAtOnce),
  );
  if (share.kind === 'free') await saveRunning(ports.state, requestId, running, nowMs, signal);
  return share;
};

/**
 * The first look at a command, in the group of the person who sent it: by rights and shares it is refused, put off, or sent on to where it is worked. It reads
 * nothing of ledger and zones, so that whoever may do nothing costs little.
 */
export const admit = async (
  ports: Ports,
  message: Received,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome | 'sent-on'> => {
  const { toAdmit: _received, ...admitted } = message;
  const request: Request<Verb> = { ...admitted, deliveries };
  let isSentOn = false;
  const sendOn = async (): Promise<Outcome> => {
    const share = await takeShare(ports, request, deadline);
    switch (share.kind) {
      case 'refused':
        return answer(ports, { ...request, replaceOriginal: false }, plainRefusal([share.message]), deadline);
      case 'later':
        return {
          kind: 'retry',
          afterSeconds: againAfterSeconds(deliveries),
          why: 'other work of this person or of all runs',
        };
      case 'free':
        await ports.queue.send(admitted, deadline.signal);
        isSentOn = true;
        return done;
    }
  };
  const { verb } = request.command;
  const isOpen =
    unrestricted.has(verb) || (ofOwnChange.has(verb) && (await mayAskForChanges(ports, request, deadline)));
  const outcome = await (isOpen ? sendOn() : authorised(ports, request, hostnameIn(request.command), deadline, sendOn));
  return isSentOn ? 'sent-on' : outcome;
};
