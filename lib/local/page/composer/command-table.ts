/** A value of a verb that stands by its place. */
export type Positional = { readonly name: string; readonly optional: boolean; readonly many: boolean };
export type CommandOption = {
  readonly name: string;
  readonly placeholder: string;
  readonly choices: readonly string[];
  readonly help: string;
};
export type CommandRow = {
  readonly verb: string;
  readonly summary: string;
  readonly positionals: readonly Positional[];
  readonly options: readonly CommandOption[];
  readonly example: string;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const optionOf = (value: Record<string, unknown>): CommandOption => ({
  name: textOf(value['name']),
  placeholder: textOf(value['placeholder']),
  choices: listOf(value['choices']).filter((choice) => typeof choice === 'string'),
  help: textOf(value['help']) || textOf(value['summary']),
});

/** The command table as served: rows in a list, or by verb. What is no row is left out. */
export const readCommandTable = (json: unknown): readonly CommandRow[] => {
  const rows = Array.isArray(json) ? json : isObject(json) ? Object.values(json) : [];
  return rows
    .filter(isObject)
    .map((row) => ({
      verb: textOf(row['verb']),
      summary: textOf(row['summary']),
      positionals: listOf(row['positionals'])
        .filter(isObject)
        .map((value) => ({
          name: textOf(value['name']),
          optional: value['optional'] === true,
          many: value['many'] === true,
        })),
      options: listOf(row['options'])
        .filter(isObject)
        .filter((option) => option['refused'] !== true)
        .map(optionOf),
      example: textOf(row['example']),
    }))
    .filter(({ verb }) => verb !== '');
};

/** `add <hostname> <target>… [--port 25]`, in one line. */
export const usageOf = (row: CommandRow): string =>
  [
    row.verb,
    ...row.positionals.map(({ name, optional, many }) => `${optional ? `[${name}]` : `<${name}>`}${many ? '…' : ''}`),
    ...row.options.map(({ name, placeholder }) => `[--${name}${placeholder === '' ? '' : ` ${placeholder}`}]`),
  ].join(' ');
