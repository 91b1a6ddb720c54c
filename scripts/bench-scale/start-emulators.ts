import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { LocalRecordSet } from '../../lib/local/route53/record-set.ts';
import type { OpenRequest } from './open-requests.ts';
import type { Emulators, Question, Said } from './protocol.ts';

export type Shown = Extract<Said, { kind: 'shown' }>;

/** The emulators, running in a process of their own. */
export type RunningEmulators = AsyncDisposable &
  Emulators & {
    putRecordSets(recordSets: readonly LocalRecordSet[]): Promise<void>;
    issueResponseUrl(channelId: string, userId: string): Promise<string>;
    /** The requests that have ended since this was asked last. */
    openRequests(): Promise<readonly OpenRequest[]>;
    /** Calls back for what Slack shows somebody from now on, until the function that it gives is called. */
    onShown(listener: (shown: Shown) => void): () => void;
  };

export const startEmulators = async (
  given: Omit<Extract<Question, { kind: 'start' }>, 'kind'>,
): Promise<RunningEmulators> => {
  const child = fork(new URL('emulators-process.ts', import.meta.url), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, PromiseWithResolvers<Said>>();
  const listeners = new Set<(shown: Shown) => void>();
  let lastId = 0;
  child.on('message', (said: Said) => {
    if (said.kind === 'shown') return void [...listeners].map((listener) => listener(said));
    waiting.get(said.id)?.resolve(said);
    waiting.delete(said.id);
  });
  const ended = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(new Error('the process of the emulators has ended'));
  });
  const ask = async <Kind extends Said['kind']>(
    question: Question,
    kind: Kind,
  ): Promise<Extract<Said, { kind: Kind }>> => {
    lastId += 1;
    const answer = Promise.withResolvers<Said>();
    waiting.set(lastId, answer);
    child.send({ id: lastId, question });
    const said = await answer.promise;
    const isOfKind = (one: Said): one is Extract<Said, { kind: Kind }> => one.kind === kind;
    if (!isOfKind(said)) throw new Error(`the emulators answered ${said.kind} to ${question.kind}`);
    return said;
  };
  const { emulators } = await ask({ kind: 'start', ...given }, 'started');
  return {
    ...emulators,
    putRecordSets: async (recordSets) => void (await ask({ kind: 'record-sets', recordSets }, 'done')),
    issueResponseUrl: async (channelId, userId) => (await ask({ kind: 'response-url', channelId, userId }, 'url')).url,
    openRequests: async () => (await ask({ kind: 'open-requests' }, 'open')).requests,
    onShown: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    [Symbol.asyncDispose]: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
};
