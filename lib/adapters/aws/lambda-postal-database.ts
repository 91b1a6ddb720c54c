import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { PostalDatabase } from '../../app/ports/postal-database.ts';
import { databaseRequestDocument, readDatabaseAnswer } from '../../core/postal/database/database-answer.ts';
import { createLambdaInvoke } from './lambda-invoke.ts';

/** The function's own time is less: see serverless.yml. */
const answerWithinMs = 22_000;

/** Makes the reader of Postal's database that runs as a Lambda function, in the VPC of the database. */
export const createLambdaPostalDatabase = (functionName: string, client?: LambdaClient): PostalDatabase => {
  const call = createLambdaInvoke(
    {
      functionName,
      subject: "The reader of Postal's database",
      caller: 'Watch',
      again: 'Watch tries again every minute.',
    },
    client,
  );
  return {
    async read(cursors, signal) {
      const answer = await call(databaseRequestDocument(cursors), answerWithinMs, signal);
      if (!answer.ok) return { ok: false, message: answer.failure.message };
      const read = readDatabaseAnswer(answer.payload);
      if (typeof read !== 'string') return read;
      return {
        ok: false,
        message: `The answer of the reader of Postal's database was not understood: ${read}. Watch and reader may be of different versions. Deploy both.`,
      };
    },
  };
};
