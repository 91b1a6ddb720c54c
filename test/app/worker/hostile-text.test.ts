import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { abandonDeadLetter } from '../../../lib/app/worker/dead-letter.ts';
import type { Command } from '../../../lib/core/grammar/command.ts';
import { commandSchema } from '../../../lib/core/grammar/command-schema.ts';
import { hostileText } from '../../support/hostile-report.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const label = 'a'.repeat(64);
const words = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '.',
    '..',
    'ü.corp.internal',
    'a..corp.internal',
    `${label}.corp.internal`,
    `${'a.'.repeat(200)}corp.internal`,
    '_audit',
    '_refused',
    'audit',
    'incident:1',
    '__proto__',
    'constructor',
    '*',
    '*.corp.internal',
    'all',
    '10.0.4.12',
    '::ffff:10.0.0.1',
    'gitlab.mail.corp.internal',
    'gitlab.mail.corp.internal.',
    'GITLAB.mail.corp.internal\u0000',
    '<!channel>',
    '0'.repeat(16),
    '-1',
    '1e999',
  ),
  hostileText(4_000),
  fc.string({ maxLength: 40 }),
);
const maybe = fc.option(words, { nil: undefined });

const ofChange = { dryRun: fc.boolean(), breakGlass: maybe };
const settings = {
  standby: fc.option(fc.array(words, { maxLength: 3 }), { nil: undefined }),
  port: maybe,
  sslMode: maybe,
  ttl: maybe,
  name: maybe,
  owner: maybe,
  note: maybe,
};
const page = fc.integer({ min: 1, max: 2 ** 31 });
const share = fc.boolean();

/** Every verb, each argument being any text. */
const commands: fc.Arbitrary<Command> = fc
  .oneof(
    fc.record({
      verb: fc.constant('add'),
      definition: fc.record({ hostname: words, targets: fc.array(words, { maxLength: 9 }), ...settings }),
      ...ofChange,
    }),
    fc.record({
      verb: fc.constant('update'),
      hostname: words,
      changes: fc.record({ targets: fc.option(fc.array(words, { maxLength: 3 }), { nil: undefined }), ...settings }),
      ...ofChange,
    }),
    fc.record({ verb: fc.constantFrom('remove', 'failover'), hostname: words, ...ofChange }),
    fc.record({ verb: fc.constant('adopt'), hostname: words, changes: fc.record(settings), ...ofChange }),
    fc.record({ verb: fc.constant('undo'), change: words, ...ofChange }),
    fc.record({ verb: fc.constant('approve'), change: words, plan: maybe }),
    fc.record({ verb: fc.constant('reject'), change: words, reason: maybe }),
    fc.record({ verb: fc.constant('cancel'), change: words }),
    fc.record({ verb: fc.constant('drift'), hostname: maybe, page, share }),
    fc.record({ verb: fc.constantFrom('show', 'unmute'), hostname: words, share }),
    fc.record({ verb: fc.constant('list'), target: maybe, state: maybe, page, share }),
    fc.record({
      verb: fc.constant('check'),
      hostname: words,
      port: maybe,
      sslMode: maybe,
      rcpt: maybe,
      deliver: fc.boolean(),
      result: maybe,
      page: fc.option(page, { nil: undefined }),
      share,
    }),
    fc.record({
      verb: fc.constant('history'),
      hostname: maybe,
      since: maybe,
      by: maybe,
      target: maybe,
      export: fc.constantFrom(undefined, true),
      verify: fc.constantFrom(undefined, true),
      page,
      share,
    }),
    fc.record({ verb: fc.constant('explain'), text: words, share }),
    fc.record({ verb: fc.constant('mute'), hostname: words, duration: words, from: maybe, reason: maybe, share }),
    fc.record({ verb: fc.constantFrom('pending', 'status', 'doctor'), share }),
    fc.record({ verb: fc.constantFrom('whoami', 'home') }),
  )
  .map((command) => commandSchema.parse(JSON.parse(JSON.stringify(command))));

describe('whatever a person types', () => {
  it('is answered by every verb, and throws in none', async () => {
    const worker = workerUnderTest();
    await worker.say('add gitlab.mail.corp.internal 10.0.4.12');
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(commands, async (command) => {
        const said = (): number => worker.messenger.replies.length + worker.files.uploads.length;
        const [saidBefore, loggedBefore] = [said(), worker.logged.length];
        serial += 1;
        const message = {
          ...worker.message('list', { requestId: `hostile-${serial}` }),
          command,
          text: JSON.stringify(command),
        };
        expect(await worker.work(message)).toEqual({ kind: 'done' });
        worker.queued.splice(0);
        const logged = worker.logged.slice(loggedBefore);
        expect(logged.filter((line) => /could not be (?:worked|answered|published)/.test(line))).toEqual([]);
        if (command.verb !== 'home') expect(said()).toBeGreaterThan(saidBefore);
        await abandonDeadLetter(
          worker.ports,
          { ...message, requestId: `given-up-${serial}` },
          { atMs: worker.clock.now() + 80_000, signal: new AbortController().signal },
        );
        worker.queued.splice(0);
      }),
      { numRuns: 400 },
    );
  });

  it.each(['ü.corp.internal', 'a..corp.internal', `${label}.corp.internal`])(
    'drift reads %s as every verb does',
    async (name) => {
      const worker = workerUnderTest();
      const said: string[] = [];
      for (const verb of ['drift', 'show', 'check', 'history']) {
        expect(await worker.say(`${verb} ${name}`)).toEqual({ kind: 'done' });
        said.push(worker.lastReply().includes('hostname') ? 'refused' : worker.lastReply());
      }
      expect(said).toEqual(['refused', 'refused', 'refused', 'refused']);
    },
  );

  it('drift does not call a name that nobody registered "as registered"', async () => {
    const worker = workerUnderTest();
    await worker.say('drift nobody.corp.internal');
    expect(worker.lastReply()).toMatch(/not registered/);
    expect(worker.lastReply()).not.toMatch(/as registered/);
  });
});
