/** One structured line a call; fields must hold no secret and no message text of people. */
export interface Logger {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

const line = (level: string, message: string, fields: Record<string, unknown>): string =>
  `${JSON.stringify({ level, message, ...fields }, (_, value: unknown) => (value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value))}\n`;

/** Writes JSON lines to standard output, which Lambda sends to CloudWatch Logs. */
export const jsonLogger = (fields: Record<string, unknown>): Logger => ({
  info: (message, more) => void process.stdout.write(line('info', message, { ...fields, ...more })),
  warn: (message, more) => void process.stdout.write(line('warn', message, { ...fields, ...more })),
  error: (message, more) => void process.stdout.write(line('error', message, { ...fields, ...more })),
});
