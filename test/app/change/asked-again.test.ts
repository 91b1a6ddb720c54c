import { expect, it } from 'vitest';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const { signal } = new AbortController();
const grants = [{ name: 'all', teams: ['T0TEAM'], verbs: ['*', 'check:rcpt', 'check:deliver'] }];

/** A worker to which a message comes a second time although it forgot that it had worked it. */
const redelivering = () => {
  const worker = workerUnderTest({ policy: { grants } });
  const twice = async (line: string): Promise<void> => {
    const message = worker.message(line);
    for (const _ of [1, 2]) {
      await worker.work(message);
      await worker.ports.state.remove('handled-requests', message.requestId, signal);
    }
  };
  return { worker, twice };
};

it('takes no name over that is registered, and says so', async () => {
  const { worker } = redelivering();
  await worker.say(`add ${host} 10.0.4.12`);
  await worker.say(`adopt ${host}`);
  expect(worker.lastReply()).toContain('is registered already');
  expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied', 'refused']);
});

it('records a recipient check once, however often it is delivered', async () => {
  const { worker, twice } = redelivering();
  await worker.say(`add ${host} 10.0.4.12`);
  await twice(`check ${host} --rcpt someone@example.com`);
  expect((await worker.kinds(host)).filter((kind) => kind === 'tried')).toHaveLength(1);
});

it('refuses once, and gives the reasons again', async () => {
  const { worker, twice } = redelivering();
  await twice(`add ${host} 8.8.8.8`);
  expect(await worker.kinds(host)).toEqual(['refused']);
  expect(worker.messenger.replies).toHaveLength(2);
  expect(worker.lastReply()).toContain('8.8.8.8');
});

it('changes once, and gives the same answer again', async () => {
  const { worker, twice } = redelivering();
  await twice(`add ${host} 10.0.4.12`);
  expect(await worker.kinds(host)).toEqual(['requested', 'applying', 'applied']);
});

it('says when the plan shows a name that was probed before, and when it was not', async () => {
  const { worker } = redelivering();
  await worker.say(`add ${host} 10.0.4.12`);
  await worker.work(worker.message(`update ${host} 10.0.4.13`));
  expect(worker.lastReply()).toContain('last checked');
});

it('keeps of a refusal the reasons that refused, and no warning', async () => {
  const { worker } = redelivering();
  await worker.say(`add ${host} 8.8.8.8 --ssl-mode STARTTLS`);
  const [refused] = await worker.ledger.read(host, signal);
  expect(refused?.body).toMatchObject({ kind: 'refused', reasons: [expect.stringContaining('8.8.8.8')] });
});
