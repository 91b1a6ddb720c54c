import { type CommandRow, usageOf } from './command-table.ts';

export type CompletionItem = { readonly insert: string; readonly label: string; readonly detail: string };

/** What could stand between `from` and `to` of the text. */
export type Completion = {
  readonly from: number;
  readonly to: number;
  readonly items: readonly CompletionItem[];
  readonly usage: string;
};

export type CompletionSource = {
  /** The slash command, with its slash. */
  readonly command: string;
  readonly rows: readonly CommandRow[];
  readonly hostnames: readonly string[];
  readonly users: readonly { readonly name: string; readonly realName: string }[];
  /** The mail servers of the local Postal: `organization/server`. */
  readonly servers: readonly string[];
};

const nothing: Completion = { from: 0, to: 0, items: [], usage: '' };

const matching = (items: readonly CompletionItem[], typed: string): readonly CompletionItem[] => {
  const wanted = typed.toLowerCase();
  const fits = items.filter(({ label }) => label.toLowerCase().startsWith(wanted) && label !== typed);
  const within =
    wanted === ''
      ? []
      : items.filter(
          (item) => !fits.includes(item) && item.label.toLowerCase().includes(wanted) && item.label !== typed,
        );
  return [...fits, ...within];
};

const verbItems = ({ rows }: CompletionSource): readonly CompletionItem[] => [
  ...rows.map(({ verb, summary }) => ({ insert: `${verb} `, label: verb, detail: summary })),
  { insert: 'help ', label: 'help', detail: 'What I can do, with an example of each' },
];

const hostItems = ({ hostnames }: CompletionSource): readonly CompletionItem[] =>
  hostnames.map((name) => ({ insert: `${name} `, label: name, detail: 'seen here' }));

const optionItems = (row: CommandRow, used: readonly string[]): readonly CompletionItem[] =>
  row.options
    .filter(({ name }) => !used.includes(`--${name}`))
    .map(({ name, help, placeholder }) => ({
      insert: `--${name} `,
      label: `--${name}`,
      detail: placeholder === '' ? help : `${placeholder} · ${help}`,
    }));

const valueItems = (
  row: CommandRow,
  option: string,
  source: CompletionSource,
): readonly CompletionItem[] | undefined => {
  const found = row.options.find(({ name, placeholder }) => `--${name}` === option && placeholder !== '');
  if (found === undefined) return undefined;
  if (found.choices.length > 0)
    return found.choices.map((choice) => ({ insert: `${choice} `, label: choice, detail: '' }));
  if (found.placeholder.startsWith('@'))
    return source.users.map(({ name, realName }) => ({ insert: `@${name} `, label: `@${name}`, detail: realName }));
  const known = option === '--server' ? source.servers : option === '--target' ? source.hostnames : [];
  return known.map((value) => ({ insert: `${value} `, label: value, detail: '' }));
};

/**
 * What to offer at the end of a command line.
 *
 * | what is there              | offered                                    |
 * | -------------------------- | ------------------------------------------ |
 * | a piece of the command     | the command                                |
 * | the first word             | verbs                                      |
 * | `help` and a word          | verbs                                      |
 * | a word after `--option`    | its choices, people, or what is known here |
 * | `-…`                       | options not yet given                      |
 * | the place of a hostname    | hostnames seen before                      |
 * | after the places           | options not yet given                      |
 */
export const complete = (text: string, source: CompletionSource): Completion => {
  const { command, rows } = source;
  if (!text.startsWith('/')) return nothing;
  if (!text.includes(' ')) {
    const items = matching(
      [
        {
          insert: `${command} `,
          label: command,
          detail: 'Registers and checks the host names that Postal delivers to',
        },
      ],
      text,
    );
    return { from: 0, to: text.length, items, usage: '' };
  }
  if (!text.startsWith(`${command} `)) return nothing;
  const words = text.slice(command.length).trimStart().split(/\s+/);
  const current = words.at(-1) ?? '';
  const at = { from: text.length - current.length, to: text.length };
  if (words.length === 1) return { ...at, items: matching(verbItems(source), current), usage: '' };
  const [verb = '', ...rest] = words;
  const before = rest.slice(0, -1);
  if (verb === 'help')
    return { ...at, items: before.length > 0 ? [] : matching(verbItems(source).slice(0, -1), current), usage: '' };
  const row = rows.find((candidate) => candidate.verb === verb);
  if (row === undefined) return nothing;
  const usage = `${command} ${usageOf(row)}`;
  const values = valueItems(row, before.at(-1) ?? '', source);
  if (values !== undefined) return { ...at, items: matching(values, current), usage };
  const options = optionItems(row, before);
  if (/^[-—–]/.test(current)) return { ...at, items: matching(options, current.replace(/^[—–]/, '--')), usage };
  const place = before.findIndex((word) => word.startsWith('-')) < 0 ? before.length : Number.POSITIVE_INFINITY;
  const positional = row.positionals[place];
  if (positional?.name === 'hostname') return { ...at, items: matching(hostItems(source), current), usage };
  const needed = positional !== undefined && !positional.optional;
  return { ...at, items: needed || current !== '' ? [] : matching(options, ''), usage };
};
