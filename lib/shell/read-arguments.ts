import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../core/grammar/nearest.ts';
import { UsageError } from './shell-result.ts';

type Options = NonNullable<ParseArgsConfig['options']>;

const requiredValue = (name: string, value: string | undefined): string => {
  if (value === undefined || value === '--') throw new UsageError(`--${name}: its value is missing.`);
  if (/^-./.test(value))
    throw new UsageError(
      `--${name}: its value is missing before ${value}. If the value begins with a dash, write --${name}=VALUE.`,
    );
  return value;
};

/** Takes options and other words apart, with every option as `--name` or `--name=value`. */
const separate = (args: readonly string[], options: Options, dashesAreText: boolean) => {
  const found: string[] = [];
  const words: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === '--') return { found, words: [...words, ...rest] };
    const [, name, inline] = /^--([a-z][\w-]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) {
      if (/^-./.test(arg) && !dashesAreText)
        throw new UsageError(`${arg}: unknown option. Options begin with two dashes.`);
      words.push(arg);
      continue;
    }
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (option === undefined) {
      const near = nearest(name, Object.keys(options));
      throw new UsageError(`--${name}: unknown option.${near === undefined ? '' : ` Did you mean --${near}?`}`);
    }
    if (option.type === 'boolean') {
      if (inline !== undefined) throw new UsageError(`--${name}: it takes no value. Leave out "=${inline}".`);
      found.push(`--${name}`);
      continue;
    }
    found.push(`--${name}=${inline ?? requiredValue(name, rest.shift())}`);
  }
  return { found, words };
};

/**
 * Reads a command's arguments: options anywhere before `--` (the last one of a name counts), all else as `positionals`. With `dashesAreText` only `--name` is an option, so that a line
 * of a log can be given as it is. Throws `UsageError` with the option, what is wrong with it and what would be right.
 */
export const readArguments = <Own extends Options>(
  args: readonly string[],
  options: Own,
  { dashesAreText = false }: { readonly dashesAreText?: boolean } = {},
) => {
  const { found, words } = separate(args, options, dashesAreText);
  const { values } = parseArgs({ args: found, options, strict: true });
  return { values, positionals: words };
};
