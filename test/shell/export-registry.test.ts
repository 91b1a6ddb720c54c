import { describe, expect, it } from 'vitest';
import { exportRegistry } from '../../lib/shell/export-registry.ts';
import { runShell } from '../../lib/shell/run-shell.ts';
import { UsageError } from '../../lib/shell/shell-result.ts';
import { workerUnderTest } from '../support/worker-under-test.ts';

const { signal } = new AbortController();
const table = 'the-ledger';

/** A ledger with three names, one of which was removed since, and the moment before that. */
const start = async () => {
  const worker = workerUnderTest({ policy: { confirm: { verbs: [] } } });
  await worker.say('add gitlab.mail.corp.internal 10.0.4.1 --owner U0MARIA --standby 10.0.4.9');
  await worker.say('add wiki.mail.corp.internal 10.0.4.2 --owner "The wiki team"');
  await worker.say('add old.git.corp.internal 10.0.4.1');
  const before = `${new Date(worker.clock.now()).toISOString().slice(0, 19)}Z`;
  await worker.clock.advance(60_000);
  await worker.say('remove old.git.corp.internal');
  await worker.say('update wiki.mail.corp.internal 10.0.4.3');
  type Asked = Parameters<typeof exportRegistry>[0];
  const exported = (texts: Asked['texts'], at?: string, format: Asked['format'] = 'csv') =>
    exportRegistry({ format, at, texts }, table, signal)(worker.ledger);
  return { worker, before, exported };
};

const named = ({ text }: { readonly text: string }): readonly string[] =>
  text
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').slice(0, 2).join(' '));

const [gitlab, wiki] = ['gitlab.mail.corp.internal 10.0.4.1', 'wiki.mail.corp.internal 10.0.4.3'] as const;

describe('export --format', () => {
  it.each<[object, readonly string[]]>([
    [{}, [gitlab, wiki]],
    [{ hostname: 'all' }, [gitlab, wiki]],
    [{ hostname: 'GitLab.mail.corp.internal.' }, [gitlab]],
    [{ hostname: '*.mail.corp.internal' }, [gitlab, wiki]],
    [{ hostname: '10.0.4.3' }, [wiki]],
    [{ target: '10.0.4.9' }, [gitlab]],
    [{ owner: 'The wiki team' }, [wiki]],
    [{ hostname: 'U0MARIA' }, [gitlab]],
    [{ hostname: '*.mail.corp.internal', target: '10.0.4.1', owner: 'U0MARIA' }, [gitlab]],
  ])('%j chooses as list does', async (texts, expected) => {
    const { exported } = await start();
    expect(named(await exported(texts))).toEqual(expected);
  });

  it('--at is what was registered then', async () => {
    const { exported, before } = await start();
    expect(named(await exported({}, before))).toEqual([
      gitlab,
      'old.git.corp.internal 10.0.4.1',
      'wiki.mail.corp.internal 10.0.4.2',
    ]);
    expect(named(await exported({ target: '10.0.4.1' }, before))).toHaveLength(2);
    expect(await exported({ hostname: '*.git.corp.internal' })).toMatchObject({
      text: expect.stringContaining('has no such registered hostname'),
      exitCode: 3,
    });
  });

  it('exports nothing of a ledger that was changed', async () => {
    const { exported, worker } = await start();
    const [first] = await worker.ledger.read('wiki.mail.corp.internal', signal);
    if (first === undefined) throw new Error('no entry');
    worker.ledger.overwrite(first.stream, 1, { ...first, at: '2026-01-01T00:00:00.000Z' });
    expect(await exported({})).toMatchObject({
      text: expect.stringMatching(
        /nothing was exported: Entry 1 of wiki\.mail\.corp\.internal was edited.*verify lists/s,
      ),
      exitCode: 3,
    });
  });

  it('says from when on there are entries', async () => {
    const { exported } = await start();
    expect(await exported({}, '2020-01-01')).toMatchObject({
      text: expect.stringMatching(/at: the first entry of the ledger is from 20\d\d-.*Give a time after that/),
      exitCode: 3,
    });
  });

  it.each([
    [{}, 'yesterday', 'at: "yesterday" is not a valid time.'],
    [{}, '2999-01-01', 'at: 2999-01-01 is in the future.'],
    [{ target: '10.0.4' }, undefined, 'target: '],
    [{ hostname: 'a b' }, undefined, 'hostname: '],
  ])('refuses %j at %s', async (texts, at, expected) => {
    const { exported } = await start();
    expect(() => exported(texts, at)).toThrow(UsageError);
    expect(() => exported(texts, at)).toThrow(expected);
  });
});

it.each([
  [['--state', 'down'], "state: the ledger knows what was registered, but not states, Postal's reports"],
  [['--format', 'csv', '--server', 'a/b'], 'Leave --server out'],
  [['--format', 'csv', '--in-postal', 'no'], 'Leave --in-postal out'],
  [['--registry', '--unregistered'], 'Leave --unregistered out'],
  [['--owner', 'U0MARIA'], 'owner: it is about what is registered. Add --format csv, jsonl or zone.'],
  [['--ledger', '--at', '2026-01-01'], 'at: it is about what is registered.'],
  [['--registry', '--by', 'U0MARIA'], 'by: it selects changes, and --registry prints what is registered.'],
  [['a', 'b', '--format', 'csv', '--ledger-table', table], '"b": unexpected argument.'],
])('export %j is refused with one message', async (options, expected) => {
  const { text, exitCode } = await runShell(['export', ...options]);
  expect(text.split('\n')[0]).toContain(expected);
  expect(exitCode).toBe(3);
});
