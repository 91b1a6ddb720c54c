import type { KnownBlock } from '@slack/types';
import { type Option, offeredOptions, type Syntax } from '../core/grammar/row.ts';
import { helpExample, isTypedVerb, slashCommand, table, typedVerbs } from '../core/grammar/table.ts';
import { actions, code, context, escapeText, header, section } from './block-kit/blocks.ts';
import { commandButton, formButton } from './block-kit/button.ts';
import type { Message } from './message.ts';

type OwnExamples = (text: string) => string;

const typed = (line: string): string => `${slashCommand} ${line}`;

const optionUsage = ({ name, placeholder }: Option): string =>
  `--${name}${placeholder === undefined ? '' : ` ${placeholder}`}`;

/** How a verb is written: `add <hostname> <target>… [--port 25]`. */
export const usageOf = (row: Syntax): string =>
  [
    row.verb,
    ...row.positionals.map(({ name, many, optional }) => {
      const place = `<${name}>${many ? '…' : ''}`;
      return optional ? `[${place}]` : place;
    }),
    ...offeredOptions(row).map((option) => `[${optionUsage(option)}]`),
  ].join(' ');

const overview = (own: OwnExamples): Message => {
  const lines = typedVerbs.map(
    (verb) => `*${verb}*  ${escapeText(own(table[verb].summary))}\n${code(typed(own(table[verb].example)))}`,
  );
  return {
    text: `I register the hostnames that Postal delivers to. Commands: ${typedVerbs.join(', ')}. ${typed(helpExample)} says more about one.`,
    blocks: [
      header('Hostnames for Postal'),
      section('I register the hostnames behind Postal’s SMTP endpoints, check them, and keep their history.'),
      ...lines.map(section),
      context(
        `${code(typed(helpExample))} says more about one command. Only you see the answers, unless you add ${code('--share')}.`,
      ),
      actions([formButton('Add endpoint', 'add'), commandButton('List', 'list'), commandButton('Status', 'status')]),
    ],
  };
};

const ofVerb = (row: Syntax, own: OwnExamples): Message => {
  const options = offeredOptions(row).map((option) => `${code(optionUsage(option))}  ${escapeText(own(option.help))}`);
  const blocks: KnownBlock[] = [
    header(row.verb),
    section(`${escapeText(own(row.summary))}.\n${code(typed(usageOf(row)))}`),
    ...(options.length > 0 ? [section(options.join('\n'))] : []),
    section(`*For example*\n${code(typed(own(row.example)))}`),
    ...(row.form === undefined ? [] : [actions([formButton('Use a form', row.form)])]),
  ];
  return {
    text: `${row.verb}: ${escapeText(own(row.summary))}. For example: ${escapeText(typed(own(row.example)))}`,
    blocks,
  };
};

/** The answer to `help` and `help <verb>`, from the command table; `own` makes its examples fit the deployment. */
export const helpMessage = (verb?: string, own: OwnExamples = (text) => text): Message =>
  verb !== undefined && isTypedVerb(verb) ? ofVerb(table[verb], own) : overview(own);
