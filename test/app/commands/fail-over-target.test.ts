import { describe, expect, it } from 'vitest';
import { saveHealth } from '../../../lib/app/state/health-store.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();
const [gitlab, wiki, plain, well] = ['gitlab', 'wiki', 'plain', 'well'].map((name) => `${name}.mail.corp.internal`);

const desk = async () => {
  const worker = workerUnderTest();
  await worker.say(`add ${gitlab} 10.0.4.12 --standby 10.0.5.12`);
  await worker.say(`add ${wiki} 10.0.4.12 --standby 10.0.5.13 --port 2525`);
  await worker.say(`add ${plain} 10.0.4.12`);
  await worker.say(`add ${well} 10.0.4.12 --standby 10.0.5.14`);
  await worker.say('add other.mail.corp.internal 10.0.4.13 --standby 10.0.5.12');
  for (const name of [gitlab, wiki, plain])
    await saveHealth(worker.ports.state, name ?? '', { state: 'down', sinceMs: 0, recent: [] }, signal);
  await saveHealth(worker.ports.state, well ?? '', { state: 'up', sinceMs: 0, recent: [] }, signal);
  const definitionOf = async (name: string | undefined) =>
    fold(await worker.ledger.read(name ?? '', signal)).definition?.targets;
  return { worker, definitionOf };
};

describe('failover of an address', () => {
  it('proposes every failing name that leads there as one list, and says what is left out', async () => {
    const { worker } = await desk();
    await worker.say('failover 10.0.4.12');
    const reply = worker.lastReply();
    expect(reply).toContain('Fail over 10.0.4.12');
    for (const name of [gitlab, wiki]) expect(reply).toContain(name);
    expect(reply).toContain('It has no standby.');
    expect(reply).toContain('It works. Add --force to fail it over anyway.');
    expect(reply).not.toContain('other.mail.corp.internal');
    expect(reply).toContain(`${gitlab}: it is not known whether its standby works.`);
  });

  it('swaps targets and standbys once the list is confirmed, as failovers of their names', async () => {
    const { worker, definitionOf } = await desk();
    await worker.say('failover 10.0.4.12');
    const [, bulkId, digest] = /approve (\S+) --plan (\S+?)[\\"]/.exec(worker.lastReply()) ?? [];
    await worker.say(`approve ${bulkId} --plan ${digest}`);
    for (let next = worker.queued.shift(); next !== undefined; next = worker.queued.shift()) await worker.work(next);
    expect(await definitionOf(gitlab)).toEqual({ kind: 'addresses', addresses: ['10.0.5.12'] });
    expect(await definitionOf(wiki)).toEqual({ kind: 'addresses', addresses: ['10.0.5.13'] });
    expect(await definitionOf(well)).toEqual({ kind: 'addresses', addresses: ['10.0.4.12'] });
    const last = fold(await worker.ledger.read(gitlab ?? '', signal)).lastApplied;
    expect(last?.verb).toBe('failover');
  });

  it('says so where nothing leads there', async () => {
    const { worker } = await desk();
    await worker.say('failover 10.0.9.9');
    expect(worker.lastReply()).toContain('No registered name that you may fail over leads to 10.0.9.9.');
  });
});
