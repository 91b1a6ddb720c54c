import { Logger as LambdaLogger } from '@aws-lambda-powertools/logger';
import { type LogFields, type Logger, withFields } from '../app/ports/logger.ts';

/** What is said of an error. Its other properties are not: a client's error may carry the whole request, token included. */
const sayErrors = (_key: string, value: unknown): unknown => {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause instanceof Error && { cause }) };
};

/** Writes JSON lines to standard output and error, which Lambda sends to CloudWatch Logs. Errors come with name, message, stack and cause. */
export const jsonLogger = (fields: LogFields): Logger => {
  let logger: LambdaLogger | undefined;
  // Made with the first line: a start that has nothing to say need not wait for it.
  const lines = (): LambdaLogger => {
    logger ??= new LambdaLogger({ serviceName: 'postal-endpoint', logLevel: 'INFO', jsonReplacerFn: sayErrors });
    return logger;
  };
  return withFields(
    {
      info: (message, more = {}) => lines().info(message, { ...more }),
      warn: (message, more = {}) => lines().warn(message, { ...more }),
      error: (message, more = {}) => lines().error(message, { ...more }),
    },
    fields,
  );
};
