import { CannotBeTried, type Check, DidNotHold } from './check.ts';
import { headings } from './headings.ts';
import type { ScratchZone, ScratchZones } from './scratch-zones.ts';
import type { Service } from './service.ts';
import { stepsOf } from './steps.ts';

/** What a run came to. */
export type Tally = { held: number; failed: number; skipped: number };

export type Run = {
  readonly service: Service;
  readonly zones: ScratchZones;
  /** Heading to run; all where none is named. */
  readonly only?: string | undefined;
  readonly say: (line: string) => void;
};

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Counts and says what became of each check. */
const judgeFor = (say: (line: string) => void, tally: Tally) => {
  const verdict = (kind: keyof Tally, line: string): void => {
    tally[kind] += 1;
    say(`  ${line}`);
  };
  return async (title: string, run: () => Promise<void>, signal?: AbortSignal): Promise<void> => {
    try {
      await run();
      verdict('held', `${title}: held`);
    } catch (error) {
      if (signal?.aborted === true) verdict('skipped', `${title}: could not be tried here: the run was interrupted`);
      else if (error instanceof CannotBeTried)
        verdict('skipped', `${title}: could not be tried here: ${error.message}`);
      else
        verdict('failed', `${title}: did not hold: ${error instanceof DidNotHold ? error.message : messageOf(error)}`);
    }
  };
};

/** Runs the checks one after the other, each under its own deadline, then deletes every zone of the run; begins no further check once the signal aborts. */
export const runList = async ({ service, zones, only, say }: Run, signal: AbortSignal): Promise<Tally> => {
  const tally: Tally = { held: 0, failed: 0, skipped: 0 };
  const judge = judgeFor(say, tally);
  let count = 0;
  const judgeCheck = (check: Check, zone: ScratchZone): Promise<void> => {
    count += 1;
    const label = `check-${count}`;
    const until = AbortSignal.any([signal, AbortSignal.timeout(service.checkDeadlineMs)]);
    return judge(check.title, () => check.run(stepsOf(service, zones, zone, label, until)), signal);
  };

  try {
    const zone = await zones.create(zones.name, 'private', signal);
    for (const { heading, checks } of headings.filter((one) => only === undefined || one.heading === only)) {
      if (signal.aborted) break;
      say(heading);
      for (const check of checks) if (!signal.aborted) await judgeCheck(check, zone);
    }
  } catch (error) {
    if (!signal.aborted) {
      tally.failed += 1;
      say(`The zone of the run could not be made: ${messageOf(error)}`);
    }
  } finally {
    say('Cleaning up');
    // It has a deadline of its own: what interrupts a run must not keep it from cleaning up.
    await judge(
      'every record and zone of the run is deleted',
      async () => void (await zones.deleteAll(AbortSignal.timeout(service.checkDeadlineMs))),
    );
  }
  return tally;
};
