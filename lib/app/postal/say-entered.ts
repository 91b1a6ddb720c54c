import type { Deadline } from '../../core/base/deadline.ts';
import { enteredMessage } from '../../messages/postal/in-postal-text.ts';
import { postOnce, retryPost } from '../notify/post-once.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import type { ChangeKey } from '../state/announcements.ts';
import { findAwaited, saveAwaited } from '../state/postal/entry-awaited.ts';
import { readInPostal } from './read-postal.ts';

const eventType = 'postal_endpoint_entered';

/** Says once, in the thread of the change's announcement, that Postal has the name now. The announcement itself is never edited. */
export const sayEntered = async (
  ports: Ports,
  { hostname, changeId }: ChangeKey,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { state, clock } = ports;
  const { signal } = deadline;
  const awaited = await findAwaited(state, changeId, signal);
  if (awaited === undefined || awaited.isSaid) return done;
  const view = await readInPostal(ports, hostname, signal);
  // Taken out again meanwhile: watch looks again.
  if (view === undefined || view.audit.endpoints.length === 0) return done;
  const senders = view.heads.map(({ sender }) => sender);
  const { channelId, ts, since } = awaited;
  const posted = await postOnce(
    ports,
    {
      channelId,
      threadTs: ts,
      id: { key: 'entered_change_id', value: changeId },
      earlier: since === undefined ? undefined : { channelId, since },
      compose: async () => ({ message: enteredMessage(hostname, view.audit, senders, clock.now()), eventType }),
      begin: (began) => saveAwaited(state, changeId, { ...awaited, since: began }, clock.now(), signal),
    },
    deadline,
  );
  if (!posted.ok && posted.failure.kind !== 'refused') return retryPost('entered', posted.failure, deliveries, ports);
  if (!posted.ok) ports.log.warn('a thread could not be told what Postal has', { changeId, failure: posted.failure });
  await saveAwaited(state, changeId, { ...awaited, isSaid: true }, clock.now(), signal);
  return done;
};
