import { code, escapeText, sections } from '../block-kit/blocks.ts';
import type { Message, MessengerFailure } from '../message.ts';
import { type HistoryAsked, historyArguments, historyOf } from './history-message.ts';

/** A history as a file. */
export type ExportView = HistoryAsked & {
  /** Of the file. */
  readonly name: string;
  readonly entries: number;
  readonly bytes: number;
  readonly isShared: boolean;
};

const plain = (lines: readonly string[]): Message => ({ text: lines.join('\n'), blocks: sections(lines.join('\n')) });

const entriesText = (entries: number): string => (entries === 1 ? '1 entry' : `${entries} entries`);

/** The same history from a shell. */
const inShell = (asked: HistoryAsked): string =>
  code(`postal-endpoint export --ledger-table NAME ${historyArguments(asked)}`.trimEnd());

/** Stands with the file, wherever it is passed on to. */
export const exportIntroduction = (view: ExportView): string =>
  `📄 ${entriesText(view.entries)} of the ledger${historyOf(view)}. One entry a line, exactly as it was hashed; ${code(`postal-endpoint verify --file ${view.name}`)} checks every hash without the bot.`;

/** The file is there. */
export const exportedMessage = (view: ExportView, permalink: string | null): Message => {
  const file = permalink === null ? code(view.name) : `<${permalink}|${escapeText(view.name)}>`;
  const where = view.isShared ? 'is in this channel' : 'is in your direct messages with me, for you alone';
  return plain([`📄 ${file} with ${entriesText(view.entries)}${historyOf(view)} ${where}.`]);
};

/** Why Slack did not take a file, and what helps. */
export const notHandedOver = (failure: MessengerFailure, isShared: boolean): readonly string[] => {
  switch (failure.kind) {
    case 'rate-limited':
      return [
        `Slack asks to wait ${failure.retryAfterSeconds} s before it takes a file. Nobody got it: ask again then.`,
      ];
    case 'unreachable':
      return [
        'Slack did not say whether it took the file. If it does not appear in a minute, ask again: another export does no harm.',
      ];
    case 'refused':
      if (failure.code === 'missing_scope')
        return [
          `Nobody got it: Slack lets this app hand over no files${isShared ? '' : ' to a person'}. An administrator has to add the scope${isShared ? '' : 's'} ${code('files:write')}${isShared ? '' : ` and ${code('im:write')}`} and install the app again.`,
        ];
      if (failure.code === 'not_in_channel' || failure.code === 'channel_not_found')
        return ['Nobody got it: I am not a member of this channel. Invite me with /invite, or leave out --share.'];
      return [`Nobody got it: Slack refuses the file (${code(failure.code)}).`];
  }
};

/** The file is not there, and how to get it without Slack. */
export const exportFailedMessage = (view: ExportView, failure: MessengerFailure): Message =>
  plain([
    `⚠️ ${entriesText(view.entries)}${historyOf(view)} could not be handed over as a file.`,
    ...notHandedOver(failure, view.isShared),
    `From a shell with AWS credentials for the ledger's table: ${inShell(view)}`,
  ]);

/** More than the worker holds, or has time for. */
export const exportTooLargeMessage = (asked: HistoryAsked, largestBytes: number): Message =>
  plain([
    `⚠️ This history${historyOf(asked)} is larger than the ${Math.round(largestBytes / 1024 / 1024)} MiB that I hand over, or takes longer to read than I have. No file was made.`,
    `Ask for less, with a hostname or ${code('--since 7d')}; or from a shell, without a bound: ${inShell(asked)}`,
  ]);
