import { markerName } from '../../core/dns/marker.ts';
import type { Plan, PlanRequest } from '../../core/dns/plan.ts';
import type { RecordSet } from '../../core/dns/record-set.ts';
import type { ZoneResult } from '../../core/dns/zone-reading.ts';
import type { Finding } from '../../core/endpoint/finding.ts';
import { normaliseName } from '../../core/endpoint/hostname.ts';
import { zoneOf } from '../../core/endpoint/zone-of.ts';
import type { Message } from '../../messages/message.ts';
import type { Ports } from '../ports/ports.ts';

/** What every plan of a request has, whatever its verb proposes. */
export type PlanFrame = Pick<
  PlanRequest,
  'changeId' | 'generation' | 'release' | 'policyVersion' | 'planMinutes' | 'now'
>;

/** What a verb wants to do with a name, once it has looked at ledger and zone. It has changed nothing yet. */
export type Proposal =
  | { readonly kind: 'refused'; readonly findings: readonly Finding[]; readonly corrected?: string }
  /** Route 53 could not be read. */
  | { readonly kind: 'unreachable'; readonly why: string }
  /** There is nothing to change, and the message says so. */
  | { readonly kind: 'nothing'; readonly message: Message }
  | {
      readonly kind: 'plan';
      readonly plan: Plan;
      /** Of the input, and of what is at the name; what policy, rules and zone have against the plan is found for every verb in the same way. */
      readonly findings: readonly Finding[];
      /** The command to offer where only the records at the name refuse the plan. */
      readonly instead?: string;
      /** Runs once nothing is against the plan. */
      readonly look?: () => Promise<Beside>;
    };

/** What a look around adds to a plan. */
export type Beside = {
  /** Sentences that the requester is warned with besides. */
  readonly remarks: readonly string[];
  /** What is shown beside the plan. */
  readonly blocks: Message['blocks'];
  /** Postal can deliver now, and could not after the change. */
  readonly breaksDelivery: boolean;
};

/** A refusal on account of the hostname. */
export const refusal = (wrong: string, right: string, corrected?: string): Proposal => ({
  kind: 'refused',
  findings: [{ id: 'conflicting-record', severity: 'block', argument: 'hostname', wrong, right }],
  ...(corrected === undefined ? {} : { corrected }),
});

/** The record sets at a name of our zones and at its marker. */
export const readName = async (
  ports: Pick<Ports, 'zones' | 'policy'>,
  hostname: string,
  signal: AbortSignal,
): Promise<ZoneResult<{ readonly zoneId: string; readonly standing: readonly RecordSet[] }>> => {
  const zone = zoneOf(normaliseName(hostname), ports.policy.zones);
  if (zone === undefined)
    return {
      ok: false,
      failure: { kind: 'no-such-zone', message: `${hostname} is not in any zone of the policy.` },
    };
  const read = await ports.zones.readNames(zone.id, [hostname, markerName(hostname)], signal);
  return read.ok ? { ok: true, value: { zoneId: zone.id, standing: read.value } } : read;
};

/** The same for a verb that will plan a change: a zone that does not exist holds nothing, and the rules say that it does not exist. */
export const readBefore: typeof readName = async (ports, hostname, signal) => {
  const read = await readName(ports, hostname, signal);
  const zone = zoneOf(normaliseName(hostname), ports.policy.zones);
  return !read.ok && read.failure.kind === 'no-such-zone' && zone !== undefined
    ? { ok: true, value: { zoneId: zone.id, standing: [] } }
    : read;
};
