import { type Check, DidNotHold, type Need } from './check.ts';
import { headings } from './headings.ts';
import type { HttpSubject } from './http-subject.ts';
import { missingNeeds, performCheck } from './steps.ts';
import type { ScratchZone } from './subject.ts';

/** What a run came to. */
export type Tally = { held: number; failed: number; skipped: number };

export type Run = {
  readonly subject: HttpSubject;
  /** Heading to run; all when absent. */
  readonly only?: string | undefined;
  readonly say: (line: string) => void;
};

const because: Readonly<Record<Need, string>> = {
  http: 'the service is not reached over HTTP',
  faults: 'the service cannot be told to fail so',
  control: 'the service cannot be told to do so',
  'second-vpc': 'it takes a second VPC',
  'public-zones': 'this run makes private zones only',
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error instanceof DidNotHold ? '' : `${error.name}: `}${error.message}` : String(error);

/** Runs the checks one after the other, each under its own deadline, then deletes every zone of the run; begins no further check once the signal aborts. */
export const runList = async ({ subject, only, say }: Run, signal: AbortSignal): Promise<Tally> => {
  const tally: Tally = { held: 0, failed: 0, skipped: 0 };
  const verdict = (kind: keyof Tally, line: string): void => {
    tally[kind] += 1;
    say(`  ${line}`);
  };
  const judge = async (
    title: string,
    run: () => Promise<void>,
    isInterrupted: () => boolean = () => false,
  ): Promise<void> => {
    try {
      await run();
      verdict('held', `${title}: held`);
    } catch (error) {
      if (isInterrupted()) verdict('skipped', `${title}: could not be tried here: the run was interrupted`);
      else verdict('failed', `${title}: did not hold: ${messageOf(error)}`);
    }
  };

  let count = 0;
  const judgeCheck = async (check: Check, zone: ScratchZone): Promise<void> => {
    count += 1;
    const [missing] = missingNeeds(check, subject);
    if (missing !== undefined)
      return verdict('skipped', `${check.title}: could not be tried here: ${because[missing]}`);
    const until = AbortSignal.any([signal, AbortSignal.timeout(subject.checkDeadlineMs)]);
    await judge(
      check.title,
      () => performCheck(check, subject, zone, `check-${count}`, until),
      () => signal.aborted,
    );
  };

  try {
    const zone = await subject.zones.create(subject.zoneName, subject.vpc, signal);
    for (const { heading, checks } of headings.filter((one) => only === undefined || one.heading === only)) {
      if (signal.aborted) break;
      say(heading);
      for (const check of checks) if (!signal.aborted) await judgeCheck(check, zone);
    }
  } catch (error) {
    if (!signal.aborted) verdict('failed', `the zone of the run could not be made: ${messageOf(error)}`);
  } finally {
    say('Cleaning up');
    // It has a deadline of its own: what interrupts a run must not keep it from cleaning up.
    await judge('every record and zone of the run is deleted', () =>
      subject.deleteAll(AbortSignal.timeout(subject.checkDeadlineMs)),
    );
  }
  return tally;
};
