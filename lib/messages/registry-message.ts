import type { RegistryFormat } from '../core/endpoint/registry-format.ts';
import { code, escapeText, sections } from './block-kit/blocks.ts';
import { notHandedOver } from './history/export-message.ts';
import type { Message, MessengerFailure } from './message.ts';

/** The registry as a file. */
export type RegistryView = {
  readonly name: string;
  readonly count: number;
  readonly isShared: boolean;
  readonly format: RegistryFormat;
  /** A time of the past, as somebody wrote it; absent: as it is now. */
  readonly at?: string | undefined;
};

const plain = (lines: readonly string[]): Message => ({ text: lines.join('\n'), blocks: sections(lines.join('\n')) });

const countText = ({ count, at }: RegistryView): string =>
  `${count === 1 ? '1 hostname' : `${count} hostnames`}${at === undefined ? '' : `, as of ${code(at)}`}`;

/** Goes with the file. */
export const registryIntroduction = (view: RegistryView): string =>
  view.format === 'jsonl'
    ? `📄 ${countText(view)}, all that you may list. ${code(`postal-endpoint audit --registry ${view.name}`)} compares them with Postal's own database.`
    : `📄 ${countText(view)}${view.format === 'zone' ? ' as a zone file, with ports and modes as comments; names, owners and notes are left out' : ' as CSV'}. ${code('/postal-endpoint import')} reads it again.`;

/** The file is there. */
export const registrySentMessage = (view: RegistryView, permalink: string | null): Message => {
  const file = permalink === null ? code(view.name) : `<${permalink}|${escapeText(view.name)}>`;
  const where = view.isShared ? 'is in this channel' : 'is in your direct messages with me';
  return plain([`📄 ${file} ${where}: ${countText(view)}.`]);
};

/** The file is not there, and how to get it without Slack. */
export const registryNotSentMessage = (view: RegistryView, failure: MessengerFailure): Message =>
  plain([
    `⚠️ The registry of ${countText(view)} could not be sent as a file.`,
    ...notHandedOver(failure, view.isShared),
    `From a shell with AWS credentials for the ledger's table: ${code(`postal-endpoint export --format ${view.format}${view.at === undefined ? '' : ` --at ${view.at}`} --ledger-table NAME`)}`,
  ]);
