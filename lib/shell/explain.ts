import { explain } from '../core/postal/explain/explain.ts';
import type { ExplainedItem, Explanation } from '../core/postal/explain/explanation.ts';
import { stagesText } from '../core/postal/explain/stage-words.ts';
import { explainLog, type LogSource, standardLog } from './explain-log.ts';
import { plain } from './plain.ts';
import { readArguments } from './read-arguments.ts';
import { type ShellResult, UsageError } from './shell-result.ts';

/** Where the text comes from when the command line has none. */
export type TextSource = () => Promise<string>;

/** Characters of standard input that are read: a log of days. */
const longestInput = 10_000_000;

const standardInput: TextSource = async () => {
  if (process.stdin.isTTY) process.stderr.write('Paste the text of Postal, then press Ctrl-D.\n');
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length >= longestInput) break;
  }
  return text.slice(0, longestInput);
};

const itemText = ({ meaning, stages, endpoint, recipientDomain, remedy, postal, quote }: ExplainedItem): string => {
  const { hostname, ip, port } = endpoint;
  const server = [hostname, ip, port === undefined ? undefined : `port ${port}`]
    .filter((part) => part !== undefined)
    .join(' ');
  return [
    meaning,
    `  where:      ${stagesText(stages)}`,
    ...(server === '' ? [] : [`  server:     ${server}`]),
    ...(recipientDomain === undefined ? [] : [`  mail for:   ${recipientDomain}`]),
    ...(remedy === '' ? [] : [`  what to do: ${remedy}`]),
    `  Postal:     ${postal}`,
    `  said:       ${quote}`,
  ]
    .map(plain)
    .join('\n');
};

const inWords = (explanation: Explanation): string =>
  explanation.recognised
    ? explanation.items.map(itemText).join('\n\n')
    : [
        'No message of Postal was recognised in that text. What is recognised:',
        ...explanation.lookedFor.map((one) => `  - ${one}`),
        `For example: postal-endpoint explain '${explanation.example}'`,
      ].join('\n');

/**
 * `postal-endpoint explain [--json] [text…]`: what a text of Postal's means; without one it is read from standard input. With `--summary` standard input is
 * a whole log.
 */
export const explainInShell = async (
  args: readonly string[],
  source: TextSource = standardInput,
  log: () => LogSource = standardLog,
): Promise<ShellResult> => {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean', default: false }, summary: { type: 'boolean', default: false } },
    { dashesAreText: true },
  );
  if (values.summary) {
    if (positionals.length > 0)
      throw new UsageError(
        'summary: the log is read from standard input: postal logs worker | postal-endpoint explain --summary',
      );
    return explainLog(values.json, log());
  }
  const explanation = explain(positionals.length === 0 ? await source() : positionals.join(' '));
  return {
    text: values.json ? JSON.stringify(explanation) : inWords(explanation),
    exitCode: explanation.recognised ? 0 : 3,
  };
};
