import { describe, expect, it } from 'vitest';
import { askToNotify, notifyOpenIncidents } from '../../../lib/app/notify/notify-open-incidents.ts';
import type { StateStore } from '../../../lib/app/ports/state-store.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { listIncidents, saveIncident } from '../../../lib/app/state/incident-store.ts';
import { listDelivered, saveDelivered } from '../../../lib/app/state/postal/delivery-store.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Incident, IncidentNotification } from '../../../lib/core/watch/incident/incident.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { createManualClock } from '../../support/manual-clock.ts';
import { createMemoryStateStore } from '../../support/memory-state-store.ts';
import { sampleIncident } from '../../support/sample-incident.ts';

const host = 'gitlab.mail.corp.internal';
const clock = createManualClock();
const nowMs = clock.now();
const { signal } = new AbortController();
const incident = sampleIncident({ hostname: host, openedAtMs: nowMs - 600_000 });
const told: IncidentNotification = { id: incident.id, channelId: 'C0ONCALL', ts: '1.0', revision: 1, updates: 0 };
const mute = { hostname: host, fromMs: nowMs - 1000, untilMs: nowMs + 3_600_000, by: 'U0MARIA' };

/** Nothing is done at once: whoever does not wait for it is done before. */
const later = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await null;
};

/** What the worker is asked for. */
const asked = async (given: {
  readonly incident?: Partial<Incident>;
  readonly told?: Partial<IncidentNotification>;
  readonly mutes?: (typeof mute)[];
  readonly state?: StateStore;
  readonly rules?: object;
  readonly delivered?: Parameters<typeof notifyOpenIncidents>[2]['delivered'];
}) => {
  const sent: QueueMessage[] = [];
  const { state = createMemoryStateStore(clock) } = given;
  const ports = {
    queue: {
      send: (message: QueueMessage) => later().then(() => void sent.push(message)),
      retryIn: async () => undefined,
    },
    state,
    policy: examplePolicy({ watch: watchRulesSchema.parse({ channel: 'C0ONCALL', ...given.rules }) }),
    clock,
  };
  await notifyOpenIncidents(
    ports,
    [{ ...incident, ...given.incident }],
    {
      notifications: new Map([[incident.id, { ...told, ...given.told }]]),
      acknowledgements: new Map(),
      mutes: given.mutes ?? [],
      delivered: given.delivered ?? (() => []),
    },
    signal,
  );
  return sent;
};

describe('notifyOpenIncidents, of mutes', () => {
  it('asks for nothing where the head says how it stands', async () => {
    expect(await asked({})).toEqual([]);
    expect(await asked({ told: { mutedUntilMs: mute.untilMs }, mutes: [mute] })).toEqual([]);
  });

  it('asks when a mute has begun, was prolonged, or is over, each time anew', async () => {
    const begun = await asked({ mutes: [mute] });
    const prolonged = await asked({
      told: { mutedUntilMs: mute.untilMs },
      mutes: [{ ...mute, untilMs: mute.untilMs + 60_000 }],
    });
    const over = await asked({ told: { mutedUntilMs: nowMs } });
    expect([begun, prolonged, over].flat().map(({ kind }) => kind)).toEqual(['incident', 'incident', 'incident']);
    expect(new Set([begun, prolonged, over].map((messages) => JSON.stringify(messages))).size).toBe(3);
  });

  it('asks for nothing once the incident is over, or where the mute is of another name', async () => {
    expect(await asked({ incident: { closedAtMs: nowMs }, mutes: [mute] })).toEqual([]);
    expect(await asked({ mutes: [{ ...mute, hostname: 'mx.corp.internal' }] })).toEqual([]);
  });
});

describe('notifyOpenIncidents', () => {
  const updates = [{ atMs: nowMs - 60_000, step: 'note' as const, text: 'Postal gets in again.' }];
  const dayMs = 86_400_000;

  it('asks again where the head was edited, and the thread was not reached', async () => {
    expect(await asked({ incident: { updates }, told: { updates: 0 } })).toHaveLength(1);
    expect(await asked({ incident: { updates }, told: { updates: 1 } })).toEqual([]);
  });

  it('files what is over for good and told', async () => {
    const store = createMemoryStateStore(clock);
    const over = { ...incident, closedAtMs: nowMs - 30 * dayMs };
    await saveIncident(store, over, signal);
    const remove: typeof store.remove = (...call) => later().then(() => store.remove(...call));
    expect(await asked({ incident: over, state: { ...store, remove } })).toEqual([]);
    expect(await listIncidents(store, signal)).toEqual([]);
  });

  it('no longer asks, three days after it was over, for what Slack has not taken by then', async () => {
    expect(await asked({ incident: { revision: 2, closedAtMs: nowMs - 2 * dayMs } })).toHaveLength(1);
    expect(await asked({ incident: { revision: 2, closedAtMs: nowMs - 3 * dayMs - 1 } })).toEqual([]);
  });

  const rules = { destinations: [{ kind: 'webhook', name: 'pager', url: 'https://hooks.example.com/' }] };
  const owned = { ...incident, members: incident.members.map((member) => ({ ...member, owner: 'C0OWNER1' })) };
  const placesOf = (messages: readonly QueueMessage[]) =>
    messages.map((each) => (each.kind === 'incident' ? (each.destination ?? 'on-call') : each.kind));

  it('asks for the on-call channel, for that of an owner, and for each destination', async () => {
    const asks = await asked({ incident: { ...owned, revision: 2 }, rules });
    expect(placesOf(asks)).toEqual(['on-call', 'channel:C0OWNER1', 'to:pager']);
    expect(asks[0]).not.toHaveProperty('destination');
  });

  it('asks at once for the same places for what a person did', async () => {
    const sent: QueueMessage[] = [];
    const queue = { send: async (message: QueueMessage) => void sent.push(message), retryIn: async () => undefined };
    const policy = examplePolicy({ watch: watchRulesSchema.parse({ channel: 'C0ONCALL', ...rules }) });
    await askToNotify({ queue, policy }, owned, 'acknowledged', signal);
    expect(placesOf(sent)).toEqual(['on-call', 'channel:C0OWNER1', 'to:pager']);
    expect(sent[0]).not.toHaveProperty('destination');
  });

  it('forgets what a destination has taken of an incident that it files', async () => {
    const store = createMemoryStateStore(clock);
    const over = { ...incident, closedAtMs: nowMs - 30 * dayMs };
    await saveIncident(store, over, signal);
    await saveDelivered(store, over.id, 'pager', ['opened'], signal);
    const remove: typeof store.remove = (...call) => later().then(() => store.remove(...call));
    const delivered = await listDelivered(store, signal);
    expect(await asked({ incident: over, rules, delivered, state: { ...store, remove } })).toEqual([]);
    expect((await listDelivered(store, signal))(over.id, 'pager')).toEqual([]);
  });
});
