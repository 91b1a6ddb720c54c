import { describe, expect, it } from 'vitest';
import { notifyOpenIncidents } from '../../../lib/app/notify/notify-open-incidents.ts';
import { StateUnavailable } from '../../../lib/app/ports/state-store.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import { messageGroup } from '../../../lib/app/queue/message-group.ts';
import { saveIncident } from '../../../lib/app/state/incident-store.ts';
import { listDelivered } from '../../../lib/app/state/postal/delivery-store.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const minuteMs = 60_000;

const webhook = (name: string, more: object = {}) => ({
  kind: 'webhook',
  name,
  url: 'https://hooks.example.com/',
  ...more,
});

/** A worker whose policy has these destinations, and an incident that changes. */
const open = (destinations: readonly object[] = [webhook('one'), webhook('two')], rules: object = {}) => {
  const watch = watchRulesSchema.parse({ channel: 'C0ONCALL', destinations, ...rules });
  const worker = workerUnderTest({ policy: { watch }, channels: ['C0AUDIT', 'C0ONCALL'] });
  let incident: Incident = sampleIncident({ openedAtMs: worker.clock.now() });
  const change = (to: Partial<Incident>) => {
    incident = { ...incident, ...to, revision: incident.revision + 1 };
  };
  const resolve = () =>
    change({
      closedAtMs: worker.clock.now(),
      updates: [...incident.updates, { atMs: worker.clock.now(), step: 'resolved', text: 'Postal gets in again.' }],
    });
  const ask = async (): Promise<readonly QueueMessage[]> => {
    await saveIncident(worker.ports.state, incident, signal);
    const known = {
      notifications: new Map(),
      acknowledgements: new Map(),
      mutes: [],
      delivered: await listDelivered(worker.ports.state, signal),
    };
    await notifyOpenIncidents(worker.ports, [incident], known, signal);
    return worker.queued.splice(0).filter((each) => each.kind === 'incident' && each.destination?.startsWith('to:'));
  };
  /** What watch asks for, worked once each. */
  const round = async () => {
    const outcomes = [];
    for (const message of await ask()) outcomes.push(await worker.work(message));
    return outcomes;
  };
  const taken = (name: string) =>
    worker.destinations.taken.filter(({ destination }) => destination === name).map(({ event }) => event.event);
  return { worker, change, resolve, ask, round, taken, id: incident.id };
};

describe('a destination', () => {
  it('is told of each step once, in order', async () => {
    const { worker, resolve, round, taken, id } = open([webhook('one')]);
    await round();
    await round();
    expect(taken('one')).toEqual(['opened']);
    const value = { id, by: 'U0MARIA', atMs: worker.clock.now() };
    await worker.ports.state.put({ collection: 'incidents-acknowledged', key: id, value }, false, signal);
    await worker.clock.advance(minuteMs);
    resolve();
    await round();
    await round();
    expect(taken('one')).toEqual(['opened', 'acknowledged', 'resolved']);
    expect(new Set(worker.destinations.taken.map(({ event }) => event.id)).size).toBe(3);
  });

  it('is a queue message and a group of its own', async () => {
    const { ask } = open();
    const messages = await ask();
    expect(messages).toHaveLength(2);
    expect(new Set(messages.map(messageGroup)).size).toBe(2);
  });

  it('delays no other where it fails, and loses nothing', async () => {
    const { worker, resolve, round, taken } = open();
    const failure = { kind: 'unreachable', message: 'it answered 503', retryAfterSeconds: 40 } as const;
    worker.destinations.answer = ({ name }) => (name === 'one' ? { ok: false, failure } : undefined);
    expect(await round()).toContainEqual(expect.objectContaining({ kind: 'retry', afterSeconds: 40 }));
    await worker.clock.advance(minuteMs);
    resolve();
    await round();
    expect(taken('two')).toEqual(['opened', 'resolved']);
    expect(taken('one')).toEqual([]);
    worker.destinations.answer = () => undefined;
    await round();
    expect(taken('one')).toEqual(['opened', 'resolved']);
  });

  it('is never told of the end before the beginning', async () => {
    const { worker, resolve, round, taken } = open([webhook('one')]);
    const failure = { kind: 'unreachable', message: 'closed' } as const;
    worker.destinations.answer = (_, { event }) => (event === 'opened' ? { ok: false, failure } : undefined);
    resolve();
    await round();
    expect(taken('one')).toEqual([]);
  });

  it('gets the same id again where its answer was lost', async () => {
    const { worker, round } = open([webhook('one')]);
    const ids: string[] = [];
    worker.destinations.answer = (_, { id }) => {
      ids.push(id);
      return ids.length === 1 ? { ok: false, failure: { kind: 'unreachable', message: 'timeout' } } : undefined;
    };
    await round();
    await round();
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });

  it('is asked again by watch, not by the queue, where a person has to correct something', async () => {
    const { worker, round, taken } = open([webhook('one')]);
    worker.destinations.answer = () => ({ ok: false, failure: { kind: 'refused', message: 'it answered 404' } });
    expect(await round()).toEqual([{ kind: 'done' }]);
    expect(worker.logged.some((line) => line.includes('does not take an incident'))).toBe(true);
    worker.destinations.answer = () => undefined;
    await round();
    expect(taken('one')).toEqual(['opened']);
  });

  it('is told while Slack is down, and without an on-call channel', async () => {
    const down = open([webhook('one')]);
    const slackDown = { ...down.worker.ports.messenger, post: () => Promise.reject(new Error('Slack is down')) };
    for (const message of await down.ask()) await down.worker.work(message, 1, { messenger: slackDown });
    expect(down.taken('one')).toEqual(['opened']);
    const silent = open([webhook('one')], { channel: undefined });
    await silent.round();
    expect(silent.taken('one')).toEqual(['opened']);
  });

  it('is told of its severities only', async () => {
    const { change, round, taken } = open([webhook('one', { severities: ['down'] })]);
    change({ severity: 'degraded' });
    await round();
    expect(taken('one')).toEqual([]);
    change({ severity: 'down' });
    await round();
    expect(taken('one')).toEqual(['opened']);
  });

  it('gets the last reminder that is due, and no earlier one after it', async () => {
    const { worker, round, taken } = open([webhook('one')], { reminder: { minutes: 15, times: 3 } });
    await round();
    await worker.clock.advance(31 * minuteMs);
    await round();
    await round();
    expect(taken('one')).toEqual(['opened', 'reminder']);
    await worker.clock.advance(15 * minuteMs);
    await round();
    expect(taken('one')).toEqual(['opened', 'reminder', 'reminder']);
  });

  it('gets a reminder also where an escalation came after it', async () => {
    const { worker, round, taken } = open([webhook('one')], {
      reminder: { minutes: 15, times: 1 },
      escalation: { minutes: 20, userGroup: 'S0LEADS' },
    });
    await round();
    await worker.clock.advance(21 * minuteMs);
    await round();
    expect(taken('one')).toEqual(['opened', 'reminder', 'escalation']);
  });

  it('is asked again where it could not be noted what it took', async () => {
    const { worker, ask } = open([webhook('one')]);
    const put = () => Promise.reject(new StateUnavailable('no answer'));
    const state = { ...worker.ports.state, put };
    const [message] = await ask();
    if (message === undefined) throw new Error('nothing was asked for');
    expect(await worker.work(message, 1, { state })).toMatchObject({ kind: 'retry' });
  });
});
