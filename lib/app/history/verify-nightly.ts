import type { Deadline } from '../../core/base/deadline.ts';
import type { Verification } from '../../core/ledger/verification.ts';
import { withinJsonOctets } from '../../core/limits/octets.ts';
import type { VerificationRun } from '../../core/watch/nightly-verification.ts';
import { retryPost } from '../notify/post-once.ts';
import { done, type Outcome, type Ports } from '../ports/ports.ts';
import type { WorkMessage } from '../queue/message.ts';
import { readVerification, saveVerificationDone, saveVerificationRun } from '../state/verification-store.ts';
import { readEvidence } from '../verify/evidence.ts';
import { unreadableWhy } from '../verify/unreadable-why.ts';
import { verify } from '../verify/verify.ts';

/** Streams that one message of the queue verifies: some seconds of reading. */
export const streamsAPart = 200;
/** The audit channel is read so far back; for older announcements the chain vouches. */
const windowMs = 30 * 86_400_000;
const faultsKept = 10;
const longestFault = 600;

const faultTexts = ({ faults }: Verification): VerificationRun['some'] =>
  faults.map(({ code, stream, sequence, what, meaning }) => ({
    code,
    text: withinJsonOctets(
      `${stream}${sequence === undefined ? '' : `, entry ${sequence}`}: ${what}. ${meaning}`,
      longestFault,
    ),
  }));

const later = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one;

/** The run with what this part found. What is wrong with the audit stream and its channel counts in the first part alone: every part reads them. */
const withPart = (run: VerificationRun, part: Verification, last: string | undefined): VerificationRun => {
  const faults = run.part === 1 ? part.faults : part.faults.filter(({ stream }) => stream !== part.audit.stream);
  const newest = part.streams.map(({ verifiedUpTo }) => verifiedUpTo?.at).reduce(later, run.verifiedUpTo);
  const { trouble: _mended, ...rest } = run;
  return {
    ...rest,
    part: run.part + 1,
    ...(last === undefined ? {} : { after: last }),
    streams: run.streams + part.streams.length,
    entries: run.entries + part.streams.reduce((sum, { entries }) => sum + entries, 0),
    messages: Math.max(run.messages, part.messages),
    ...(newest === undefined ? {} : { verifiedUpTo: newest }),
    faults: run.faults + faults.length,
    some: [...run.some, ...faultTexts({ ...part, faults })].slice(0, faultsKept),
  };
};

/**
 * Verifies a part of the history against the audit channel: the streams that come next by name. Watch asks for the first part of every night; each part asks
 * for the next one. A part that was done already is not done again, and one whose message was lost is asked for by watch.
 */
export const verifyNightly = async (
  ports: Ports,
  { night, part }: Extract<WorkMessage, { kind: 'verify' }>,
  deliveries: number,
  deadline: Deadline,
): Promise<Outcome> => {
  const { state, clock, policy, queue, log } = ports;
  const { signal } = deadline;
  const known = await readVerification(state, signal);
  const run: VerificationRun =
    known.run?.night === night
      ? known.run
      : { night, part: 1, startedAtMs: clock.now(), streams: 0, entries: 0, messages: 0, faults: 0, some: [] };
  if (known.done?.night === night || run.part !== part) return done;

  let left = 0;
  let last: string | undefined;
  const evidence = await readEvidence(
    ports,
    {
      channelId: policy.auditChannel,
      hostname: undefined,
      sinceMs: run.startedAtMs - windowMs,
      isWanted: () => true,
      choose: (names) => {
        const rest = names.filter((name) => run.after === undefined || name > run.after);
        const chosen = rest.slice(0, streamsAPart);
        left = rest.length - chosen.length;
        last = chosen.at(-1);
        return chosen;
      },
    },
    clock.now(),
    signal,
  );
  if (!evidence.ok) {
    const { failure } = evidence;
    log.warn('the history could not be verified', { night, part, failure });
    await saveVerificationRun(state, { ...run, trouble: unreadableWhy(failure, policy.auditChannel) }, signal);
    // What Slack refuses a person has to mend; watch asks again.
    return failure.kind === 'refused' ? done : retryPost('verification', failure, deliveries, ports);
  }
  const after = withPart(run, verify(evidence.value), last);
  if (left === 0) {
    const { night: _night, part: _part, after: _after, trouble: _trouble, ...counts } = after;
    await saveVerificationDone(state, { ...counts, night, finishedAtMs: clock.now() }, signal);
    return done;
  }
  await saveVerificationRun(state, after, signal);
  await queue.send({ kind: 'verify', night, part: after.part }, signal);
  return done;
};
