import type { Deadline } from '../../core/base/deadline.ts';
import type { Command } from '../../core/grammar/command.ts';
import { type ThreadSubject, understandMention } from '../../core/grammar/mention.ts';
import { type Incident, standingMembers } from '../../core/watch/incident/incident.ts';
import { helpMessage } from '../../messages/help-message.ts';
import { mentionMistake, notByMention } from '../../messages/mention-message.ts';
import type { Message } from '../../messages/message.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import type { WorkMessage } from '../queue/message.ts';
import { listIncidents, listNotifications } from '../state/incident-store.ts';
import { afterReply, retrySlack } from './retry-slack.ts';

type MentionMessage = Extract<WorkMessage, { kind: 'mention' }>;

const subjectOf = (incident: Incident): ThreadSubject => {
  const hostnames = standingMembers(incident).map(({ hostname }) => hostname);
  const { cause, id } = incident;
  const scope = cause.kind === 'target' ? cause.target : hostnames.length === 1 ? hostnames[0] : undefined;
  return { incidentId: id, hostnames, scope };
};

/** The incident in whose thread something was said. Its notification's id is its own, or that of an owner's channel with the channel behind it. */
const incidentOfThread = async (
  { state }: Ports,
  { channelId, threadTs }: MentionMessage,
  signal: AbortSignal,
): Promise<Incident | undefined> => {
  if (threadTs === undefined) return undefined;
  const [notifications, incidents] = await Promise.all([
    listNotifications(state, signal),
    listIncidents(state, signal),
  ]);
  const told = [...notifications.values()].find((each) => each.channelId === channelId && each.ts === threadTs);
  return told && incidents.find(({ id }) => told.id === id || told.id === `${id}#${channelId}`);
};

/**
 * Answers somebody who mentioned the bot: what was understood goes the way of every command, and its answer into the thread, for all to see. What was said
 * in the thread of an incident is about that incident.
 */
export const answerMention = async (ports: Ports, message: MentionMessage, deadline: Deadline): Promise<Outcome> => {
  const { requestId, receivedAt, actor, channelId, ts, threadTs = ts, text } = message;
  const replyTo = { channelId, userId: actor.userId, threadTs };
  const incident = await incidentOfThread(ports, message, deadline.signal);
  const heard = understandMention(text, incident && subjectOf(incident));
  const say = async (what: Message): Promise<Outcome> =>
    afterReply(
      await retrySlack(ports, deadline, true, () =>
        ports.messenger.reply(replyTo, what, { replaceOriginal: false, inChannel: true }, deadline.signal),
      ),
    );
  const carryOut = async (command: Command, line: string): Promise<Outcome> => {
    const given = { requestId, receivedAt, actor, replyTo, text: line, command, replaceOriginal: false } as const;
    await ports.queue.send({ kind: 'command', ...given, toAdmit: true }, deadline.signal);
    return done;
  };
  switch (heard.kind) {
    case 'not-here':
      return say(notByMention(heard.verb));
    case 'check-these': {
      const among = [...heard.hostnames];
      return carryOut({ verb: 'check', hostname: 'all', among, deliver: false, share: false }, 'check all');
    }
    case 'understood': {
      const { understood } = heard;
      if (understood.kind === 'command') return carryOut(understood.command, understood.text);
      return say(
        understood.kind === 'help'
          ? helpMessage(understood.verb, (example) => example)
          : mentionMistake(understood.problems),
      );
    }
  }
};
