import type { Verification } from '../../core/ledger/verification.ts';
import { actions, dateText, escapeText, section, sections, shortened } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';
import { verificationLines } from './verification-lines.ts';

/** More do not fit one message; how many more there are is said. */
const faultsAtMost = 12;
const factsAtMost = 20;
const longestText = 300;

const marks = { verified: '✅', faults: '🛑', 'nothing-verified': '❔' } as const;

const upTo = (lines: readonly string[], atMost: number, bullet: string, where: string): string[] => [
  ...lines.slice(0, atMost).map((line) => `${bullet} ${line}`),
  ...(lines.length > atMost ? [`… and ${lines.length - atMost} more: ${where}`] : []),
];

/** What holding the ledger against the audit channel came to: verdict, faults, what is verified and what is not. */
export const verifyMessage = (verification: Verification, hostname: string | undefined): Message => {
  const wording = {
    when: (iso: string) => dateText(iso),
    text: (text: string) => escapeText(shortened(text, longestText)),
  };
  const { head, facts, faults } = verificationLines(verification, wording);
  const mark = marks[verification.verdict];
  const whole = '`postal-endpoint verify` in a shell lists all of them.';
  const advice =
    faults.length === 0
      ? []
      : [
          'Find out first who did this, and change nothing until then: the ledger table, its access log and this message are the evidence.',
        ];
  const command = ['history', hostname, '--verify'].filter((part) => part !== undefined).join(' ');
  const again = hostname === undefined ? [] : [commandButton('History', `history ${hostname}`)];
  return {
    text: `${mark} ${head}`,
    blocks: [
      section(`${mark} *${head}*`),
      ...(faults.length === 0 ? [] : sections([...upTo(faults, faultsAtMost, '✗', whole), ...advice].join('\n'))),
      ...sections(upTo(facts, factsAtMost, '•', whole).join('\n')),
      actions([...again, commandButton('Verify again', command, { replace: true })]),
    ],
  };
};
