import { describe, expect, it } from 'vitest';
import { formatMarker, markerName, parseMarker } from '../../../lib/core/dns/marker.ts';
import type { RecordSet } from '../../../lib/core/dns/record-set.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { zoneId, zoneSeed } from '../../support/memory-ports.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const marker = markerName(host);
const { signal } = new AbortController();
type Worker = ReturnType<typeof workerUnderTest>;

/** Somebody else puts other record sets in the place of all that are at the name and at its marker. */
const replaceWith = async (worker: Worker, sets: readonly RecordSet[]): Promise<void> => {
  const changes = [
    ...(await worker.records(host)).map((recordSet) => ({ action: 'DELETE', recordSet }) as const),
    ...sets.map((recordSet) => ({ action: 'CREATE', recordSet }) as const),
  ];
  const result = await worker.ports.zones.submit(zoneId, changes, 'somebody else', signal);
  if (result.kind !== 'accepted') throw new Error(JSON.stringify(result));
};

const record = (value = '10.0.4.12'): RecordSet => ({ name: host, type: 'A', ttlSeconds: 60, values: [value] });
const text = (...values: readonly string[]): RecordSet => ({ name: marker, type: 'TXT', ttlSeconds: 60, values });

/** The marker that is there, as another bot of this kind would have written it for a change of its own. */
const ofAnotherBot = async (worker: Worker): Promise<RecordSet> => {
  const own = (await worker.records(host)).find(({ name }) => name === marker);
  const parsed = parseMarker(own?.values ?? []);
  if (!parsed.ok) throw new Error('there is no marker');
  return text(...formatMarker({ ...parsed.marker, changeId: '01JZZZZZZZZZZZZZZZZZZZZZZZ' }));
};

const foreign = {
  'a marker of another bot': async (worker: Worker) => [record(), await ofAnotherBot(worker)],
  'a text that is no marker': async () => [record(), text('"owned by external-dns"')],
  'several texts': async () => [record(), text('"v=1"', '"v=2"')],
  'a CNAME at the marker’s name': async () => [
    record(),
    { name: marker, type: 'CNAME', ttlSeconds: 60, values: ['x.corp.internal'] },
  ],
  'no marker at all': async () => [record()],
  'no marker, and another address': async () => [record('10.0.9.9')],
} as const satisfies Readonly<Record<string, (worker: Worker) => Promise<readonly RecordSet[]>>>;

const lines = (changeId: string): Readonly<Record<string, string>> => ({
  update: `update ${host} 10.0.4.14`,
  'an update of nothing, which would put it right': `update ${host}`,
  remove: `remove ${host}`,
  failover: `failover ${host}`,
  undo: `undo ${changeId}`,
});

describe('a registered name where there are records that are not this bot’s', () => {
  it.each(Object.keys(foreign).flatMap((what) => Object.keys(lines('')).map((verb) => [verb, what] as const)))(
    'is not touched by %s when there is %s',
    async (verb, what) => {
      const worker = workerUnderTest();
      await worker.say(`add ${host} 10.0.4.12 --standby 10.0.4.13`);
      const changeId = fold(await worker.ledger.read(host, signal)).lastApplied?.changeId ?? '';
      await replaceWith(worker, (await foreign[what as keyof typeof foreign](worker)) ?? []);
      const before = await worker.records(host);
      await worker.say(lines(changeId)[verb] ?? '');
      const waiting = fold(await worker.ledger.read(host, signal)).pending[0];
      if (waiting !== undefined) await worker.say(`approve ${waiting.changeId} --plan ${waiting.plan.digest}`);
      expect(await worker.records(host)).toEqual(before);
      expect((await worker.kinds(host)).at(-1)).toBe('refused');
    },
  );
});

describe('adopt', () => {
  it.each(
    Object.entries(foreign).filter(([what]) => !what.startsWith('no marker') && what !== 'a marker of another bot'),
  )('does not take a name over where there is %s', async (_, sets) => {
    const worker = workerUnderTest();
    await replaceWith(worker, await sets(worker));
    const before = await worker.records(host);
    await worker.say(`adopt ${host}`);
    expect(await worker.records(host)).toEqual(before);
    expect(await worker.kinds(host)).toEqual(['refused']);
  });
});

describe('a name that nobody registered', () => {
  const set = (type: string, ...values: readonly string[]) => ({ name: host, type, ttlSeconds: 60, values });
  const adoptIt = `/postal-endpoint adopt ${host}`;
  const inTheWay = 'Only plain A, AAAA and CNAME records can be adopted';

  it.each([
    ['drift', [set('A', '10.0.4.12')], 'Take it over as it is with adopt'],
    ['show', [set('A', '10.0.4.12')], adoptIt],
    ['check', [set('A', '10.0.4.12')], adoptIt],
    ['update', [set('A', '10.0.4.12')], adoptIt],
    ['drift', [set('SRV', '1 1 25 mx.corp.internal')], inTheWay],
    ['show', [set('SRV', '1 1 25 mx.corp.internal')], inTheWay],
    ['check', [set('SRV', '1 1 25 mx.corp.internal')], inTheWay],
    ['update', [set('SRV', '1 1 25 mx.corp.internal')], inTheWay],
    ['adopt', [set('SRV', '1 1 25 mx.corp.internal')], inTheWay],
  ] as const)('%s of %j says the same as every other verb', async (verb, sets, said) => {
    const worker = workerUnderTest({ zones: [{ ...zoneSeed, recordSets: sets }] });
    await worker.say(`${verb} ${host}`);
    expect(worker.lastReply()).toContain(said);
    if (said === inTheWay) expect(worker.lastReply()).not.toContain(`/postal-endpoint add ${host}`);
  });

  it.each([
    ['10.0.4.12', 86_400, 'adopt gitlab.mail.corp.internal --ttl 3600'],
    ['10.0.4.12', 5, 'adopt gitlab.mail.corp.internal --ttl 30'],
    ['8.8.8.8', 86_400, undefined],
    ['8.8.8.8', 60, undefined],
  ] as const)(
    'A %s with TTL %i: the refusal to adopt it gives the line that is not refused, if there is one',
    async (ip, ttlSeconds, line) => {
      const worker = workerUnderTest({ zones: [{ ...zoneSeed, recordSets: [{ ...set('A', ip), ttlSeconds }] }] });
      await worker.say(`adopt ${host}`);
      if (line === undefined) return expect(worker.lastReply()).not.toContain('--ttl');
      expect(worker.lastReply()).toContain(`/postal-endpoint ${line}`);
      await worker.say(line);
      expect(await worker.kinds(host)).toEqual(['refused', 'requested', 'applying', 'applied']);
    },
  );

  it('is not said to have this bot’s marker where the marker is another’s', async () => {
    const worker = workerUnderTest();
    await replaceWith(worker, [record(), text('"heritage=external-dns"')]);
    await worker.say(`show ${host}`);
    expect(worker.lastReply()).toContain('with a marker that is not this bot’s');
    expect(worker.lastReply()).not.toContain('with ownership marker');
  });
});
