import { describe, expect, it } from 'vitest';
import { largestExportBytes } from '../../../lib/app/history/export-history.ts';
import { cachedUserGroups } from '../../../lib/app/ports/user-groups.ts';
import { createLinesVerifier } from '../../../lib/app/verify/verify-lines.ts';
import { canonicalJson } from '../../../lib/core/base/digest.ts';
import type { Entry } from '../../../lib/core/ledger/entry.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const other = 'tickets.mail.corp.internal';
const never = new AbortController().signal;

type Worker = ReturnType<typeof workerUnderTest>;

const release = async (worker: Worker, hostname: string): Promise<void> => {
  const [waiting] = fold(await worker.ledger.read(hostname, never)).pending;
  if (waiting === undefined) throw new Error(`no plan of ${hostname} waits: ${worker.lastReply()}`);
  await worker.say(`approve ${waiting.changeId} --plan ${waiting.plan.digest}`);
};

/** gitlab: 10.0.4.12, then 10.0.4.13 with a standby, then gone; tickets: 10.0.9.9, by li. */
const lived = async (): Promise<Worker> => {
  const worker = workerUnderTest();
  await worker.say(`add ${host} 10.0.4.12`);
  await worker.clock.advance(60_000);
  await worker.say(`update ${host} 10.0.4.13 --standby 10.0.4.99`);
  await release(worker, host);
  await worker.clock.advance(60_000);
  await worker.say(`update ${host} --port 465`);
  await release(worker, host);
  await worker.clock.advance(60_000);
  await worker.say(`add ${other} 10.0.9.9`, { user: 'li' });
  return worker;
};

/** The verbs and hostnames of the rows of the newest answer, newest first. */
const rows = (worker: Worker): readonly string[] => {
  const blocks = worker.messenger.replies.at(-1)?.message.blocks ?? [];
  const table = blocks.find((block) => block.type === 'table');
  const cells = table?.type === 'table' ? table.rows.slice(1).map((row) => row[2]) : [];
  return cells.map((cell) => (cell?.type === 'raw_text' ? cell.text : ''));
};

describe('history --target', () => {
  it.each([
    ['10.0.4.12', [`update ${host}: 10.0.4.12 → 10.0.4.13`, `add ${host}: nothing → 10.0.4.12`]],
    ['10.0.4.13', [`update ${host}: 10.0.4.12 → 10.0.4.13`]],
    ['10.0.4.99', [`update ${host}: 10.0.4.12 → 10.0.4.13`]],
    ['10.0.9.9', [`add ${other}: nothing → 10.0.9.9`]],
    ['10.0.1.1', []],
  ])('%s: every change that set it or took it away', async (target, expected) => {
    const worker = await lived();
    await worker.say(`history --target ${target}`);
    expect(rows(worker)).toEqual(expected);
    expect(worker.lastReply()).toContain(target);
  });

  it('looks back a year, takes any spelling of an address, and the other filters besides', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} fd00::1`);
    await worker.clock.advance(200 * 86_400_000);
    await worker.say(`add ${other} fd00::1`, { user: 'li' });
    await worker.say('history --target FD00:0::0001');
    expect(rows(worker)).toHaveLength(2);
    await worker.say('history --target fd00::1 --by <@U0LI>');
    expect(rows(worker)).toEqual([`add ${other}: nothing → fd00::1`]);
    await worker.say('history --target fd00::1 --since 7d');
    expect(rows(worker)).toHaveLength(1);
    await worker.say(`history ${host} --target fd00::1`);
    expect(rows(worker)).toHaveLength(1);
  });

  it('says what is wrong with a target', async () => {
    const worker = workerUnderTest();
    await worker.say('history --target 10.0.4.256');
    expect(worker.lastReply()).toContain('above 255');
  });
});

it('keeps every filter from page to page', async () => {
  const worker = workerUnderTest();
  for (let index = 0; index < 25; index += 1) await worker.say(`add h${index}.mail.corp.internal 10.0.4.12`);
  await worker.say('history --since 2d --by <@U0MARIA> --target 10.0.4.12');
  expect(worker.lastReply()).toContain('history --since 2d --by U0MARIA --target 10.0.4.12 --page 2');
  await worker.say('history --since 2d --by U0MARIA --target 10.0.4.12 --page 2');
  expect(rows(worker)).toHaveLength(5);
});

it('says of one hostname what is new where it leads on to the same, without its name in every row', async () => {
  const worker = await lived();
  await worker.say(`update ${host} --ssl-mode STARTTLS --ttl 300 --note "moved"`);
  await release(worker, host);
  await worker.say(`history ${host}`);
  expect(rows(worker)).toEqual([
    'update: 10.0.4.13, mode Auto → STARTTLS, TTL 60 → 300, note',
    'update: 10.0.4.13, port 25 → 465',
    'update: 10.0.4.12 → 10.0.4.13',
    'add: nothing → 10.0.4.12',
  ]);
});

it('says of a plan that waits no more than that', async () => {
  const worker = await lived();
  await worker.say(`update ${host} 10.0.4.77`);
  await worker.say(`history ${host}`);
  expect(worker.lastReply()).toContain('"⏳ requested"');
  expect(worker.lastReply()).not.toContain('not yet announced');
});

describe('history of all hostnames', () => {
  /** So many names, each with an update. */
  const many = async (names: number): Promise<Worker> => {
    const worker = workerUnderTest();
    for (let index = 0; index < names; index += 1) {
      const hostname = `h${String(index).padStart(2, '0')}.mail.corp.internal`;
      await worker.say(`add ${hostname} 10.0.4.${index + 1}`);
      await worker.say(`update ${hostname} --ttl 300`);
      await release(worker, hostname);
    }
    return worker;
  };

  /** Answers `history`, and what it asked of the ledger for it. */
  const counted = async (worker: Worker, text: string): Promise<readonly string[]> => {
    const asked: string[] = [];
    const { ledger } = worker;
    const counting = {
      ...ledger,
      read: (...given: Parameters<typeof ledger.read>) => {
        asked.push(given[0]);
        return ledger.read(...given);
      },
      byDay: (...given: Parameters<typeof ledger.byDay>) => {
        asked.push(`${given[0]}${given[1] === undefined ? '' : ', a further page'}`);
        return ledger.byDay(...given);
      },
    };
    await worker.work(worker.message(text), 1, { ledger: counting });
    return asked;
  };

  it('asks the ledger for days, and not for each hostname', async () => {
    const [few, more] = [await many(3), await many(14)];
    const firstPages = (asked: readonly string[]): readonly string[] =>
      asked.filter((each) => !each.includes('further'));
    const ofFew = firstPages(await counted(few, 'history'));
    expect(ofFew).toHaveLength(8);
    expect(firstPages(await counted(more, 'history'))).toEqual(ofFew);
    expect(rows(more)).toHaveLength(20);
    expect(firstPages(await counted(more, 'history --by @maria'))).toEqual(ofFew);
  });

  it('reads what is not finished once more, for the index by day lags behind', async () => {
    const worker = await many(2);
    await worker.say('update h01.mail.corp.internal 10.0.4.77');
    expect((await counted(worker, 'history')).filter((each) => each.includes('mail'))).toEqual([
      'h01.mail.corp.internal',
    ]);
    const [waiting] = fold(await worker.ledger.read('h01.mail.corp.internal', never)).pending;
    const ledger = {
      ...worker.ledger,
      byDay: async (...given: Parameters<typeof worker.ledger.byDay>) => {
        const { entries, ...rest } = await worker.ledger.byDay(...given);
        const isSeen = ({ body }: Entry): boolean =>
          !('changeId' in body) || body.changeId !== waiting?.changeId || body.kind === 'requested';
        return { entries: entries.filter(isSeen), ...rest };
      },
    };
    await release(worker, 'h01.mail.corp.internal');
    await worker.work(worker.message('history'), 1, { ledger });
    expect(worker.lastReply()).not.toContain('⏳');
    expect(rows(worker)[0]).toBe('update h01.mail.corp.internal: 10.0.4.2 → 10.0.4.77');
  });

  it('stops where it takes too long, and says before which day nothing was read', async () => {
    const worker = await many(2);
    const nowMs = worker.clock.now();
    let slowMs = 0;
    const clock = { ...worker.clock, now: () => worker.clock.now() + slowMs };
    const days: string[] = [];
    const ledger = {
      ...worker.ledger,
      byDay: (...given: Parameters<typeof worker.ledger.byDay>) => {
        days.push(given[0]);
        slowMs += 2_000;
        return worker.ledger.byDay(...given);
      },
    };
    await worker.work(worker.message('history --since 90d'), 1, { ledger, clock });
    const cutAt = new Date(nowMs - 15 * 86_400_000).toISOString().slice(0, 10);
    expect(days.toSorted()[0]).toBe(cutAt);
    expect(rows(worker)).toHaveLength(4);
    expect(worker.lastReply()).toContain(`⚠️ Changes before ${cutAt} (UTC) were not read`);
    slowMs = 0;
    await worker.work(worker.message('history --since 90d --export'), 1, { ledger, clock });
    expect(worker.files.uploads).toEqual([]);
    expect(worker.lastReply()).toContain('takes too long to read');
    await worker.say('history --since 90d');
    expect(worker.lastReply()).not.toContain('Changes before');
  });
});

describe('history --export', () => {
  const linesIn = (worker: Worker): readonly string[] => {
    const bytes = worker.files.uploads.at(-1)?.bytes;
    return bytes === undefined ? [] : Buffer.from(bytes).toString().trimEnd().split('\n');
  };
  const entriesIn = (worker: Worker): readonly Entry[] => linesIn(worker).map((line) => JSON.parse(line));

  it('hands the person a file, every line an entry as it was hashed, and says how many', async () => {
    const worker = await lived();
    await worker.say(`history ${host} --export`);
    const [upload] = worker.files.uploads;
    expect(upload?.destination).toBe('U0MARIA');
    expect(upload?.name).toMatch(/^history-gitlab\.mail\.corp\.internal-20\d\d-\d\d-\d\dT\d{6}Z\.jsonl$/);
    const stream = await worker.ledger.read(host, never);
    expect(linesIn(worker)).toEqual(stream.map((entry) => canonicalJson(entry)));
    expect(worker.lastReply()).toContain(`: ${stream.length} entries of ${host}`);
    expect(worker.lastReply()).toContain('https://local.example/files/F1');
    expect(upload?.comment).toContain(`verify --file ${upload?.name}`);
    const verifier = createLinesVerifier();
    for (const line of linesIn(worker)) verifier.take(line);
    expect(verifier.verification()).toMatchObject({ entries: stream.length, faults: [] });
    expect(verifier.verification().streams.get(host)).toMatchObject({ gaps: 0, hash: stream.at(-1)?.hash });
  });

  it('goes to the channel with --share alone', async () => {
    const worker = await lived();
    await worker.say('history --export --share');
    expect(worker.files.uploads[0]?.destination).toBe('C0OTHER');
    expect(new Set(entriesIn(worker).map(({ stream }) => stream))).toEqual(new Set([host, other]));
    expect(worker.messenger.replies.at(-1)?.inChannel).toBe(false);
  });

  it('keeps to the filters', async () => {
    const worker = await lived();
    await worker.say('history --export --by <@U0LI>');
    expect(entriesIn(worker).map(({ stream, body }) => `${stream} ${body.kind}`)).toEqual(
      ['requested', 'applying', 'applied'].map((kind) => `${other} ${kind}`),
    );
    await worker.say(`history ${host} --export --target 10.0.4.99`);
    const kinds = ['requested', 'approved', 'applying', 'applied'];
    expect(entriesIn(worker).map(({ body }) => body.kind)).toEqual(kinds);
  });

  it('makes no file of nothing', async () => {
    const worker = await lived();
    await worker.say('history --export --target 10.0.1.1');
    expect(worker.files.uploads).toEqual([]);
    expect(worker.lastReply()).toContain('No history');
  });

  it.each([
    [{ kind: 'refused', code: 'missing_scope' } as const, ['files:write', 'im:write', 'Nothing was sent']],
    [{ kind: 'refused', code: 'not_in_channel' } as const, ['not a member']],
    [{ kind: 'rate-limited', retryAfterSeconds: 90 } as const, ['90 s']],
    [{ kind: 'unreachable', message: 'reset' } as const, ['did not confirm the file']],
  ])('%j: says so, and how to do without Slack', async (failure, parts) => {
    const worker = await lived();
    worker.files.trouble.push(failure);
    await worker.say(`history ${host} --export --since 2d --by <@U0MARIA> --target 10.0.4.12`);
    for (const part of [
      ...parts,
      `postal-endpoint export --ledger-table NAME ${host} --since 2d --by U0MARIA --target 10.0.4.12`,
    ])
      expect(worker.lastReply()).toContain(part);
  });

  it('does not take more into its memory than it has room for', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    const [first] = await worker.ledger.read(host, never);
    if (first?.body.kind !== 'requested') throw new Error('no request');
    const large: Entry = { ...first, body: { ...first.body, text: 'x'.repeat(1024 * 1024) } };
    let read = 0;
    const ledger = {
      ...worker.ledger,
      byDay: async () => ({
        entries: Array.from({ length: 40 }, (_, index) => ({ ...first, stream: `h${index}.corp.internal` })),
      }),
      read: async (stream: string) => {
        read += 1;
        return [{ ...large, stream }];
      },
    };
    await worker.work(worker.message('history --export'), 1, { ledger });
    expect(worker.files.uploads).toEqual([]);
    expect(worker.lastReply()).toContain('larger than 16 MiB');
    expect(read).toBe(largestExportBytes / 1024 / 1024);
  });

  it('does not go together with --verify', async () => {
    const worker = await lived();
    await worker.say('history --verify --export');
    expect(worker.lastReply()).toContain('cannot be combined with --by, --target or --export');
  });
});

it.each(['history', 'history --verify'])(
  '%s: who has the right by a user group sees what the group may',
  async (line) => {
    const worker = await lived();
    const grants = [
      {
        name: 'tickets',
        teams: ['T0TEAM'],
        userGroups: ['S0TICKETS'],
        verbs: ['history' as const],
        hostnames: [other],
      },
    ];
    const userGroups = cachedUserGroups({ members: async () => new Set(['U0LI']) }, worker.clock);
    await worker.work(worker.message(line, { user: 'li' }), 1, {
      policy: { ...worker.ports.policy, grants },
      userGroups,
    });
    expect(worker.lastReply()).toMatch(line === 'history' ? /tickets/ : /of 1 hostname verified/);
    expect(worker.lastReply()).not.toContain(host);
  },
);
