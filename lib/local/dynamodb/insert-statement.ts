/** What an INSERT asks for, or what is wrong with it in DynamoDB's words. */
export type InsertStatement =
  | { readonly ok: true; readonly table: string; readonly attributes: readonly string[] }
  | { readonly ok: false; readonly message: string };

const insert = /^\s*INSERT\s+INTO\s+"([A-Za-z0-9_.-]{3,255})"\s+VALUE\s*\{([^{}]*)\}\s*;?\s*$/i;
const member = /^\s*'((?:[^']|'')+)'\s*:\s*\?\s*$/;

const refused = (message: string): InsertStatement => ({ ok: false, message });

/** Reads the one form of PartiQL that the local DynamoDB knows: `INSERT INTO "table" VALUE {'attribute': ?, …}`. */
export const parseInsert = (statement: string): InsertStatement => {
  const [, table, members] = insert.exec(statement) ?? [];
  if (table === undefined || members === undefined) {
    return refused(
      `The local DynamoDB knows no other statement than INSERT INTO "table" VALUE {'attribute': ?, …}, and this one is ${statement}`,
    );
  }
  const attributes: string[] = [];
  for (const part of members.split(',')) {
    const name = member.exec(part)?.[1]?.replaceAll("''", "'");
    if (name === undefined)
      return refused(
        `Statement wasn't well formed, can't be processed: expected 'attribute': ? and found ${part.trim() || 'nothing'}`,
      );
    if (attributes.includes(name))
      return refused(`Statement wasn't well formed, can't be processed: attribute ${name} twice`);
    attributes.push(name);
  }
  return { ok: true, table, attributes };
};
