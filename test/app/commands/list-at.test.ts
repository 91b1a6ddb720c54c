import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directoryItem, listRegistered } from '../../../lib/app/state/directory.ts';
import { parseHostname } from '../../../lib/core/endpoint/hostname.ts';
import type { RegistryRow } from '../../../lib/core/endpoint/registry-row.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { readingLimits } from '../../../lib/core/limits/limits.ts';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const { signal } = new AbortController();

const start = (policy: NonNullable<Parameters<typeof workerUnderTest>[0]>['policy'] = {}) =>
  workerUnderTest({ policy: { confirm: { verbs: [] }, ...policy } });
type Worker = ReturnType<typeof start>;

const isoNow = ({ clock }: Worker): string => new Date(clock.now()).toISOString().slice(0, 19);
const minute = 60_000;

/** Says it, and lets a minute pass. */
const said = async (worker: Worker, line: string): Promise<string> => {
  await worker.say(line);
  const at = `${isoNow(worker)}Z`;
  await worker.clock.advance(minute);
  return at;
};

describe('list --at', () => {
  it('shows what was registered then, the last change by then, and what was done since', async () => {
    const worker = start();
    const first = await said(worker, 'add a.corp.internal 10.0.4.1 --standby 10.0.4.9 --port 2525');
    const second = await said(worker, 'add b.corp.internal 10.0.4.2');
    await said(worker, 'update a.corp.internal 10.0.4.3');
    await said(worker, 'remove b.corp.internal');
    await worker.say(`list --at ${first}`);
    expect(worker.lastReply()).toContain('*1 endpoint* was registered at');
    expect(worker.lastReply()).toContain('a.corp.internal → 10.0.4.1 (standby 10.0.4.9), port 2525, Auto');
    expect(worker.lastReply()).toMatch(/Last change by then: `\w{4}…\w\w`, add `a\.corp\.internal`/);
    expect(worker.lastReply()).toContain('3 changes were applied since');
    await worker.say(`list --at ${second}`);
    expect(worker.lastReply()).toContain('*2 endpoints* were registered at');
    await worker.say(`list --at ${isoNow(worker)}Z`);
    expect(worker.lastReply()).toContain('a.corp.internal → 10.0.4.3');
    expect(worker.lastReply()).not.toContain('b.corp.internal →');
    expect(worker.lastReply()).toContain('0 changes were applied since');
  });

  it('takes a day as its beginning in the time zone of the policy, and a time with a space or an offset', async () => {
    const worker = start({ timeZone: 'Asia/Kolkata' });
    await worker.clock.advance(Date.parse('2026-03-10T18:00:00Z') - worker.clock.now());
    await worker.say('add a.corp.internal 10.0.4.1');
    await worker.clock.advance(3 * 86_400_000);
    // Midnight in Kolkata is 18:30 UTC.
    for (const [at, count] of [
      ['2026-03-11', 1],
      ['2026-03-11T00:00', 1],
      ['2026-03-10T18:10Z', 1],
      ['"2026-03-10 23:45"', 1],
    ] as const) {
      await worker.say(`list --at ${at}`);
      expect([at, worker.lastReply()]).toEqual([at, expect.stringContaining(`*${count} endpoint* was registered at`)]);
    }
    await worker.say('list --at 2026-03-10');
    expect(worker.lastReply()).toMatch(/the first entry of the ledger is from .* Give a time after that/);
  });

  it('takes a pattern, an owner and a target, and pages keep them', async () => {
    const worker = start();
    for (let index = 10; index < 35; index += 1)
      await worker.say(`add h${index}.mail.corp.internal 10.0.4.1 --owner U0MARIA`);
    await said(worker, 'add other.git.corp.internal 10.0.4.1 --owner U0LI');
    const at = await said(worker, 'add third.mail.corp.internal 10.0.4.2 --owner U0MARIA --standby 10.0.4.1');
    await said(worker, 'remove h10.mail.corp.internal');
    await worker.say(`list *.mail.corp.internal --owner U0MARIA --target 10.0.4.1 --at ${at}`);
    expect(worker.lastReply()).toContain('*26 endpoints* of `*.mail.corp.internal`');
    expect(worker.lastReply()).toContain('1–20 of 26 · page 1 of 2');
    const next = worker.button('Next');
    expect(next).toBe(`list *.mail.corp.internal --target 10.0.4.1 --owner U0MARIA --at ${at} --page 2`);
    await worker.say(next);
    expect(worker.lastReply()).toContain('third.mail.corp.internal → 10.0.4.2 (standby 10.0.4.1)');
    expect(worker.lastReply()).not.toContain('other.git');
    expect(worker.button('List now')).toBe('list *.mail.corp.internal --target 10.0.4.1 --owner U0MARIA');
    await worker.say(`list *.none.corp.internal --at ${at}`);
    expect(worker.lastReply()).toContain('*No endpoints* of `*.none.corp.internal` were registered at');
  });

  it('hands the registry of that time over as a file', async () => {
    const worker = start();
    const at = await said(worker, 'add a.corp.internal 10.0.4.1 --note =1');
    await said(worker, 'remove a.corp.internal');
    await worker.say(`list --at ${at} --format csv`);
    const [file] = worker.files.uploads;
    expect(file?.name).toBe(`registry-${at.replaceAll(':', '')}.csv`);
    expect(Buffer.from(file?.bytes ?? '').toString()).toContain("a.corp.internal,10.0.4.1,,25,Auto,60,,,'=1");
    expect(file?.comment).toContain(`1 hostname, as of \`${at}\` as CSV`);
  });

  it.each<[string, RegExp]>([
    ['list --at yesterday', /at: \\?"yesterday\\?" is not a valid time\. Write a day such as 2026-11-20/],
    ['list --at 2026-02-30', /is not a valid time/],
    ['list --at 2026-03-01T25:00', /is not a valid time/],
    ['list --at 03:00', /is not a valid time/],
    ['list --at 2999-01-01', /at: 2999-01-01 is in the future\. Leave --at out/],
    ['list --at 1999-01-01', /the first entry of the ledger is from .*2026-03-02.*Give a time after that/],
    ['list --at 2026-03-01 --state down', /Leave out --state\./],
    ['list --at 2026-03-01 --in-postal no --server a', /Leave out --server and --in-postal\./],
    ['list --at 2026-03-01 --unregistered', /Leave out --unregistered\./],
    ['list --at 2026-03-01 --format xls', /unknown format/],
  ])('answers %s with one message', async (line, expected) => {
    const worker = start();
    await said(worker, 'add a.corp.internal 10.0.4.1');
    await worker.say(line);
    expect(worker.lastReply()).toMatch(expected);
  });

  it('says that a ledger without entries tells nothing', async () => {
    const worker = start();
    await worker.say('list --at 2026-01-01');
    expect(worker.lastReply()).toContain('the ledger has no entry yet');
  });

  it('says nothing of what was registered where an entry was edited, wherever its time was moved', async () => {
    const worker = start();
    const at = await said(worker, 'add a.corp.internal 10.0.4.1');
    await said(worker, 'update a.corp.internal 10.0.4.2');
    const entries = await worker.ledger.read('a.corp.internal', signal);
    const applied = entries.find(({ body }) => body.kind === 'applied');
    if (applied === undefined) throw new Error('nothing was applied');
    worker.ledger.overwrite('a.corp.internal', applied.sequence, { ...applied, at: '2026-12-01T00:00:00.000Z' });
    await worker.say(`list --at ${at}`);
    expect(worker.lastReply()).toContain('is not known: the ledger was changed afterwards');
    expect(worker.lastReply()).toContain(`Entry ${applied.sequence} of a.corp.internal was edited`);
    expect(worker.lastReply()).not.toContain('10.0.4.1');
  });

  it('names what was restored without an entry, and does not invent since when it is registered', async () => {
    const worker = start();
    await said(worker, 'add a.corp.internal 10.0.4.1');
    const [known] = await listRegistered(worker.ports.state, signal);
    const parsed = parseHostname('old.corp.internal');
    if (known === undefined || !('hostname' in parsed)) throw new Error('nothing is registered');
    const restored = { ...known, definition: { ...known.definition, hostname: parsed.hostname } };
    await worker.ports.state.put(directoryItem(restored), false, signal);
    await worker.say(`list --at ${isoNow(worker)}Z`);
    expect(worker.lastReply()).toContain('without an entry in the ledger: `old.corp.internal`');
    expect(worker.lastReply()).toContain('*1 endpoint* was registered');
  });

  it('shows nobody names that they may not list', async () => {
    const grants = examplePolicy().grants.map((grant) => ({ ...grant, hostnames: ['*.team.corp.internal'] }));
    const worker = start();
    await said(worker, 'add a.team.corp.internal 10.0.4.1');
    await said(worker, 'add a.corp.internal 10.0.4.1');
    await worker.work(worker.message(`list --at ${isoNow(worker)}Z`), 1, { policy: examplePolicy({ grants }) });
    expect(worker.lastReply()).toContain('a.team.corp.internal');
    expect(worker.lastReply()).not.toContain(' a.corp.internal');
    expect(worker.lastReply()).toContain('0 changes were applied since');
  });

  it('stops in time where the ledger is slow, and says how to get the answer', async () => {
    const worker = start();
    for (let index = 0; index < 40; index += 1) await worker.say(`add h${index}.corp.internal 10.0.4.1`);
    const ledger = {
      ...worker.ledger,
      read: async (...asked: Parameters<typeof worker.ledger.read>) => {
        await worker.clock.advance(readingLimits.milliseconds / 20);
        return worker.ledger.read(...asked);
      },
    };
    await worker.work(worker.message(`list --at ${isoNow(worker)}Z`), 1, { ledger });
    expect(worker.lastReply()).toMatch(
      /histories of 40 hostnames have to be read for that, and only \d\d were read in 20 s/,
    );
    expect(worker.lastReply()).toContain('Narrow the list with a pattern');
    expect(worker.lastReply()).toContain('postal-endpoint export --format csv --at');
  });
});

/** What an endpoint of the model is registered with. */
type Registered = { readonly target: string; readonly port: number; readonly owner: string | null };
type Step = {
  readonly verb: 'add' | 'update' | 'remove' | 'undo' | 'move';
  readonly name: number;
  readonly target: number;
  readonly port: number | undefined;
  readonly owner: string | undefined;
  readonly waits: number;
};

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom('add', 'add', 'add', 'update', 'update', 'remove', 'undo', 'move'),
  name: fc.nat(4),
  target: fc.nat(3),
  port: fc.constantFrom(undefined, undefined, 25, 2525),
  owner: fc.constantFrom(undefined, undefined, 'U0LI', 'team'),
  waits: fc.constantFrom(1, 1_000, 61_000, 3_600_000, 86_400_000, 9 * 86_400_000),
});

/** A registry that knows only what commands mean: nothing of ledgers, plans or DNS. */
const createModel = () => {
  const registered = new Map<string, Registered>();
  const before = new Map<string, (Registered | undefined)[]>();
  const set = (name: string, to: Registered | undefined): void => {
    before.set(name, [...(before.get(name) ?? []), registered.get(name)]);
    if (to === undefined) registered.delete(name);
    else registered.set(name, to);
  };
  return {
    snapshot: (): readonly object[] =>
      [...registered]
        .toSorted(([one], [other]) => (one < other ? -1 : 1))
        .map(([hostname, { target, port, owner }]) => ({ hostname, targets: [target], port, owner })),
    does: (name: string, target: string, { verb, port, owner }: Step): void => {
      const now = registered.get(name);
      if (verb === 'add' && now === undefined) set(name, { target, port: port ?? 25, owner: owner ?? null });
      if (verb === 'update' && now !== undefined) {
        const next = { target, port: port ?? now.port, owner: owner ?? now.owner };
        if (JSON.stringify(next) !== JSON.stringify(now)) set(name, next);
      }
      if (verb === 'remove' && now !== undefined) set(name, undefined);
      if (verb === 'undo' && (before.get(name) ?? []).length > 0) set(name, before.get(name)?.at(-1));
      if (verb === 'move' && now !== undefined && now.target !== target)
        for (const [each, one] of [...registered]) if (one.target === now.target) set(each, { ...one, target });
    },
    targetOf: (name: string): string | undefined => registered.get(name)?.target,
    leadingTo: (target: string | undefined): number =>
      [...registered.values()].filter((each) => each.target === target).length,
  };
};

const lineOf = async (worker: Worker, name: string, target: string, from: string | undefined, asked: Step) => {
  const { verb, port, owner } = asked;
  const options = `${port === undefined ? '' : ` --port ${port}`}${owner === undefined ? '' : ` --owner ${owner}`}`;
  switch (verb) {
    case 'add':
    case 'update':
      return `${verb} ${name} ${target}${options}`;
    case 'remove':
      return `remove ${name}`;
    case 'move':
      return from === undefined || from === target ? undefined : `move ${from} ${target}`;
    case 'undo': {
      const last = fold(await worker.ledger.read(name, signal)).lastApplied;
      return last && `undo ${last.changeId}`;
    }
  }
};

it('is what an independent model had registered at any moment of a random history', async () => {
  let listed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14, size: 'max' }), fc.nat(), async (steps, moment) => {
      const worker = start({ ports: [25, 2525] });
      const model = createModel();
      const known: { readonly fromMs: number; readonly toMs: number; readonly is: readonly object[] }[] = [];
      for (const each of steps) {
        const [name, target] = [`h${each.name}.corp.internal`, `10.0.4.${each.target + 1}`];
        const from = model.targetOf(name);
        const line = await lineOf(worker, name, target, from, each);
        if (line !== undefined) {
          await worker.say(line);
          if (each.verb === 'move') await worker.say(worker.button(`Apply ${model.leadingTo(from)}`));
          model.does(name, target, each);
        }
        const fromMs = worker.clock.now();
        await worker.clock.advance(each.waits);
        known.push({ fromMs, toMs: worker.clock.now() - 1, is: model.snapshot() });
      }
      await worker.clock.advance(2_000);
      for (const { fromMs, toMs, is } of known) {
        for (const atMs of new Set([fromMs, toMs, fromMs + (moment % (toMs - fromMs + 1))])) {
          // A command line has seconds.
          const at = `${new Date(atMs).toISOString().slice(0, 19)}Z`;
          if (Date.parse(at) < fromMs) continue;
          const sent = worker.files.uploads.length;
          await worker.say(`list --at ${at} --format jsonl`);
          const file = Buffer.from(worker.files.uploads[sent]?.bytes ?? '').toString();
          const rows = file.split('\n').filter((row) => row !== '');
          const shown = rows.map((row) => {
            const { hostname, targets, port, owner }: RegistryRow = JSON.parse(row);
            return { hostname, targets, port, owner };
          });
          expect([at, shown]).toEqual([at, is]);
          if (shown.length > 0) listed += 1;
        }
      }
    }),
    { numRuns: 60, seed: 1_720 },
  );
  expect(listed).toBeGreaterThan(200);
});
