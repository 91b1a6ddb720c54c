/** Values as they stand in a statement. */
export type Value = string | number | null;

const literal = (value: Value): string => {
  if (value === null) return 'NULL';
  return typeof value === 'number'
    ? String(value)
    : `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\n', '\\n')}'`;
};

/** INSERT of rows that have the same columns, a thousand a statement. */
export const insert = (database: string, table: string, rows: readonly Readonly<Record<string, Value>>[]): string => {
  const columns = Object.keys(rows[0] ?? {});
  const statements: string[] = [];
  for (let at = 0; at < rows.length; at += 1000) {
    const values = rows
      .slice(at, at + 1000)
      .map((row) => `(${columns.map((column) => literal(row[column] ?? null)).join(',')})`);
    statements.push(
      `INSERT INTO \`${database}\`.\`${table}\` (${columns.map((column) => `\`${column}\``).join(',')}) VALUES ${values.join(',\n')};`,
    );
  }
  return statements.join('\n');
};

/** A time as Postal's `datetime` columns have it, UTC. */
export const dateTimeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
