/** What a line says beside its message. No secret, and no message text of people. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One structured line a call. */
export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger whose every line also carries these fields, for example the request that is being worked; a function is asked for them at each line. */
export const withFields = (log: Logger, fields: LogFields | (() => LogFields)): Logger => {
  const current = typeof fields === 'function' ? fields : () => fields;
  return {
    info: (message, more) => log.info(message, { ...current(), ...more }),
    warn: (message, more) => log.warn(message, { ...current(), ...more }),
    error: (message, more) => log.error(message, { ...current(), ...more }),
  };
};
