import { backoffMs } from '../../core/base/backoff.ts';
import type { Deadline } from '../../core/base/deadline.ts';
import { isFinished } from '../../core/ledger/fold.ts';
import { progressMessage } from '../../messages/change/change-message.ts';
import { type Answering, requesterOf } from '../notify/requester.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import { announcementKey, announcementStatus } from '../state/announcements.ts';
import { applyChange } from './apply-change.ts';
import { finishChange } from './finish-change.ts';

/** Takes a recorded change from wherever it is to its end, and tells people. Called anew after every interruption. */
export const carryOn = async (
  ports: Ports,
  {
    hostname,
    changeId,
    answering,
  }: { readonly hostname: string; readonly changeId: string; readonly answering?: Answering },
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const result = await applyChange(ports, hostname, changeId, deliveries, deadline);
  switch (result.kind) {
    case 'elsewhere':
      return done;
    case 'waiting': {
      const { change } = result;
      // A worker that died right after the change failed has told nobody yet.
      const isUntold =
        isFinished(change) &&
        change.partOf === undefined &&
        (answering !== undefined ||
          (await announcementStatus(ports.state, announcementKey(change), deadline.signal)) === undefined);
      return isUntold ? finishChange(ports, change, answering ?? requesterOf(change), deadline) : done;
    }
    case 'blind': {
      if (deliveries === 1) {
        const message = progressMessage(
          result.change,
          ['written to the ledger'],
          `${result.why} I will keep checking.`,
        );
        const { replyTo, replaceOriginal } = answering ?? requesterOf(result.change);
        await ports.messenger.reply(replyTo, message, { replaceOriginal, inChannel: false }, deadline.signal);
      }
      return {
        kind: 'retry',
        afterSeconds: Math.ceil(backoffMs(deliveries, 5_000, 120_000, ports.random) / 1000),
        why: result.why,
      };
    }
    case 'finished':
      // What happened to it the bulk tells; only what landed late is news.
      if (result.change.partOf !== undefined && result.change.landedLate !== true) return done;
      return finishChange(ports, result.change, answering ?? requesterOf(result.change), deadline);
  }
};
