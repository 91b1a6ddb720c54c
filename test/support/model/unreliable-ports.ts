import { type Ledger, LedgerUnavailable } from '../../../lib/app/ports/ledger.ts';
import type { Messenger } from '../../../lib/app/ports/messenger.ts';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { SubmitResult, ZoneStore } from '../../../lib/app/ports/zone-store.ts';
import type { RecordChange } from '../../../lib/core/dns/record-set.ts';
import { partsOfBatch } from './parts-of-batch.ts';

/** How the next call of a service goes wrong. */
export const submitFaults = [
  'lost-answer',
  'lost-request',
  'lands-late',
  'throttled',
  'prior-request',
  'denied',
] as const;
export const ledgerFaults = ['lost-answer', 'lost-request'] as const;
export const slackFaults = ['lost-answer', 'lost-request', 'rate-limited'] as const;
export type SubmitFault = (typeof submitFaults)[number];
export type LedgerFault = (typeof ledgerFaults)[number];
export type SlackFault = (typeof slackFaults)[number];

/** AWS refuses a request that was signed longer ago. */
const signatureMs = 5 * 60_000;

/** A batch of the bot that Route 53 took. */
export type Commit = { readonly changeId: string; readonly changes: readonly RecordChange[] };

/** Ports that fail on demand, and what Route 53 truly took of what was sent through them. */
export interface Unreliable {
  readonly ports: Ports;
  readonly submits: SubmitFault[];
  readonly appends: LedgerFault[];
  readonly posts: SlackFault[];
  /** Commits what was held back and is not too old; resolves to how many landed. */
  landLate(): Promise<void>;
  /** No more faults; what is held back stays held. */
  heal(): void;
}

const unreachable = { kind: 'failed', failure: { kind: 'unreachable', message: 'socket hang up' } } as const;
const busy = (code: string): SubmitResult => ({
  kind: 'failed',
  failure: { kind: 'busy', code, message: 'Rate exceeded' },
});

/** Wraps ports. `onCommit` hears of every batch at the moment at which Route 53 takes it. */
export const unreliable = (ports: Ports, onCommit: (commit: Commit) => void): Unreliable => {
  const submits: SubmitFault[] = [];
  const appends: LedgerFault[] = [];
  const posts: SlackFault[] = [];
  let held: { readonly signedAtMs: number; readonly commit: () => Promise<unknown> }[] = [];

  const take: ZoneStore['submit'] = async (zoneId, changes, comment, signal) => {
    const result = await ports.zones.submit(zoneId, changes, comment, signal);
    if (result.kind === 'accepted')
      for (const part of await partsOfBatch(ports.ledger, comment, changes)) onCommit(part);
    return result;
  };

  const submit: ZoneStore['submit'] = async (...call) => {
    const fault = submits.shift();
    switch (fault) {
      case undefined:
        return take(...call);
      case 'lost-answer':
        await take(...call);
        return unreachable;
      case 'lost-request':
        return unreachable;
      case 'lands-late':
        held = [...held, { signedAtMs: ports.clock.now(), commit: () => take(...call) }];
        return unreachable;
      case 'throttled':
        return busy('Throttling');
      case 'prior-request':
        return busy('PriorRequestNotComplete');
      case 'denied':
        return { kind: 'failed', failure: { kind: 'denied', message: 'not authorized' } };
    }
  };

  const append: Ledger['append'] = async (...call) => {
    const fault = appends.shift();
    if (fault === undefined) return ports.ledger.append(...call);
    if (fault === 'lost-answer') await ports.ledger.append(...call);
    throw new LedgerUnavailable(fault);
  };

  const post: Messenger['post'] = async (...call) => {
    const fault = posts.shift();
    if (fault === undefined) return ports.messenger.post(...call);
    if (fault === 'rate-limited') return { ok: false, failure: { kind: 'rate-limited', retryAfterSeconds: 7 } };
    if (fault === 'lost-answer') await ports.messenger.post(...call);
    return { ok: false, failure: { kind: 'unreachable', message: fault } };
  };

  return {
    ports: {
      ...ports,
      zones: { ...ports.zones, submit },
      ledger: { ...ports.ledger, append },
      messenger: { ...ports.messenger, post },
    },
    submits,
    appends,
    posts,
    landLate: async () => {
      const ripe = held;
      held = [];
      for (const { signedAtMs, commit } of ripe) if (ports.clock.now() - signedAtMs <= signatureMs) await commit();
    },
    heal: () => {
      submits.length = 0;
      appends.length = 0;
      posts.length = 0;
    },
  };
};
