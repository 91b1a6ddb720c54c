import type { KnownBlock } from '@slack/types';
import { slashCommand, table } from '../../core/grammar/table.ts';
import { assess } from '../../core/postal/assess.ts';
import type { ExplainedItem, Explanation, Fate } from '../../core/postal/explain/explanation.ts';
import { stagesText } from '../../core/postal/explain/stage-words.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import type { Probed } from '../../core/probe-report/report.ts';
import {
  actions,
  code,
  context,
  dateText,
  divider,
  escapeText,
  preformatted,
  section,
  sections,
  shortened,
} from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';
import { levelMark, verdictSentence } from './probe-blocks.ts';

/** A registered hostname that the text names, with its last check. */
export type NamedHost = { readonly hostname: string; readonly probed: Probed | undefined };

export type ExplainView = {
  readonly explanation: Explanation;
  readonly hosts: readonly NamedHost[];
  readonly profile: PostalProfile;
  readonly nowMs: number;
};

/** The rest is counted. */
const itemsShown = 6;
/** Names from the text are shown this far, in characters. */
const longestName = 120;
const longestSentence = 900;

const marks: Readonly<Record<Fate, string>> = {
  sent: '✅',
  processed: '⚠️',
  retried: '⚠️',
  held: '⚠️',
  bounced: '❌',
  lost: '❌',
  open: '❔',
};

const name = (text: string): string => code(shortened(text, longestName));
const sentence = (text: string): string => escapeText(shortened(text, longestSentence));

const placeLine = ({ stages, endpoint: { hostname, ip, port }, recipientDomain }: ExplainedItem): string => {
  const server = [
    ...(hostname === undefined ? [] : [name(hostname)]),
    ...(ip === undefined ? [] : [name(ip)]),
    ...(port === undefined ? [] : [`port ${port}`]),
  ];
  return [
    `*Where:* ${stagesText(stages)}`,
    ...(server.length === 0 ? [] : [server.join(' ')]),
    ...(recipientDomain === undefined ? [] : [`mail for ${name(recipientDomain)}`]),
  ].join(' · ');
};

const itemBlocks = (item: ExplainedItem): KnownBlock[] => [
  ...sections(
    [
      `${marks[item.fate]} *${sentence(item.meaning)}*`,
      placeLine(item),
      ...(item.remedy === '' ? [] : [`*What to do:* ${sentence(item.remedy)}`]),
      `*Postal:* ${sentence(item.postal)}`,
    ].join('\n'),
  ),
  context(code(item.quote)),
];

const hostBlocks = ({ hostname, probed }: NamedHost, view: Pick<ExplainView, 'profile' | 'nowMs'>): KnownBlock[] => {
  const seen = ((): string => {
    if (probed === undefined) return 'is registered here and was not checked yet.';
    const last = assess(probed.result, view);
    if (!last.ok)
      return `is registered here. Its last check, ${dateText(probed.at)}, failed: ${sentence(last.failure.message)}`;
    return `is registered here. Last check ${dateText(probed.at)}: ${levelMark(last.assessment.level)} ${sentence(verdictSentence(last))}`;
  })();
  return [
    section(`${name(hostname)} ${seen}`),
    actions([commandButton('Check now', `check ${hostname}`), commandButton('Show', `show ${hostname}`)]),
  ];
};

const unknownMessage = ({ lookedFor, example }: Extract<Explanation, { recognised: false }>): Message => {
  const head = 'I do not recognise a message of Postal in that text.';
  const lines = [`❔ *${head}*`, 'I recognise:', ...lookedFor.map((one) => `• ${escapeText(one)}`), 'For example:'];
  return {
    text: `${head} ${slashCommand} ${escapeText(table.explain.example)}`,
    blocks: [
      ...sections(lines.join('\n')),
      preformatted(`${slashCommand} explain ${example}`),
      actions([commandButton('Help', 'help explain')]),
    ],
  };
};

/** The meaning of a pasted text of Postal: verdict, where, what to do, what Postal does; then the last checks of the hosts in it. */
export const explainMessage = ({ explanation, hosts, profile, nowMs }: ExplainView): Message => {
  if (!explanation.recognised) return unknownMessage(explanation);
  const { items } = explanation;
  const shown = items.slice(0, itemsShown);
  const left = items.length - shown.length;
  const [first] = items;
  const count = items.length === 1 ? [] : [section(`*${items.length} different problems found.*`)];
  return {
    text: `${sentence(first.meaning)} ${sentence(first.remedy === '' ? first.postal : first.remedy)}${items.length === 1 ? '' : ` … and ${items.length - 1} more.`}`,
    blocks: [
      ...count,
      ...shown.flatMap((item, index) => [...(index === 0 ? [] : [divider]), ...itemBlocks(item)]),
      ...(left === 0 ? [] : [context(`… and ${left} more are not shown: explain the remaining lines separately.`)]),
      ...(hosts.length === 0 ? [] : [divider]),
      ...hosts.flatMap((host) => hostBlocks(host, { profile, nowMs })),
    ],
  };
};
