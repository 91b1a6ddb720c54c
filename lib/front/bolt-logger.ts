import { type Logger as BoltLogger, LogLevel } from '@slack/bolt';
import type { Logger } from '../app/ports/logger.ts';

const text = (first: unknown): string => (first instanceof Error ? first.name : String(first).slice(0, 200));

/** Bolt's warnings and errors as lines of our log. Its debug lines are dropped, since they hold what people wrote. */
export const boltLogger = (log: Logger): BoltLogger => ({
  debug: () => undefined,
  info: () => undefined,
  warn: (first) => log.warn('Bolt', { note: text(first) }),
  error: (first) => log.error('Bolt', first instanceof Error ? { error: first } : { note: text(first) }),
  setLevel: () => undefined,
  getLevel: () => LogLevel.WARN,
  setName: () => undefined,
});
