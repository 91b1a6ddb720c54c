import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../lib/core/base/digest.ts';
import type { Entry } from '../../lib/core/ledger/entry.ts';
import { runShell } from '../../lib/shell/run-shell.ts';
import { rechained } from '../support/announced-history.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const hosts = ['gitlab.mail.corp.internal', 'tickets.mail.corp.internal'] as const;
const never = new AbortController().signal;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let lines: readonly string[];

beforeAll(async () => {
  folder = await temporaryFolder();
  const worker = workerUnderTest();
  for (const host of hosts) await worker.say(`add ${host} 10.0.4.12`);
  const entries = await Promise.all(hosts.map((host) => worker.ledger.read(host, never)));
  lines = entries.flat().map((entry) => canonicalJson(entry));
});
afterAll(() => folder[Symbol.asyncDispose]());

const verifyLines = (given: readonly string[], ...more: readonly string[]) => {
  const file = join(folder.path, 'history.jsonl');
  writeFileSync(file, `${given.join('\n')}\n`);
  return runShell(['verify', '--file', file, ...more]);
};
const at = (index: number): string => lines[index] ?? '';
const entryAt = (index: number): Entry => JSON.parse(at(index));

describe('postal-endpoint verify --file', () => {
  it('recomputes every hash and link of an export', async () => {
    const { text, exitCode } = await verifyLines(lines);
    expect(text).toContain('every hash and every link of 6 entries of 2 streams');
    expect(text).toContain(`${hosts[1]}: last is entry 3, hash ${entryAt(5).hash}`);
    expect(text).toContain('A file alone cannot prove');
    expect(exitCode).toBe(0);
  });

  it('counts what a filter leaves out as gaps, not as faults', async () => {
    const { text, exitCode } = await verifyLines([at(0), at(2), at(4)]);
    expect(text).toContain('3 entries of 2 streams');
    expect(text).toContain('2 gaps');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['an edited entry', () => [at(0).replace('10.0.4.12', '10.0.4.66'), at(1)], 'was edited'],
    [
      'an entry of another chain',
      () => [
        ...[0, 1].map(at),
        canonicalJson(rechained([{ ...entryAt(0), at: '2026-01-01T00:00:00.000Z' }, entryAt(1), entryAt(2)])[2]),
      ],
      'does not follow',
    ],
    ['entries in another order', () => [at(1), at(0)], 'duplicate or out of order'],
    ['an entry twice', () => [at(0), at(0)], 'duplicate or out of order'],
    [
      'a first entry that follows something',
      () => [canonicalJson({ ...entryAt(0), previousHash: '1'.repeat(64) })],
      'was edited',
    ],
    [
      'another spelling of the JSON',
      () => [JSON.stringify(entryAt(0), undefined, ' ').replaceAll('\n', '')],
      'not written as it was hashed',
    ],
    ['what is no entry', () => [at(0), '{}'], 'line 2: is not an entry'],
    ['what is no JSON', () => ['gitlab'], 'line 1: is not an entry'],
  ])('finds %s', async (_, make, message) => {
    const { text, exitCode } = await verifyLines(make());
    expect(text).toContain('NOT VERIFIED');
    expect(text).toContain(message);
    expect(exitCode).toBe(2);
    const json = JSON.parse((await verifyLines(make(), '--json')).text);
    expect(json.faults).toHaveLength(1);
  });

  it.each([
    [['--file', '/nowhere/history.jsonl'], 'file: /nowhere/history.jsonl cannot be read'],
    [['--file', 'x', '--channel', 'C0AUDIT'], '--channel does not apply to --file'],
    [['gitlab.mail.corp.internal', '--file', 'x'], 'does not apply to --file'],
  ])('%j is wrong usage', async (args, message) => {
    expect(await runShell(['verify', ...args])).toMatchObject({ exitCode: 3, text: expect.stringContaining(message) });
  });

  it('says that a file has no entries', async () => {
    expect(await verifyLines([])).toMatchObject({ exitCode: 3, text: expect.stringContaining('has no entries') });
  });
});
