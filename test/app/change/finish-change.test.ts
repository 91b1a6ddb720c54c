import { describe, expect, it } from 'vitest';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const host = 'gitlab.mail.corp.internal';
const grants = [
  { name: 'all', teams: ['T0TEAM'], users: ['U0MARIA'], verbs: ['*'] },
  { name: 'approvers', teams: ['T0TEAM'], users: ['U0LI'], verbs: ['approve', 'history', 'show'] },
];
const protectedNames = [
  {
    name: 'mail',
    hostnames: ['*.mail.corp.internal'],
    verbs: ['update' as const],
    approvers: { users: ['U0LI'] },
    channel: 'C0APPROVERS',
  },
];

/** Approves maria's update with the button of its message, as li: what the message shows until the change is finished, and what is asked meanwhile. */
const approved = async (status: 'INSYNC' | 'PENDING') => {
  const worker = workerUnderTest({
    policy: { grants, protected: protectedNames },
    channels: ['C0AUDIT', 'C0OTHER', 'C0APPROVERS'],
  });
  await worker.say(`add ${host} 10.0.4.12`);
  await worker.say(`update ${host} 10.0.4.13`);
  const [waiting] = fold(await worker.ledger.read(host, signal)).pending;
  if (waiting === undefined) throw new Error(worker.lastReply());
  const happened: string[] = [];
  const { zones, messenger, prober } = worker.ports;
  const ports = {
    zones: { ...zones, changeStatus: async () => ({ ok: true, value: status }) as const },
    messenger: {
      ...messenger,
      reply: async (...call: Parameters<typeof messenger.reply>) => {
        happened.push(`says ${JSON.stringify(call[1])}`);
        return messenger.reply(...call);
      },
    },
    prober: {
      probe: async (...call: Parameters<typeof prober.probe>) => {
        happened.push(call[0].lookUpOnly === true ? 'looks up' : 'probes');
        return prober.probe(...call);
      },
    },
  };
  const press = `approve ${waiting.changeId} --plan ${waiting.plan.digest}`;
  const message = { ...worker.message(press, { user: 'li', channel: 'C0APPROVERS' }), replaceOriginal: true };
  await worker.work(message, 1, ports);
  return { worker, happened, said: happened.filter((each) => each.startsWith('says')).join('\n') };
};

describe('a change that is applied with a button', () => {
  it.each([
    ['INSYNC', 'now on all servers of Route 53', 'not yet on all servers of Route 53'],
    ['PENDING', 'not yet on all servers of Route 53', 'now on all servers of Route 53'],
  ] as const)('says whether all of Route 53 knows it: %s', async (status, shown, not) => {
    const { said } = await approved(status);
    expect(said).toContain(shown);
    expect(said).not.toContain(not);
  });

  it('says that it asks the resolver before it does, and that it probes before it does', async () => {
    const { happened } = await approved('INSYNC');
    const at = (part: string): number => happened.findIndex((each) => each.includes(part));
    expect(at('asking the resolver until it answers')).toBeGreaterThan(-1);
    expect(at('asking the resolver until it answers')).toBeLessThan(at('looks up'));
    expect(at('looks up')).toBeLessThan(at('probing '));
    expect(at('probing ')).toBeLessThan(happened.indexOf('probes'));
  });

  it('has for its approver the buttons that they may press', async () => {
    const { worker } = await approved('INSYNC');
    const toLi = worker.messenger.replies.findLast(({ to }) => to.userId === 'U0LI');
    expect(JSON.stringify(toLi?.message.blocks)).toContain('"History"');
    expect(JSON.stringify(toLi?.message.blocks)).not.toContain('"Undo"');
  });
});
