import type { Entry } from '../../core/ledger/entry.ts';
import type { ChangeState } from '../../core/ledger/fold.ts';
import { messageBudget } from '../../core/limits/limits.ts';
import { jsonOctets } from '../../core/limits/octets.ts';
import type { ProbeResult } from '../../core/probe-report/report.ts';
import { charactersOf, cutText, fitBlocks } from '../../messages/block-kit/fit.ts';
import { burstMessage, type ChangeView, changeLine, changeMessage } from '../../messages/change/change-message.ts';
import type { Message } from '../../messages/message.ts';
import type { Ports } from '../ports/ports.ts';
import { lastProbe } from '../state/directory.ts';

/** Hashes of the entries in text and in metadata: whoever holds the channel can hold the ledger against it. */
const witness = (changes: readonly ChangeState[], previous: Entry | undefined) => {
  const previousHash = previous?.hash ?? 'none';
  return {
    payload: {
      previous_audit_hash: previousHash,
      changes: changes.map(({ changeId, plan, hashes }) => ({
        change_id: changeId,
        hostname: plan.hostname,
        hashes: hashes.join(' '),
      })),
    },
    line: `entries ${changes.flatMap(({ hashes }) => hashes).join(' ')} · previous audit entry ${previousHash}`,
  };
};

/** What was met after the change; an older probe, or one of a name that is gone, says nothing of it. */
const probeOf = async (ports: Ports, change: ChangeState, signal: AbortSignal): Promise<ProbeResult | undefined> => {
  if (change.plan.definitionAfter === undefined) return undefined;
  const probed = await lastProbe(ports.state, change.plan.hostname, signal);
  return probed !== undefined && probed.at >= change.requestedAt ? probed.result : undefined;
};

/** What happened to one change. */
export const viewOf = async (ports: Ports, change: ChangeState, signal: AbortSignal): Promise<ChangeView> => ({
  change,
  probe: await probeOf(ports, change, signal),
  profile: ports.profile,
  nowMs: ports.clock.now(),
});

type Composed = {
  readonly changes: readonly ChangeState[];
  readonly message: Message;
  readonly payload: ReturnType<typeof witness>['payload'];
};

/** A message with its line of hashes, which is never cut: the text before it is. */
export const withLine = ({ text, blocks }: Message, line: string): Message => ({
  text: `${cutText(text, messageBudget.textCharacters - line.length - 1)}\n${line}`,
  blocks: fitBlocks(blocks, messageBudget),
});

const fits = ({ message, payload }: Composed): boolean =>
  message.text.length <= messageBudget.textCharacters &&
  message.blocks.length <= messageBudget.blocks &&
  charactersOf(message.blocks) <= messageBudget.characters &&
  jsonOctets(payload) <= messageBudget.metadataOctets;

const composeBurst = (views: readonly ChangeView[], head: Entry | undefined): Composed => {
  const changes = views.map(({ change }) => change);
  const { payload, line } = witness(changes, head);
  const { text, blocks } = burstMessage(views);
  return { changes, payload, message: { text: `${text}\n${line}`, blocks } };
};

/**
 * What one message announces: of many changes as many, from the first on, as it can hold; of one all that is known of it, or, with `isShort`, one sentence
 * that Slack takes whatever the change holds.
 */
export const composeAnnouncement = async (
  ports: Ports,
  changes: readonly [ChangeState, ...ChangeState[]],
  { inSync, isShort }: { readonly inSync: boolean; readonly isShort: boolean },
  head: Entry | undefined,
  signal: AbortSignal,
): Promise<Composed> => {
  const views = await Promise.all(changes.map((each) => viewOf(ports, each, signal)));
  for (let count = views.length; count > 1; count -= 1) {
    const burst = composeBurst(views.slice(0, count), head);
    if (fits(burst)) return burst;
  }
  const [change] = changes;
  const { payload, line } = witness([change], head);
  const message = isShort
    ? { text: changeLine(change, null).text, blocks: [] }
    : changeMessage(await viewOf(ports, change, signal), inSync);
  return { changes: [change], payload, message: withLine(message, line) };
};
