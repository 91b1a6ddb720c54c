import { idOfMention } from '../base/slack-ids.ts';
import type { Finding, RuleId } from '../endpoint/finding.ts';
import { printable, unprintable } from '../endpoint/printable.ts';

const longest = { name: 80, owner: 80, note: 500 } as const;

type TextArgument = keyof typeof longest;

/** Slack's mentions, as they travel: `<!channel>`, `<@U1>`, `<#C1>`, also with an escaped bracket. */
const mention = /(?:<|&lt;)[!@#][^<>]*(?:>|&gt;)?/;

const everyMention = new RegExp(mention.source, 'g');
const everyUnprintable = new RegExp(unprintable.source, 'gu');

/** A mention says who owns an endpoint; only its id is kept. */
const plain = (text: string, argument: TextArgument): string =>
  (argument === 'owner' ? idOfMention(text) : undefined) ?? text.trim();

/** The text without mentions and unprintable characters. */
export const suggestText = (text: string, argument: TextArgument): string =>
  plain(text, argument).replace(everyMention, ' ').replace(everyUnprintable, ' ').replace(/\s+/g, ' ').trim();

/** The rules text-length and text-characters; both block. Blank text counts as none. */
export const checkText = (
  text: string | undefined,
  argument: TextArgument,
): { readonly text: string | undefined; readonly findings: readonly Finding[] } => {
  const value = plain(text ?? '', argument);
  const finding = (id: RuleId, wrong: string, right: string): Finding => ({
    id,
    severity: 'block',
    argument,
    wrong,
    right,
  });
  const length = [...value].length;
  const hidden = value.match(everyUnprintable) ?? [];
  const named = mention.exec(value)?.[0];
  const findings = [
    ...(length > longest[argument]
      ? [
          finding(
            'text-length',
            `The ${argument} has ${length} characters; ${longest[argument]} fit.`,
            `Shorten it by ${length - longest[argument]}.`,
          ),
        ]
      : []),
    ...(hidden.length > 0
      ? [
          finding(
            'text-characters',
            `The ${argument} contains ${[...new Set(hidden)].map(printable).join(', ')}, which cannot be shown.`,
            'Use printable characters, on one line.',
          ),
        ]
      : []),
    ...(named === undefined
      ? []
      : [
          finding(
            'text-characters',
            `The ${argument} contains the Slack mention ${printable(named)}.`,
            argument === 'owner' ? 'Give one user, user group or channel, or plain text.' : 'Leave it out.',
          ),
        ]),
  ];
  return { text: value === '' || findings.length > 0 ? undefined : value, findings };
};
