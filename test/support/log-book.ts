import type { Logger } from '../../lib/app/ports/logger.ts';

/** A logger that keeps its lines. */
export const createLogBook = (): { readonly log: Logger; readonly logged: readonly string[] } => {
  const logged: string[] = [];
  const note = (message: string, fields?: Record<string, unknown>): void =>
    void logged.push(
      `${message} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.stack : value))}`,
    );
  return { log: { info: note, warn: note, error: note }, logged };
};
