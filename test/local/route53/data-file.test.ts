import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLocalRoute53 } from '../../../lib/local/route53/local-route53.ts';
import { startLocalRoute53 } from '../../support/local-route53.ts';
import { createManualClock } from '../../support/manual-clock.ts';

const signal = new AbortController().signal;
const zones = [{ id: 'ZCORP', name: 'corp.internal' }];
const recordSet = { name: 'a.corp.internal', type: 'TXT', ttlSeconds: 60, values: ['"\\303\\251"'] };
let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'route53-'));
  file = join(folder, 'data', 'route53.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('zones, record sets and changes survive a restart; a seed does not undo what was done to its zone', async () => {
  const first = await startLocalRoute53({ zones, file, insyncDelayMs: 60_000 });
  const accepted = await first.store.submit('ZCORP', [{ action: 'CREATE', recordSet }], 'kept', signal);
  await first.route53.close();

  const added = { id: 'ZNEW', name: 'new.internal' };
  const second = await startLocalRoute53({ zones: [...zones, added], file });
  expect(await second.store.readNames('ZCORP', [recordSet.name], signal)).toEqual({ ok: true, value: [recordSet] });
  expect(await second.store.inspectZone('ZNEW', signal)).toMatchObject({ ok: true });
  const changeInfoId = accepted.kind === 'accepted' ? accepted.changeInfoId : '';
  expect(await second.store.changeStatus(changeInfoId, signal)).toEqual({ ok: true, value: 'PENDING' });
  await second.clock.advance(60_000);
  expect(await second.store.changeStatus(changeInfoId, signal)).toEqual({ ok: true, value: 'INSYNC' });
  await second.route53.close();
});

test('what was answered is in the file already, and nothing else is left beside it', async () => {
  const { route53, store } = await startLocalRoute53({ zones, file });
  await store.submit('ZCORP', [{ action: 'CREATE', recordSet }], 'kept', signal);
  expect(await readFile(file, 'utf8')).toContain('"a.corp.internal"');
  expect(await readdir(join(folder, 'data'))).toEqual(['route53.json']);
  await route53.close();
});

test('a change that cannot be kept is an error, and did not happen', async () => {
  const { route53, store } = await startLocalRoute53({ zones, file: join(folder, 'route53.json') });
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file where the folder was');
  expect(await store.submit('ZCORP', [{ action: 'CREATE', recordSet }], 'lost', signal)).toMatchObject({
    kind: 'failed',
    failure: { kind: 'unreachable', message: expect.stringContaining('HTTP 500') },
  });
  expect(await store.readNames('ZCORP', [recordSet.name], signal)).toEqual({ ok: true, value: [] });
  await route53.close();
});

test.each([
  ['no JSON', '{"version": 1', 'is not JSON'],
  ['of another version', '{"version": 2, "zones": [], "changes": []}', 'is not a data file of the local Route 53'],
  ['of another kind', '[]', 'is not a data file of the local Route 53'],
])('a file that is %s is refused with its path, and left alone', async (_, text, message) => {
  const path = join(folder, 'route53.json');
  await writeFile(path, text);
  await chmod(path, 0o600);
  expect(() => createLocalRoute53({ clock: createManualClock(), zones, file: path })).toThrow(`${path} ${message}`);
  expect(await readFile(path, 'utf8')).toBe(text);
});
