import * as z from 'zod';
import { parseInsert } from './insert-statement.ts';

/** Answer of the JSON protocol: status and body. */
export type Answer = { readonly status: number; readonly body: unknown };

/** Asks dynalite for one of the operations that it has. */
export type Ask = (operation: string, input: unknown) => Promise<Answer>;

const attributeValue = z.record(z.string(), z.json());
const inputSchema = z.object({ Statement: z.string().min(1), Parameters: z.array(attributeValue).default([]) });
const tableSchema = z.object({
  Table: z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })).min(1) }),
});
const errorSchema = z.object({ __type: z.string() });

const refusal = (type: string, message: string): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, Message: message, message },
});

const invalid = (message: string): Answer => refusal('ValidationException', message);

/**
 * Carries out ExecuteStatement, which dynalite lacks, for INSERT only: a PutItem on the condition that the key does not exist, and
 * DuplicateItemException where it does.
 */
export const executeStatement = async (input: unknown, ask: Ask): Promise<Answer> => {
  const parsed = inputSchema.safeParse(input);
  if (!parsed.success)
    return invalid(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { Statement: statement, Parameters: parameters } = parsed.data;
  const insert = parseInsert(statement);
  if (!insert.ok) return invalid(insert.message);
  if (insert.attributes.length !== parameters.length)
    return invalid("Number of parameters in request and statement don't match.");

  const described = await ask('DescribeTable', { TableName: insert.table });
  if (described.status !== 200) return described;
  const [hashKey] = tableSchema.parse(described.body).Table.KeySchema;

  const put = await ask('PutItem', {
    TableName: insert.table,
    Item: Object.fromEntries(insert.attributes.map((attribute, index) => [attribute, parameters[index]])),
    ConditionExpression: 'attribute_not_exists(#key)',
    ExpressionAttributeNames: { '#key': hashKey?.AttributeName },
  });
  if (put.status === 200) return { status: 200, body: { Items: [] } };
  const isDuplicate = errorSchema.safeParse(put.body).data?.__type.endsWith('#ConditionalCheckFailedException');
  return isDuplicate ? refusal('DuplicateItemException', 'Duplicate primary key exists in table') : put;
};
