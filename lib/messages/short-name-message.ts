import { code, context, escapeText, sections } from './block-kit/blocks.ts';
import type { Message } from './message.ts';

/** Names that are offered in one message. */
const mostOffered = 10;

/** An answer about a name that was written short, which says how it was read. */
export const withShortName = (message: Message, short: string, hostname: string): Message => ({
  text: message.text,
  blocks: [
    context(escapeText(`${short} was read as ${hostname}, the only registered name that begins with it.`)),
    ...message.blocks,
  ],
});

/** A command line with a full hostname in place of the short one. */
const withName = (line: string, short: string, hostname: string): string =>
  line
    .split(' ')
    .map((word) => (word.toLowerCase().replace(/\.$/, '') === short ? hostname : word))
    .join(' ');

/** A short name that begins several registered names, each with the command line as it would be with that name; or none. */
export const unclearShortNameMessage = (line: string, short: string, hostnames: readonly string[]): Message => {
  const head =
    hostnames.length === 0
      ? `${short} is not a full name, and no registered name begins with it. See the registered names:`
      : `${short} is short for ${hostnames.length} registered names. Write one in full:`;
  const lines =
    hostnames.length === 0
      ? ['/postal-endpoint list']
      : hostnames.slice(0, mostOffered).map((hostname) => `/postal-endpoint ${withName(line, short, hostname)}`);
  const left = hostnames.length - mostOffered;
  const rest = left > 0 ? [`… and ${left} more: ${code('/postal-endpoint list')}`] : [];
  return {
    text: [head, ...lines].map(escapeText).join('\n'),
    blocks: sections([escapeText(head), ...lines.map(code), ...rest].join('\n')),
  };
};
