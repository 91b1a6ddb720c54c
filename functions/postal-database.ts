import type { Context } from 'aws-lambda';
import { postalDatabaseConfig } from '../lib/adapters/config.ts';
import { jsonLogger } from '../lib/adapters/log.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import {
  type DatabaseAnswerDocument,
  databaseAnswerDocument,
  readDatabaseRequest,
} from '../lib/core/postal/database/database-answer.ts';

/** Kept back from Lambda's own timeout for the answer. */
const marginMs = 1_500;

const log = jsonLogger({ function: 'postal-database' });

const refused = (message: string): DatabaseAnswerDocument => ({ ok: false, message });

const compose = async () => {
  const config = postalDatabaseConfig();
  const [{ createDatabaseLogin }, { readThrough }] = await Promise.all([
    import('../lib/adapters/postal-database/database-login.ts'),
    import('../lib/adapters/postal-database/read-through.ts'),
  ]);
  return { config, login: createDatabaseLogin(config, systemClock.now), readThrough };
};

let composed: ReturnType<typeof compose> | undefined;

/** Once a process; a configuration that is broken is read again with the next request. */
const ready = (): ReturnType<typeof compose> => {
  composed ??= compose().catch((error: unknown) => {
    composed = undefined;
    throw error;
  });
  return composed;
};

/** Reads what Postal's database has, of the deliveries those after the cursors that it is given. It always answers, before Lambda's own timeout. */
export const handler = async (
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis' | 'awsRequestId'>,
): Promise<DatabaseAnswerDocument> => {
  const cursors = readDatabaseRequest(event);
  if (cursors === undefined)
    return refused('The request has no list "cursors" of mail server ids and delivery ids. Nothing was read.');
  const signal = AbortSignal.timeout(Math.max(0, context.getRemainingTimeInMillis() - marginMs));
  const { awsRequestId } = context;
  try {
    const { config, login, readThrough } = await ready();
    const facts = await readThrough(await login(signal), config, cursors, systemClock.now(), signal);
    if (typeof facts === 'string') {
      log.warn("Postal's database could not be read", { awsRequestId, reason: facts });
      return refused(`Postal's database could not be read (${facts}).`);
    }
    const answer = databaseAnswerDocument(facts);
    log.info("Postal's database was read", {
      awsRequestId,
      servers: facts.snapshot.servers.length,
      deliveries: answer.ok ? answer.pages.reduce((sum, { deliveries }) => sum + deliveries.length, 0) : 0,
    });
    return answer;
  } catch (error) {
    log.error("the reader of Postal's database cannot work", { awsRequestId, error });
    return refused(
      `The reader of Postal's database is not set up: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
};
