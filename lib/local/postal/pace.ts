const minuteMs = 60_000;
const webhookDelaysMinutes = [2, 3, 6, 10, 15];

export const maximumAttempts = 18;

/** How long Postal waits between two attempts, in milliseconds, where it does so many times faster than the real one. Timeouts of a session are not shortened. */
export class Pace {
  readonly timesFaster: number;

  constructor(timesFaster: number) {
    this.timesFaster = timesFaster;
  }

  /** Until a message is tried again after so many attempts before this one; `hintSeconds`: what the mail server asked for. */
  retryMs(attemptsBefore: number, hintSeconds: number | null): number {
    return (hintSeconds === null ? 5 * minuteMs * 1.3 ** attemptsBefore : hintSeconds * 1000) / this.timesFaster;
  }

  /** From the time until which a message was put off to the one at which Postal takes it from its queue. */
  get pickUpMs(): number {
    return minuteMs / 2 / this.timesFaster;
  }

  /** Until a webhook request is sent again after so many attempts; undefined: it is given up. */
  webhookMs(attempts: number): number | undefined {
    const minutes = webhookDelaysMinutes[attempts - 1];
    return minutes === undefined ? undefined : (minutes * minuteMs) / this.timesFaster;
  }
}
