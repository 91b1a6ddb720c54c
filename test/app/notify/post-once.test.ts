import { describe, expect, it } from 'vitest';
import { type OncePost, postOnce } from '../../../lib/app/notify/post-once.ts';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import { saveIncident } from '../../../lib/app/state/incident-store.ts';
import { watchRulesSchema } from '../../../lib/core/policy/watch-rules.ts';
import type { Incident } from '../../../lib/core/watch/incident/incident.ts';
import type { MessengerFailure } from '../../../lib/messages/message.ts';
import { sampleIncident } from '../../support/sample-incident.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();
type Worker = ReturnType<typeof workerUnderTest>;

const newWorker = (): Worker =>
  workerUnderTest({
    policy: {
      watch: watchRulesSchema.parse({ channel: 'C0ONCALL' }),
      protected: [
        {
          name: 'production',
          hostnames: ['*.prod.corp.internal'],
          approvers: { users: ['U0LI'] },
          channel: 'C0APPROVERS',
        },
      ],
    },
    channels: ['C0AUDIT', 'C0OTHER', 'C0ONCALL', 'C0APPROVERS'],
  });

/** Whatever is posted to a channel and must appear there once: where, and how the worker is brought to post it. */
const posts: readonly (readonly [
  string,
  { readonly channelId: string; readonly begin: (worker: Worker) => Promise<Parameters<Worker['work']>[0]> },
])[] = [
  [
    'an announcement',
    {
      channelId: 'C0AUDIT',
      begin: async (worker) => {
        await worker.work(worker.message(`add ${host} 10.0.4.12`));
        const queued = worker.queued.shift();
        if (queued === undefined) throw new Error('nothing was queued');
        return queued;
      },
    },
  ],
  [
    'a request for approval',
    { channelId: 'C0APPROVERS', begin: async (worker) => worker.message('add gitlab.prod.corp.internal 10.0.4.12') },
  ],
  [
    'an incident',
    {
      channelId: 'C0ONCALL',
      begin: async (worker) => {
        const incident: Incident = sampleIncident({
          id: 'endpoint-1',
          hostname: host,
          openedAtMs: worker.clock.now(),
          revision: 1,
          sentence: 'Postal will not get in.',
        });
        await saveIncident(worker.ports.state, incident, signal);
        return { kind: 'incident', incidentId: incident.id, revision: 1 };
      },
    },
  ],
];

const unreachable = { ok: false, failure: { kind: 'unreachable', message: 'HTTP 503' } } as const;

const failing = (worker: Worker, failure: MessengerFailure): Partial<Ports> => ({
  messenger: { ...worker.messenger, findPost: async () => ({ ok: false, failure }) },
});

it('tells a message that is posted from one that is found', async () => {
  const { ports } = newWorker();
  const post: OncePost = {
    channelId: 'C0AUDIT',
    id: { key: 'announcement_id', value: 'one' },
    compose: async () => ({ message: { text: 'It is said.', blocks: [] }, eventType: 'postal_endpoint_audit' }),
    begin: async () => undefined,
    earlier: undefined,
  };
  const deadline = { atMs: ports.clock.now() + 88_000, signal };
  expect(await postOnce(ports, post, deadline)).toMatchObject({ ok: true, value: { isFound: false } });
  const earlier = { channelId: 'C0AUDIT', since: new Date(ports.clock.now()).toISOString() };
  expect(await postOnce(ports, { ...post, earlier }, deadline)).toMatchObject({ ok: true, value: { isFound: true } });
});

describe.each(posts)('%s', (_, { channelId, begin }) => {
  const start = async () => {
    const worker = newWorker();
    const message = await begin(worker);
    const count = (): number => worker.messenger.posts.filter((post) => post.channelId === channelId).length;
    const work = async (deliveries: number, over: Partial<Ports> = {}) => {
      const outcome = await worker.work(message, deliveries, over);
      await worker.clock.advance(60_000);
      return outcome;
    };
    return { worker, work, count };
  };

  it('appears once although Slack’s answer was lost', async () => {
    const { worker, work, count } = await start();
    worker.messenger.trouble.push('lost-answer');
    expect(await work(1)).toMatchObject({ kind: 'retry' });
    expect(await work(2)).toEqual({ kind: 'done' });
    expect(count()).toBe(1);
  });

  it('is not sent again while nobody can say whether it arrived', async () => {
    const { worker, work, count } = await start();
    worker.messenger.trouble.push('lost-answer');
    await work(1);
    const unreadable = failing(worker, { kind: 'unreachable', message: 'HTTP 503' });
    for (const deliveries of [2, 3]) expect(await work(deliveries, unreadable)).toMatchObject({ kind: 'retry' });
    expect(count()).toBe(1);
    expect(await work(4)).toEqual({ kind: 'done' });
    expect(count()).toBe(1);
  });

  it('is sent again where the channel may not be read: twice is better than never', async () => {
    const { worker, work, count } = await start();
    worker.messenger.trouble.push({ kind: 'unreachable', message: 'HTTP 503' });
    await work(1);
    expect(await work(2, failing(worker, { kind: 'refused', code: 'missing_scope' }))).toEqual({ kind: 'done' });
    expect(count()).toBe(1);
  });

  it('is sent by a later delivery when Slack did not take it', async () => {
    const { worker, work, count } = await start();
    worker.messenger.trouble.push({ kind: 'unreachable', message: 'HTTP 503' });
    expect(await work(1)).toMatchObject({ kind: 'retry' });
    expect(count()).toBe(0);
    expect(await work(2)).toEqual({ kind: 'done' });
    expect(count()).toBe(1);
  });

  it('is sent only once it is written down that it will be', async () => {
    const { worker, work, count } = await start();
    const { state } = worker.ports;
    let unwritten = 0;
    const slow = {
      ...state,
      put: async (...call: Parameters<typeof state.put>) => {
        unwritten += 1;
        for (let turn = 0; turn < 50; turn += 1) await null;
        const stored = await state.put(...call);
        unwritten -= 1;
        return stored;
      },
    };
    const left: number[] = [];
    const { messenger } = worker;
    const post: typeof messenger.post = async (...call) => {
      left.push(unwritten);
      return messenger.post(...call);
    };
    await work(1, { state: slow, messenger: { ...messenger, post } });
    expect(count()).toBe(1);
    expect(new Set(left)).toEqual(new Set([0]));
  });

  it('waits for a 429 within the delivery where Slack asks for a short time only', async () => {
    const { worker, work, count } = await start();
    worker.messenger.trouble.push({ kind: 'rate-limited', retryAfterSeconds: 2 });
    expect(await work(1)).toEqual({ kind: 'done' });
    expect(count()).toBe(1);
  });
});

describe('a request for approval that Slack cannot take for long', () => {
  it('is answered to the requester in the end, with the way by which approvers find it', async () => {
    const worker = newWorker();
    const message = worker.message('add gitlab.prod.corp.internal 10.0.4.12');
    const down = {
      messenger: { ...worker.messenger, post: async () => unreachable },
    };
    for (const deliveries of [1, 2, 3, 4])
      expect(await worker.work(message, deliveries, down)).toMatchObject({ kind: 'retry' });
    expect(worker.messenger.replies).toHaveLength(0);
    expect(await worker.work(message, 5, down)).toEqual({ kind: 'done' });
    expect(worker.lastReply()).toContain('/postal-endpoint pending');
  });
});
