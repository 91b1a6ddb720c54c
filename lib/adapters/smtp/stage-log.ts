import type { SmtpReply, Stage, StageName } from '../../core/probe-report/report.ts';
import { excerpt } from './excerpt.ts';
import type { Failure } from './failure.ts';
import { stopwatch } from './stopwatch.ts';

/** How a stage came out: with what the next one needs, or failed. */
export type StageOutcome<Value> =
  | { readonly ok: true; readonly value: Value; readonly reply?: SmtpReply; readonly detail?: string }
  | { readonly ok: false; readonly failure: Failure };

/** The stages of one session in the order in which they happened, timed. */
export class StageLog {
  readonly #stages: Stage[] = [];

  async run<Value>(stage: StageName, step: () => Promise<StageOutcome<Value>>): Promise<StageOutcome<Value>> {
    const elapsedMs = stopwatch();
    const outcome = await step();
    const { reason, detail, reply, asRead } = outcome.ok
      ? { reason: undefined, asRead: undefined, ...outcome }
      : outcome.failure;
    this.#stages.push({
      stage,
      status: outcome.ok ? 'passed' : 'failed',
      ...(reason !== undefined && { reason }),
      ...(detail !== undefined && { detail: excerpt(detail) }),
      ...(reply !== undefined && { reply }),
      ...(asRead !== undefined && { asRead }),
      durationMs: elapsedMs(),
    });
    return outcome;
  }

  /** Notes what the server said beyond its reply at the last stage at which it said anything. */
  noteUnread(text: string): void {
    const at = this.#stages.findLastIndex(({ reply, asRead }) => reply !== undefined || asRead !== undefined);
    const stage = this.#stages[at];
    if (stage !== undefined) this.#stages[at] = { ...stage, unread: excerpt(text) };
  }

  pass(stage: StageName, durationMs: number): void {
    this.#stages.push({ stage, status: 'passed', durationMs });
  }

  skip(stage: StageName, detail: string | undefined, durationMs: number): void {
    this.#stages.push({ stage, status: 'skipped', ...(detail !== undefined && { detail }), durationMs });
  }

  /** Notes the planned stages that never came about, before what is logged next. */
  skipRest(plan: readonly StageName[]): void {
    for (const stage of plan) if (!this.has(stage)) this.skip(stage, undefined, 0);
  }

  has(stage: StageName): boolean {
    return this.#stages.some((done) => done.stage === stage);
  }

  get stages(): readonly Stage[] {
    return this.#stages;
  }
}
