import { describe, expect, it } from 'vitest';
import { examplePolicy } from '../../core/validation/example-policy.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = (label: string): string => `${label}.corp.internal`;

/** Changes are applied at once here: what has to be confirmed is another test's. */
const worker = (options: Parameters<typeof workerUnderTest>[0] = {}) =>
  workerUnderTest({ ...options, policy: { confirm: { verbs: [] }, ...options.policy } });

describe('undo --since', () => {
  it('proposes one change for each name that the person changed, back to what was before the first', async () => {
    const { say, clock, lastReply } = worker();
    await say(`add ${host('old')} 10.0.4.1`);
    await clock.advance(3 * 3_600_000);
    await say(`update ${host('old')} 10.0.4.2`);
    await say(`update ${host('old')} 10.0.4.3`);
    await say(`add ${host('new')} 10.0.4.4`);
    await say(`add ${host('theirs')} 10.0.4.5`, { user: 'li' });
    await say('undo --since 2h');
    const reply = lastReply();
    expect(reply).toContain('Undo the changes by @maria in the last 2h: 2 undos');
    expect(reply).toContain('10.0.4.3 → 10.0.4.1');
    expect(reply).not.toContain(host('theirs'));
  });

  it('leaves out and names what somebody else changed after', async () => {
    const { say, lastReply } = worker();
    await say(`add ${host('a')} 10.0.4.1`);
    await say(`add ${host('b')} 10.0.4.2`);
    await say(`update ${host('b')} 10.0.4.3`, { user: 'li' });
    await say('undo --since 2h');
    expect(lastReply()).toContain('1 undo');
    expect(lastReply()).toContain(host('b'));
    expect(lastReply()).toContain('@li changed it after that');
  });

  it('says that there is nothing to undo', async () => {
    const { say, clock, lastReply } = worker();
    await say(`add ${host('a')} 10.0.4.1`);
    await clock.advance(3 * 3_600_000);
    await say('undo --since 2h');
    expect(lastReply()).toContain('none of your changes in the last 2h is still in effect');
  });

  it.each([
    ['undo', 'no change is given'],
    ['undo --since 3w', 'not a time up to 7 days'],
    ['undo --since yesterday', 'not a time up to 7 days'],
    ['undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q --since 2h', 'either --since or one change, not both'],
    ['undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q --by @li', 'Add --since 2h'],
    ['undo 01JDXW4M3Z8Q7B5T9K2N6P0R7Q', 'there is no change'],
  ])('%s: %s', async (line, said) => {
    const { say, lastReply } = worker();
    await say(line);
    expect(lastReply()).toContain(said);
    expect(lastReply()).toContain('Nothing was changed');
  });

  it("undoes another person's changes only with a right of its own, which * does not include", async () => {
    const [grant] = examplePolicy().grants;
    if (grant === undefined) throw new Error('no grant');
    const grants = [grant, { ...grant, name: 'others', users: ['U0CHIEF'], verbs: ['undo:others'] }];
    const { say, lastReply } = worker({ policy: { grants } });
    await say(`add ${host('a')} 10.0.4.1`);
    await say('undo --since 2h --by @maria', { user: 'li' });
    expect(lastReply()).toContain('undo:others');
    expect(lastReply()).toContain('Nothing was changed');
    await say('undo --since 2h --by @maria', { user: 'chief' });
    expect(lastReply()).toContain('Undo the changes by @maria in the last 2h: 1 undo');
    await say('undo --since 2h --by @nobody', { user: 'chief' });
    expect(lastReply()).toContain('no request here from "@nobody"');
  });
});
