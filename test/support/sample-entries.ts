import { digestOf } from '../../lib/core/base/digest.ts';
import type { ChangeVerb, Plan } from '../../lib/core/dns/plan.ts';
import type { Actor, EntryBody } from '../../lib/core/ledger/entry.ts';
import { definitionSchema } from '../../lib/core/ledger/entry-schema.ts';

export const sampleActor: Actor = { teamId: 'T0001', userId: 'U0001', userName: 'maria', channelId: 'C0001' };

/** A plan to add a hostname with one address. */
export const samplePlan = (hostname: string, address = '10.0.4.12', verb: ChangeVerb = 'add'): Plan => {
  const definition = definitionSchema.parse({
    hostname,
    targets: { kind: 'addresses', addresses: [address] },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  });
  const plan = {
    verb,
    hostname: definition.hostname,
    zoneId: 'Z0123456789ABC',
    before: [],
    after: [{ name: hostname, type: 'A', ttlSeconds: 60, values: [address] }],
    definitionAfter: definition,
    release: { kind: 'at-once' } as const,
    generation: 1,
    policyVersion: '0123456789ab',
    expiresAt: '2026-03-02T14:17:00.000Z',
  };
  return { ...plan, digest: digestOf(plan) };
};

/** The entry by which a change begins; its request id is `request-` and the change id, unless given. */
export const sampleRequest = (
  hostname: string,
  changeId: string,
  requestId = `request-${changeId}`,
): Extract<EntryBody, { kind: 'requested' }> => ({
  kind: 'requested',
  changeId,
  requestId,
  verb: 'add',
  actor: sampleActor,
  text: `add ${hostname} 10.0.4.12`,
  plan: samplePlan(hostname),
  warnings: [],
});
