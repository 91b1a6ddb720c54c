import { describe, expect, it } from 'vitest';
import { shortChangeId } from '../../../lib/core/ledger/change-id.ts';
import { fold } from '../../../lib/core/ledger/fold.ts';
import { burstMessage, changeMessage } from '../../../lib/messages/change/change-message.ts';
import { address, failed, report } from '../../support/sample-probe.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
type Worker = ReturnType<typeof workerUnderTest>;

const lastChangeId = async (worker: Worker): Promise<string> =>
  [...fold(await worker.ledger.read(host, AbortSignal.timeout(5_000))).changes.keys()].at(-1) ?? '';

/** The newest message that says everything of a change: with records, or with a reason. */
const announced = ({ messenger }: Worker): string => {
  const message = messenger.posts.map((post) => post.message).findLast(({ blocks }) => blocks.length > 1);
  return `${message?.text}\n${JSON.stringify(message?.blocks)}`;
};

const withOne = async (): Promise<Worker> => {
  const worker = workerUnderTest();
  await worker.say(`add ${host} 10.0.4.12`);
  return worker;
};

describe('the announcement of a change', () => {
  it('says which change was undone', async () => {
    const worker = await withOne();
    const added = await lastChangeId(worker);
    await worker.say(`undo ${added}`);
    await worker.clock.advance(16 * 60_000);
    await worker.say(`undo ${added}`);
    expect(announced(worker)).toContain(`*${host}*: change \`${shortChangeId(added)}\` undone\\nby <@U0MARIA>`);
    expect(announced(worker)).toContain('− TXT   ownership marker');
  });

  it('names who withdrew a request, who had asked, and that nothing was changed', async () => {
    const worker = await withOne();
    await worker.say(`remove ${host}`);
    await worker.say(`cancel ${await lastChangeId(worker)}`);
    expect(announced(worker)).toContain(`*${host}* was not removed: cancelled by <@U0MARIA>\\nrequested <!date`);
    expect(announced(worker)).toContain('Nothing was changed.');
  });
});

describe('a change after which Postal cannot deliver', () => {
  const down = { ok: true as const, report: report([address('10.0.4.12', [failed('connect', 'refused')])]) };
  const silent = {
    ok: false as const,
    failure: { kind: 'unavailable' as const, message: 'The prober did not answer.' },
  };

  it.each([
    ['down', down, '❌', 'but *Postal cannot deliver to it*'],
    ['not probed', silent, '❔', 'could not be checked'],
    ['removed or not probed on purpose', undefined, '✅', ''],
  ])('leads with the worse of change and probe, alone and among many: %s', async (_, probe, mark, words) => {
    const worker = await withOne();
    const change = [...fold(await worker.ledger.read(host, AbortSignal.timeout(5_000))).changes.values()].at(-1);
    if (change === undefined) throw new Error('nothing was changed');
    const view = { change, probe, profile: worker.ports.profile, nowMs: worker.clock.now() };
    for (const { text, blocks } of [changeMessage(view, true), burstMessage([view, view])]) {
      const line =
        text
          .split('\n')
          .find((each) => each.includes(host))
          ?.replaceAll('*', '') ?? '';
      expect(line.startsWith(mark)).toBe(true);
      expect(line).toContain(words.replaceAll('*', ''));
      expect(JSON.stringify(blocks)).toContain(`${mark} *${host}* added${words === '' ? '' : ', '}`);
    }
  });
});
