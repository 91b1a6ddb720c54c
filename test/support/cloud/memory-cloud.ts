import { createMemoryPorts } from '../memory-ports.ts';
import { bareRecordSets } from './bare-record-sets.ts';
import { approversChannel, auditChannel, type Cloud, cloudPolicy, commandChannel } from './cloud.ts';
import { createMemoryFifo } from './memory-fifo.ts';

/** A cloud on the in-memory ports, with a queue that keeps SQS's rules. */
export const createMemoryCloud = (): Cloud => {
  const { clock, ports, zones, messenger, queue, logged } = createMemoryPorts({
    policy: cloudPolicy,
    channels: [auditChannel, commandChannel, approversChannel],
    queue: createMemoryFifo,
  });
  const { ledger, state, log } = ports;
  let serial = 0;
  const said: Cloud['said'] = () => [
    ...messenger.replies.map(({ to, message, replaceOriginal }) => ({
      visibleTo: to.userId,
      answers: to.responseUrl,
      replacesOriginal: replaceOriginal,
      channelId: to.channelId,
      ...message,
      payload: {},
    })),
    ...messenger.posts.map(({ channelId, message, metadata }) => ({
      channelId,
      ...message,
      payload: metadata.event_payload,
    })),
  ];
  return {
    clock,
    ports,
    watchPorts: { clock, ledger, state, queue, log, deadLetters: queue.deadLetters },
    source: queue,
    zone: async () => bareRecordSets(zones),
    said,
    responseUrl: () => `https://hooks.slack.com/commands/${++serial}`,
    logged,
    [Symbol.asyncDispose]: async () => undefined,
  };
};
