import { fold } from '../../../lib/core/ledger/fold.ts';
import { hostnames } from './action.ts';
import type { Played } from './play.ts';

const { signal } = new AbortController();
/** Longer than a batch may take to land. */
const holdMs = 16 * 60_000;

/** Takes back every applied change, the newest of a name first. Resolves to what could not be taken back. */
export const undoEverything = async ({ cloud, say }: Played): Promise<readonly string[]> => {
  const left: string[] = [];
  for (const hostname of hostnames) {
    const entries = await cloud.ports.ledger.read(hostname, signal);
    const applied = entries.flatMap(({ body }) => (body.kind === 'applied' ? [body.changeId] : []));
    for (const changeId of applied.toReversed()) {
      await cloud.clock.advance(holdMs);
      const before = fold(await cloud.ports.ledger.read(hostname, signal)).changes.size;
      await say('oncall', `undo ${changeId}`);
      const undoing = [...fold(await cloud.ports.ledger.read(hostname, signal)).changes.values()].slice(before).at(-1);
      if (undoing?.plan.release.kind === 'approval')
        await say('li', `approve ${undoing.changeId} --plan ${undoing.plan.digest}`);
      const undone = undoing && fold(await cloud.ports.ledger.read(hostname, signal)).changes.get(undoing.changeId);
      if (undone?.state !== 'applied')
        left.push(
          `${hostname} ${changeId}: ${undone?.state ?? cloud.said().findLast(({ visibleTo }) => visibleTo === 'U0ONCALL')?.text}`,
        );
    }
  }
  return left;
};
