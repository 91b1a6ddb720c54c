import { describe, expect, it } from 'vitest';
import type { Ports } from '../../../lib/app/ports/ports.ts';
import type { ZoneStore } from '../../../lib/app/ports/zone-store.ts';
import type { QueueMessage } from '../../../lib/app/queue/message.ts';
import type { ZoneFacts } from '../../../lib/core/dns/zone-reading.ts';
import { type ChangeState, fold } from '../../../lib/core/ledger/fold.ts';
import type { PolicyDocument } from '../../../lib/core/policy/policy.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const open = 'gitlab.mail.corp.internal';
const prod = 'gitlab.prod.corp.internal';
type Worker = ReturnType<typeof workerUnderTest>;

const protection = {
  name: 'production',
  hostnames: ['*.prod.corp.internal'],
  approvers: { users: ['U0LI'] },
  channel: 'C0APPROVERS',
};
const policy: Partial<PolicyDocument> = {
  grants: [{ name: 'mail', teams: ['T0TEAM'], users: ['U0MARIA', 'U0LI'], verbs: ['*'] }],
  protected: [protection],
  breakGlass: { users: ['U0MARIA'] },
};

const newWorker = (): Worker => workerUnderTest({ policy, channels: ['C0AUDIT', 'C0OTHER', 'C0APPROVERS'] });

const changeOf = async (worker: Worker, hostname: string): Promise<ChangeState> => {
  const change = [...fold(await worker.ledger.read(hostname, signal)).changes.values()].at(-1);
  if (change === undefined) throw new Error(`there is no change of ${hostname}: ${worker.lastReply()}`);
  return change;
};

const resume = async (worker: Worker, hostname: string): Promise<QueueMessage> => {
  const { changeId } = await changeOf(worker, hostname);
  return { kind: 'resume', hostname, changeId };
};

/** The worker dies when it is about to write that a batch will be sent. */
const diesBeforeSending = (worker: Worker): Partial<Ports> => ({
  ledger: {
    ...worker.ledger,
    append: async (entry, ...rest) => {
      if (entry.body.kind === 'applying') throw new Error('the worker dies');
      return worker.ledger.append(entry, ...rest);
    },
  },
});

/** The worker dies when it has sent a batch: Route 53 has taken it, or has never seen it. */
const diesAfterSending = (worker: Worker, isTaken: boolean): Partial<Ports> => ({
  zones: {
    ...worker.ports.zones,
    submit: async (...batch) => {
      if (isTaken) await worker.ports.zones.submit(...batch);
      throw new Error('the worker dies');
    },
  },
});

/** Brings a change to the point at which its batch is sent next; resolves to the message by which that happens. */
type Path = {
  readonly hostname: string;
  readonly reach: (worker: Worker, dies: (worker: Worker) => Partial<Ports>) => Promise<QueueMessage>;
};

const confirmed = async (worker: Worker, hostname: string, line: string): Promise<QueueMessage> => {
  await worker.say(line);
  const { changeId, plan } = await changeOf(worker, hostname);
  return worker.message(`approve ${changeId} --plan ${plan.digest}`);
};
const interrupted = async (
  worker: Worker,
  hostname: string,
  line: string,
  dies: (worker: Worker) => Partial<Ports>,
): Promise<QueueMessage> => {
  await worker.work(worker.message(line), 1, dies(worker));
  return resume(worker, hostname);
};
/** A change that waits is applied when its release is recorded, so that only a worker that dies right then leaves it to a resume. */
const releasedAndInterrupted = async (
  worker: Worker,
  hostname: string,
  line: string,
  dies: (worker: Worker) => Partial<Ports>,
): Promise<QueueMessage> => {
  await worker.work(await confirmed(worker, hostname, line), 1, dies(worker));
  return resume(worker, hostname);
};
const put = (worker: Worker, hostname: string, value: string): void =>
  worker.zones.put('Z0CORP', [{ name: hostname, type: 'A', ttlSeconds: 60, values: [value] }]);
const added = `add ${open} 10.0.4.12 --standby 10.0.4.13`;

const paths = {
  'an addition that is resumed': {
    hostname: open,
    reach: (worker, dies) => interrupted(worker, open, added, dies),
  },
  'an adoption that is resumed': {
    hostname: open,
    reach: async (worker, dies) => {
      put(worker, open, '10.0.4.12');
      return interrupted(worker, open, `adopt ${open}`, dies);
    },
  },
  'an undo that is resumed': {
    hostname: open,
    reach: async (worker, dies) => {
      await worker.say(added);
      await worker.work(await confirmed(worker, open, `update ${open} 10.0.5.1 --standby 10.0.5.2`));
      const { changeId } = await changeOf(worker, open);
      return interrupted(worker, open, `undo ${changeId}`, dies);
    },
  },
  'an update that is confirmed': {
    hostname: open,
    reach: async (worker) => {
      await worker.say(added);
      return confirmed(worker, open, `update ${open} 10.0.4.14`);
    },
  },
  'an update that was confirmed and is resumed': {
    hostname: open,
    reach: async (worker, dies) => {
      await worker.say(added);
      return releasedAndInterrupted(worker, open, `update ${open} 10.0.4.14`, dies);
    },
  },
  'a removal that is confirmed': {
    hostname: open,
    reach: async (worker) => {
      await worker.say(added);
      return confirmed(worker, open, `remove ${open}`);
    },
  },
  'a removal that was confirmed and is resumed': {
    hostname: open,
    reach: async (worker, dies) => {
      await worker.say(added);
      return releasedAndInterrupted(worker, open, `remove ${open}`, dies);
    },
  },
  'a failover that is confirmed': {
    hostname: open,
    reach: async (worker) => {
      await worker.say(added);
      return confirmed(worker, open, `failover ${open}`);
    },
  },
  'an addition that is approved': {
    hostname: prod,
    reach: async (worker) => {
      await worker.say(`add ${prod} 10.0.4.12`);
      const { changeId, plan } = await changeOf(worker, prod);
      return worker.message(`approve ${changeId} --plan ${plan.digest}`, { user: 'li', channel: 'C0APPROVERS' });
    },
  },
  'an addition that was approved and is resumed': {
    hostname: prod,
    reach: async (worker, dies) => {
      await worker.say(`add ${prod} 10.0.4.12`);
      const { changeId, plan } = await changeOf(worker, prod);
      const approval = worker.message(`approve ${changeId} --plan ${plan.digest}`, {
        user: 'li',
        channel: 'C0APPROVERS',
      });
      await worker.work(approval, 1, dies(worker));
      return resume(worker, prod);
    },
  },
  'an addition that broke glass and is resumed': {
    hostname: prod,
    reach: (worker, dies) =>
      interrupted(worker, prod, `add ${prod} 10.0.4.12 --break-glass "mail is down, nobody answers"`, dies),
  },
} as const satisfies Readonly<Record<string, Path>>;
type PathName = keyof typeof paths;
const pathNames = Object.keys(paths) as readonly PathName[];

type Zone = Awaited<ReturnType<ZoneStore['inspectZone']>>;
const inspecting = (worker: Worker, change: (value: Extract<Zone, { ok: true }>['value']) => Zone): Partial<Ports> => ({
  zones: {
    ...worker.ports.zones,
    inspectZone: async (...call) => {
      const seen = await worker.ports.zones.inspectZone(...call);
      return seen.ok ? change(seen.value) : seen;
    },
  },
});
const zoneOfCorp = { name: 'corp.internal', id: 'Z0CORP', vpcs: [] };
const shadow: ZoneFacts = { id: 'Z0SHADOW', name: 'mail.corp.internal', isPrivate: true, vpcs: [] };
const shadowOfProd: ZoneFacts = { ...shadow, name: 'prod.corp.internal' };
const under = (more: Partial<PolicyDocument>): Partial<Ports> => ({ policy: examplePolicy({ ...policy, ...more }) });

/** What has changed since the plan was made, and a word of the reason. */
type Withdrawal = {
  readonly over: (worker: Worker) => Partial<Ports>;
  readonly says: string;
  readonly only?: (name: PathName) => boolean;
};
const isApproved = (name: PathName): boolean => name.startsWith('an addition that') && name.includes('approved');
const leadsSomewhere = (name: PathName): boolean => !name.startsWith('a removal');
const withdrawals: Readonly<Record<string, Withdrawal>> = {
  'the requester has lost the right': {
    over: () => under({ grants: [{ name: 'mail', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['*'] }] }),
    says: 'No grant lets you',
  },
  'the ranges are narrower': {
    over: () => under({ cidrs: ['10.0.5.0/24'] }),
    says: '10.0.4.1',
    only: leadsSomewhere,
  },
  'the port is not allowed': { over: () => under({ ports: [2525] }), says: 'ort 25', only: leadsSomewhere },
  'names have to look otherwise': {
    over: () => under({ naming: { pattern: 'mx-.*', severity: 'block', example: 'mx-a.corp.internal' } }),
    says: 'does not follow the naming rule',
    only: leadsSomewhere,
  },
  'the policy names another zone': {
    over: () => under({ zones: [{ ...zoneOfCorp, id: 'Z0OTHER' }] }),
    says: 'Z0OTHER',
  },
  'the policy has no such zone': {
    over: () => under({ zones: [{ ...zoneOfCorp, name: 'lab.internal' }] }),
    says: 'not in any zone',
  },
  'the zone is public': {
    over: (worker) =>
      inspecting(worker, (value) => ({ ok: true, value: { ...value, zone: { ...value.zone, isPrivate: false } } })),
    says: 'is public',
  },
  'the zone is gone': {
    over: (worker) =>
      inspecting(worker, () => ({ ok: false, failure: { kind: 'no-such-zone', message: 'No such zone' } })),
    says: 'does not exist',
  },
  'another zone shadows the name': {
    over: (worker) =>
      inspecting(worker, (value) => ({
        ok: true,
        value: { ...value, rivals: { ok: true, value: [shadow, shadowOfProd] } },
      })),
    says: 'Z0SHADOW',
  },
  'the name is protected now': {
    over: () => under({ protected: [{ ...protection, name: 'everything', hostnames: ['*.corp.internal'] }] }),
    says: 'everything',
    only: (name) => paths[name].hostname === open,
  },
  'the name is protected no longer': {
    over: () => under({ protected: [] }),
    says: 'Ask again',
    only: isApproved,
  },
  'the approver is one no longer': {
    over: () => under({ protected: [{ ...protection, approvers: { users: ['U0ONCALL'] } }] }),
    says: 'not among those who approve',
    only: isApproved,
  },
  'the approver may no longer approve anything': {
    over: () =>
      under({
        grants: [
          { name: 'mail', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
          { name: 'others', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['add', 'update', 'show'] },
        ],
      }),
    says: 'use approve',
    only: isApproved,
  },
  'the requester may no longer break glass': {
    over: () => under({ breakGlass: { users: ['U0ONCALL'] } }),
    says: 'may not break glass',
    only: (name) => name === 'an addition that broke glass and is resumed',
  },
};

const combinations = pathNames.flatMap((name) =>
  Object.entries(withdrawals)
    .filter(([, { only }]) => only?.(name) ?? true)
    .map(([what, withdrawal]) => [name, what, withdrawal] as const),
);

/** Works a message under what has changed, and counts the batches that are sent. */
const workUnder = async (worker: Worker, message: QueueMessage, over: Partial<Ports>) => {
  let batches = 0;
  const zones = over.zones ?? worker.ports.zones;
  const submit: ZoneStore['submit'] = (...batch) => {
    batches += 1;
    return worker.ports.zones.submit(...batch);
  };
  const outcome = await worker.work(message, 1, { ...over, zones: { ...zones, submit } });
  return { outcome, batches };
};

describe('just before a batch is sent', () => {
  it.each(combinations)('%s is not sent when %s', async (name, _, { over, says }) => {
    const worker = newWorker();
    const { hostname, reach }: Path = paths[name];
    const message = await reach(worker, diesBeforeSending);
    const before = await worker.records(hostname);
    const { batches } = await workUnder(worker, message, over(worker));
    expect(batches).toBe(0);
    expect(await worker.records(hostname)).toEqual(before);
    expect(await worker.kinds(hostname)).not.toContain('conflict');
    const { changes } = fold(await worker.ledger.read(hostname, signal));
    const last = [...changes.values()].at(-1);
    // An approval may be refused already; then the plan still waits.
    if (last?.state === 'requested') expect(worker.lastReply()).toContain(says);
    else expect(last).toMatchObject({ state: 'failed', mayLandLate: false, reason: expect.stringContaining(says) });
  });

  it.each(pathNames)('%s is sent when nothing has changed', async (name) => {
    const worker = newWorker();
    const { hostname, reach }: Path = paths[name];
    const { batches } = await workUnder(worker, await reach(worker, diesBeforeSending), {});
    expect(batches).toBe(1);
    expect(await changeOf(worker, hostname)).toMatchObject({ state: 'applied' });
    expect(await changeOf(worker, hostname)).not.toHaveProperty('notPermitted');
  });

  it('a plan that its requester has confirmed needs no right to approve', async () => {
    const worker = newWorker();
    const message = await paths['an update that was confirmed and is resumed'].reach(worker, diesBeforeSending);
    const verbs = ['add', 'update', 'cancel'];
    await worker.work(message, 1, under({ grants: [{ name: 'mail', teams: ['T0TEAM'], users: ['U0MARIA'], verbs }] }));
    expect(await changeOf(worker, open)).toMatchObject({ state: 'applied', verb: 'update' });
  });

  it('an undo or a failover repeats no warning of the definition that its requester has heard', async () => {
    const worker = newWorker();
    await worker.say(`${added} --ssl-mode None`);
    const { changeId, warnings } = await changeOf(worker, open);
    expect(warnings.join()).toContain('ssl-mode');
    for (const line of [`failover ${open}`, `undo ${changeId}`]) {
      await worker.say(line);
      expect((await changeOf(worker, open)).warnings.join()).not.toContain('ssl-mode');
    }
  });

  it('a second attempt is checked like the first; what was sent may still take effect', async () => {
    const worker = newWorker();
    const message = await interrupted(worker, open, added, (it_) => diesAfterSending(it_, false));
    const { batches } = await workUnder(worker, message, under({ cidrs: ['10.0.5.0/24'] }));
    expect(batches).toBe(0);
    expect(await changeOf(worker, open)).toMatchObject({
      state: 'failed',
      mayLandLate: true,
      reason: expect.stringContaining('may still take effect'),
    });
  });

  it('a failover leaves targets behind that are permitted no longer', async () => {
    const worker = newWorker();
    await worker.say(`add ${open} 10.0.4.12 --standby 10.0.5.1`);
    const narrowed = under({ cidrs: ['10.0.5.0/24'] });
    await worker.work(worker.message(`failover ${open}`), 1, narrowed);
    const { changeId, plan } = await changeOf(worker, open);
    await worker.work(worker.message(`approve ${changeId} --plan ${plan.digest}`), 1, narrowed);
    expect(await changeOf(worker, open)).toMatchObject({ state: 'applied', verb: 'failover' });
  });

  it('waits while Route 53 cannot be read, and gives up with nothing changed', async () => {
    const worker = newWorker();
    const message = await interrupted(worker, open, added, diesBeforeSending);
    const unread = inspecting(worker, () => ({ ok: false, failure: { kind: 'unreachable', message: 'HTTP 503' } }));
    for (const deliveries of [1, 2, 3, 4])
      expect(await worker.work(message, deliveries, unread)).toMatchObject({ kind: 'retry' });
    expect((await changeOf(worker, open)).state).toBe('requested');
    await worker.work(message, 5, unread);
    expect(await changeOf(worker, open)).toMatchObject({
      state: 'failed',
      mayLandLate: false,
      reason: expect.stringContaining('Nothing was changed.'),
    });
  });

  it('goes on where the role may not read who else answers for the zone: that is a warning', async () => {
    const worker = newWorker();
    const message = await interrupted(worker, open, added, diesBeforeSending);
    const denied = inspecting(worker, (value) => ({
      ok: true,
      value: { ...value, rivals: { ok: false, failure: { kind: 'denied', message: 'not authorized' } } },
    }));
    await worker.work(message, 1, denied);
    expect((await changeOf(worker, open)).state).toBe('applied');
  });
});

const forAll = ['the requester has lost the right', 'the zone is public', 'the policy names another zone'];

describe('a batch that is in Route 53 already', () => {
  it.each(combinations.filter(([name, what]) => name.endsWith('resumed') && forAll.includes(what)))(
    '%s is recorded as applied when %s, and an undo is offered',
    async (name, _, { over, says }) => {
      const worker = newWorker();
      const { hostname, reach }: Path = paths[name];
      const message = await reach(worker, (it_) => diesAfterSending(it_, true));
      const before = await worker.records(hostname);
      const { batches } = await workUnder(worker, message, over(worker));
      expect(batches).toBe(0);
      expect(await worker.records(hostname)).toEqual(before);
      const change = await changeOf(worker, hostname);
      expect(change).toMatchObject({ state: 'applied', notPermitted: expect.stringContaining(says) });
      for (const queued of worker.queued.splice(0)) await worker.work(queued, 1);
      const announced = JSON.stringify(
        worker.messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT').at(-1),
      );
      expect(announced).toContain('no longer permitted');
      expect(announced).toContain(`undo ${change.changeId}`);
    },
  );
});

describe('a request', () => {
  it('to undo a change is refused where that leads to what is permitted no longer', async () => {
    const worker = newWorker();
    await worker.say(added);
    await worker.work(await confirmed(worker, open, `update ${open} 10.0.5.1 --standby 10.0.5.2`));
    const { changeId } = await changeOf(worker, open);
    await worker.work(worker.message(`undo ${changeId}`), 1, under({ cidrs: ['10.0.5.0/24'] }));
    expect(worker.lastReply()).toContain('10.0.4.12');
    expect((await worker.kinds(open)).at(-1)).toBe('refused');
  });

  it.each(['the zone is public', 'another zone shadows the name'])(
    'to remove or undo is refused when %s',
    async (what) => {
      const worker = newWorker();
      await worker.say(added);
      const { changeId } = await changeOf(worker, open);
      for (const line of [`remove ${open}`, `undo ${changeId}`, `failover ${open}`, `update ${open} 10.0.4.14`]) {
        await worker.work(worker.message(line), 1, withdrawals[what]?.over(worker));
        expect((await worker.kinds(open)).at(-1)).toBe('refused');
        expect(worker.lastReply()).toContain(withdrawals[what]?.says);
      }
    },
  );
});
