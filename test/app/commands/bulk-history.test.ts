import { describe, expect, it } from 'vitest';
import { verify } from '../../../lib/app/verify/verify.ts';
import { bulkStream } from '../../../lib/core/bulk/bulk-stream.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { entriesIn, evidenceOf, rechained, withEntries } from '../../support/announced-history.ts';
import { bulkUnderTest } from '../../support/bulk-under-test.ts';

const signal = new AbortController().signal;
const names = ['a', 'b', 'c'].map((label) => `${label}.corp.internal`);
const [a = '', b = ''] = names;

/** Three names with one address, which one bulk has moved hours later. */
const moved = async (...[options]: Parameters<typeof bulkUnderTest>) => {
  const worker = bulkUnderTest({ ...options, policy: { confirm: { verbs: [] }, ...options?.policy } });
  for (const name of names) await worker.say(`add ${name} 10.0.4.12`);
  await worker.clock.advance(3 * 3_600_000);
  await worker.say('move 10.0.4.12 10.0.5.12');
  await worker.press('Apply 3');
  const bulkId = worker.button('Undo all').slice('undo '.length);
  const addressOf = async (name: string): Promise<readonly string[]> =>
    (await worker.records(name)).filter(({ type }) => type === 'A').flatMap(({ values }) => values);
  return { ...worker, bulkId, addressOf };
};

describe('the history of a bulk', () => {
  it('is one row, and the names in it are named in their own history', async () => {
    const { say, lastReply, bulkId } = await moved();
    await say('history --since 1h');
    expect(lastReply()).toContain('📦 Move 10.0.4.12 to 10.0.5.12: 3 updates');
    expect(lastReply()).toContain('✅ 3 applied');
    expect(lastReply()).toContain(`bulk ${bulkId}`);
    for (const name of names) expect(lastReply()).not.toContain(name);
    await say(`history ${a}`);
    expect(lastReply()).toContain('10.0.4.12 → 10.0.5.12 (bulk ');
    await say('history --since 1h --target 10.0.5.12');
    expect(lastReply()).toContain('3 updates');
    await say('history --since 1h --target 10.0.77.1');
    expect(lastReply()).toContain('No history');
    await say('history --since 1h --by @li');
    expect(lastReply()).not.toContain('📦');
  });

  it('links to the one message of the audit channel that speaks for all its names', async () => {
    const { say, lastReply, messenger } = await moved();
    await say('history --since 1h');
    expect(messenger.posts.filter(({ channelId }) => channelId === 'C0AUDIT')).toHaveLength(names.length + 1);
    expect(lastReply()).toMatch(/"type":"link","url":"[^"]+","text":"✅ 3 applied"/);
  });

  it('is shown to whoever may see one of its names, and exported only to whoever may see all', async () => {
    const [grant] = examplePolicy().grants;
    if (grant === undefined) throw new Error('no grant');
    const grants = [
      { ...grant, users: ['U0MARIA'] },
      { ...grant, users: ['U0LI'], hostnames: [a] },
      { ...grant, users: ['U0EVE'], hostnames: ['x.corp.internal'] },
    ];
    const { say, lastReply, files, bulkId } = await moved({ policy: { grants } });
    const exported = (): string => Buffer.from(files.uploads.at(-1)?.bytes ?? []).toString();
    await say('history --since 1h', { user: 'li' });
    expect(lastReply()).toContain('📦');
    await say('history --since 1h', { user: 'eve' });
    expect(lastReply()).not.toContain('📦');
    await say('history --export', { user: 'li' });
    expect(exported()).toContain(`"stream":"${a}"`);
    expect(exported()).not.toContain(bulkStream(bulkId));
    await say('history --export');
    expect(exported()).toContain(bulkStream(bulkId));
    await say('history --export --by @maria --target 10.0.5.12');
    expect(exported()).toContain('"kind":"bulk-closed"');
  });
});

it('is one line of the App Home', async () => {
  const { work, message, messenger } = await moved();
  await work({ ...message('whoami'), command: { verb: 'home' } });
  const view = JSON.stringify(messenger.homes.get('U0MARIA'));
  expect(view).toContain('📦 *Move 10.0.4.12 to 10.0.5.12*: 3 updates');
  expect(view.match(/10\.0\.4\.12 → 10\.0\.5\.12/g)).toBeNull();
});

describe('history --verify', () => {
  it('follows the message of a bulk to the last entry of each of its names', async () => {
    const worker = await moved();
    const { verdict, streams, faults } = verify(await evidenceOf(worker));
    expect(faults).toEqual([]);
    expect(verdict).toBe('verified');
    for (const { stream, entries, verifiedUpTo } of streams)
      expect([stream, verifiedUpTo?.sequence]).toEqual([stream, entries]);
    await worker.say(`history ${a} --verify`);
    expect(worker.lastReply()).toContain('of 1 hostname and 1 bulk verified');
  });

  it('finds a name that was changed afterwards, and one that is gone altogether', async () => {
    const worker = await moved();
    await worker.clock.advance(120_000);
    const evidence = await evidenceOf(worker);
    const entries = entriesIn(evidence.streams.get(a) ?? { entries: [] });
    const forged = rechained(
      entries.map((entry) =>
        entry.body.kind === 'applied' ? { ...entry, body: { ...entry.body, changeInfoId: 'CFORGED' } } : entry,
      ),
    );
    expect(verify(withEntries(evidence, a, forged)).faults.map(({ code, stream }) => [code, stream])).toContainEqual([
      'announced-entry-missing',
      a,
    ]);
    const withoutMove = withEntries(
      evidence,
      b,
      rechained(entriesIn(evidence.streams.get(b) ?? { entries: [] }).slice(0, 3)),
    );
    expect(verify(withoutMove).faults).toMatchObject([{ code: 'announced-entry-missing', stream: b }]);
  });

  it('finds an outcome that was taken out of the bulk, and a bulk whose end is gone', async () => {
    const worker = await moved();
    const evidence = await evidenceOf(worker);
    const stream = bulkStream(worker.bulkId);
    const entries = entriesIn(evidence.streams.get(stream) ?? { entries: [] });
    const without = rechained(entries.filter(({ body }) => body.kind !== 'bulk-settled'));
    for (const changed of [without, entries.slice(0, -1)])
      expect(verify(withEntries(evidence, stream, changed)).faults).toMatchObject([
        { code: 'announced-entry-missing', stream },
      ]);
  });

  it('vouches for the names also where each bulk is judged elsewhere', async () => {
    const worker = await moved();
    const evidence = await evidenceOf(worker, { choose: (all) => all.filter((name) => name === a) });
    expect([...evidence.streams.keys()]).toEqual([a]);
    const { streams, faults } = verify(evidence);
    expect(faults).toEqual([]);
    expect(streams).toMatchObject([{ stream: a, verifiedUpTo: { sequence: streams[0]?.entries } }]);
  });
});

describe('undo of a bulk', () => {
  it('takes everything back as one bulk, and that back, too', async () => {
    const { say, press, button, lastReply, addressOf, bulkId } = await moved();
    await say(button('Undo all'));
    expect(lastReply()).toContain('Undo: Move 10.0.4.12 to 10.0.5.12: 3 undos');
    await press('Apply 3');
    for (const name of names) expect(await addressOf(name)).toEqual(['10.0.4.12']);
    await say(button('Undo all'));
    await press('Apply 3');
    for (const name of names) expect(await addressOf(name)).toEqual(['10.0.5.12']);
    await say(`undo bulk:${bulkId}`);
    expect(lastReply()).toContain('3 undos');
  });

  it('leaves out and names what was changed since, also by hand', async () => {
    const { say, press, button, lastReply, addressOf, ports } = await moved();
    await say(`update ${a} 10.0.9.9`, { user: 'li' });
    const [standing] = await ports.zones.readNames('Z0CORP', [b], signal).then((read) => (read.ok ? read.value : []));
    if (standing === undefined) throw new Error('no record');
    await ports.zones.submit(
      'Z0CORP',
      [
        { action: 'DELETE', recordSet: standing },
        { action: 'CREATE', recordSet: { ...standing, values: ['10.66.0.1'] } },
      ],
      'by hand',
      signal,
    );
    await say(button('Undo all'));
    expect(lastReply()).toContain('Apply 1 of 3');
    expect(lastReply()).toContain('the name was changed again');
    expect(lastReply()).toContain('Route 53 now has different records');
    await press('Apply 1 of 3');
    expect([await addressOf(a), await addressOf(b)]).toEqual([['10.0.9.9'], ['10.66.0.1']]);
  });

  it('needs the right for each name', async () => {
    const [grant] = examplePolicy().grants;
    if (grant === undefined) throw new Error('no grant');
    const grants = [
      { ...grant, users: ['U0MARIA'] },
      { ...grant, users: ['U0LI'], hostnames: [a] },
    ];
    const { say, lastReply, bulkId } = await moved({ policy: { grants } });
    await say(`undo ${bulkId}`, { user: 'li' });
    expect(lastReply()).toContain('Apply 1 of 3');
  });
});

describe('undo --since', () => {
  it('brings each name back to what it was before, adds and repeated changes included', async () => {
    const { say, press, addressOf, records, bulkId: _ } = await moved();
    await say(`update ${a} 10.0.9.9`);
    await say('add new.corp.internal 10.0.4.99');
    await say('undo --since 1h');
    await press('Apply 4');
    for (const name of names) expect(await addressOf(name)).toEqual(['10.0.4.12']);
    expect(await records('new.corp.internal')).toEqual([]);
    await say('undo --since 1h');
  });

  it('has nothing left to do when it is asked again', async () => {
    const { say, press, lastReply } = await moved();
    await say('undo --since 1h');
    await press('Apply 3');
    await say('undo --since 1h');
    expect(lastReply()).toContain('none of your changes in the last 1h is still in effect');
  });
});
