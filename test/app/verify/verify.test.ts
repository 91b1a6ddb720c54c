import { beforeAll, describe, expect, it } from 'vitest';
import type { WitnessPost } from '../../../lib/app/ports/witness.ts';
import { type Evidence, verify } from '../../../lib/app/verify/verify.ts';
import { auditStream } from '../../../lib/core/ledger/entry.ts';
import { announcedHistory, entriesIn, evidenceOf, withEntries } from '../../support/announced-history.ts';
import { workerUnderTest } from '../../support/worker-under-test.ts';

const host = 'gitlab.mail.corp.internal';
const dayMs = 86_400_000;

let evidence: Evidence;
beforeAll(async () => {
  evidence = await evidenceOf(await announcedHistory(60));
});

const withPosts = (posts: readonly WitnessPost[], nowMs = evidence.nowMs): Evidence => ({
  ...evidence,
  nowMs,
  channel: { ...evidence.channel, posts },
});
const own = (): readonly WitnessPost[] => evidence.channel.posts.filter(({ byThisApp }) => byThisApp);

describe('verify', () => {
  it('vouches for nothing where there is nothing', () => {
    const empty: Evidence = {
      audit: { entries: [] },
      channel: { channelId: 'C0AUDIT', posts: [], oldest: undefined },
      streams: new Map(),
      nowMs: 0,
    };
    expect(verify(empty).verdict).toBe('nothing-verified');
  });

  it('takes messages that are older than all that the channel has for gone by retention, and their entries for vouched by the later ones', () => {
    const { verdict, witnessGone, streams, faults } = verify(withPosts(own().slice(5), evidence.nowMs + 2 * dayMs));
    expect(faults).toEqual([]);
    expect(verdict).toBe('verified');
    expect(witnessGone).toEqual({ count: 5, until: own()[4]?.ts });
    for (const { entries, verifiedUpTo } of streams) expect(verifiedUpTo?.sequence).toBe(entries);
  });

  it('verifies nothing by a channel that kept nothing', () => {
    const { verdict, streams } = verify(withPosts([], evidence.nowMs + 2 * dayMs));
    expect(verdict).toBe('nothing-verified');
    expect(streams.every(({ verifiedUpTo }) => verifiedUpTo === undefined)).toBe(true);
  });

  it('takes no message of the last day for gone by retention', () => {
    const { faults } = verify(withPosts(own().slice(1), evidence.nowMs));
    expect(faults).toMatchObject([{ code: 'message-missing', stream: auditStream, sequence: 1, ts: own()[0]?.ts }]);
  });

  it('lets a message whose entry is on its way alone, but not for ever', () => {
    const cut = withEntries(evidence, auditStream, entriesIn(evidence.audit).slice(0, -1));
    expect(verify(cut)).toMatchObject({ verdict: 'verified', faults: [], underWay: [own().at(-1)?.ts] });
    expect(verify({ ...cut, nowMs: evidence.nowMs + 3_600_000 })).toMatchObject({
      verdict: 'faults',
      faults: [{ code: 'entry-missing' }],
    });
  });

  it('lets a message that was posted twice alone', () => {
    const last = own().at(-1);
    if (last === undefined) throw new Error('no message');
    const twice = withPosts([...evidence.channel.posts, { ...last, ts: `${last.ts}1` }], evidence.nowMs + 3_600_000);
    expect(verify(twice)).toMatchObject({ verdict: 'verified', repeats: 1, faults: [] });
  });

  it('is not misled by what another app posts with the same metadata', () => {
    const [first] = own();
    if (first === undefined) throw new Error('no message');
    const posts = [...evidence.channel.posts, { ...first, ts: `${first.ts}1`, byThisApp: false }];
    expect(verify(withPosts(posts))).toMatchObject({ verdict: 'verified', repeats: 0, faults: [] });
  });

  it('counts announcements in another channel instead of looking for them in this one', () => {
    const elsewhere = { ...evidence, channel: { ...evidence.channel, channelId: 'C0NEW', posts: [] } };
    expect(verify(elsewhere)).toMatchObject({
      verdict: 'nothing-verified',
      inOtherChannels: entriesIn(evidence.audit).length,
    });
  });

  it('says of a stream that cannot be read that somebody else wrote to it', () => {
    const unreadable = {
      unreadable: { sequenceKey: '0000000001', message: 'Entry 0000000001 of h0 is not as the ledger wrote it' },
    };
    const { faults } = verify({ ...evidence, streams: new Map([['h0.mail.corp.internal', unreadable]]) });
    expect(faults).toMatchObject([{ code: 'broken-chain', stream: 'h0.mail.corp.internal' }]);
  });

  it('takes the burst in which one message speaks for many, and a lost answer, for what they are', async () => {
    const worker = workerUnderTest();
    for (let number = 1; number <= 6; number += 1)
      await worker.work(worker.message(`add h${number}.mail.corp.internal 10.0.4.${number}`));
    const waiting = worker.queued.splice(0);
    worker.messenger.trouble.push('lost-answer');
    for (const message of [...waiting, ...waiting]) await worker.work(message, 2);
    expect(verify(await evidenceOf(worker))).toMatchObject({ verdict: 'verified', faults: [] });
  });

  it('reads the channel from the last announcement before the time asked for', async () => {
    const worker = workerUnderTest();
    await worker.say(`add ${host} 10.0.4.12`);
    await worker.clock.advance(10 * dayMs);
    for (const number of [1, 2]) {
      await worker.say(`add h${number}.mail.corp.internal 10.0.4.${number}`);
      await worker.clock.advance(dayMs);
    }
    const recent = await evidenceOf(worker, { sinceMs: worker.clock.now() - 1.5 * dayMs });
    expect(recent.channel.posts).toHaveLength(2);
    expect(verify(recent)).toMatchObject({ verdict: 'verified', beforeTheWindow: 1, faults: [], messages: 2 });
  });
});
