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

/** The text that accompanies the file. */
export const exportIntroduction = (view: ExportView): string =>
  `📄 ${entriesText(view.entries)} of the ledger${historyOf(view)}. One entry per line, exactly as it was hashed; ${code(`postal-endpoint verify --file ${view.name}`)} checks every hash without the bot.`;

/** The file is there. */
export const exportedMessage = (view: ExportView, permalink: string | null): Message => {
  const file = permalink === null ? code(view.name) : `<${permalink}|${escapeText(view.name)}>`;
  const where = view.isShared ? 'is in this channel' : 'is in your direct messages with me';
  return plain([`📄 ${file} ${where}: ${entriesText(view.entries)}${historyOf(view)}.`]);
};

/** Why Slack refused a file, and what helps. */
export const notHandedOver = (failure: MessengerFailure, isShared: boolean): readonly string[] => {
  switch (failure.kind) {
    case 'rate-limited':
      return [`Slack accepts files again in ${failure.retryAfterSeconds} s. Nothing was sent: ask again then.`];
    case 'unreachable':
      return ['Slack did not confirm the file. If it does not appear within a minute, ask again.'];
    case 'refused':
      if (failure.code === 'missing_scope')
        return [
          `Nothing was sent: this app may not send files${isShared ? '' : ' to a person'}. An administrator has to add the scope${isShared ? '' : 's'} ${code('files:write')}${isShared ? '' : ` and ${code('im:write')}`} and install the app again.`,
        ];
      if (failure.code === 'not_in_channel' || failure.code === 'channel_not_found')
        return ['Nothing was sent: I am not a member of this channel. Invite me with /invite, or leave out --share.'];
      return [`Nothing was sent: Slack refuses the file (${code(failure.code)}).`];
  }
};

/** The file is not there, and how to get it without Slack. */
export const exportFailedMessage = (view: ExportView, failure: MessengerFailure): Message =>
  plain([
    `⚠️ ${entriesText(view.entries)}${historyOf(view)} could not be sent as a file.`,
    ...notHandedOver(failure, view.isShared),
    `From a shell with AWS credentials for the ledger's table: ${inShell(view)}`,
  ]);

/** The history is too large for the worker. */
export const exportTooLargeMessage = (asked: HistoryAsked, largestBytes: number): Message =>
  plain([
    `⚠️ This history${historyOf(asked)} is larger than ${Math.round(largestBytes / 1024 / 1024)} MiB or takes too long to read. No file was sent.`,
    `Ask for less, with a hostname or ${code('--since 7d')}; or use a shell, without this limit: ${inShell(asked)}`,
  ]);
