import { code, context, escapeText, sections } from './block-kit/blocks.ts';
import type { Message } from './message.ts';

/** Names that are offered in one message. */
const mostOffered = 10;

/** An answer about a name that was written short, which says how it was read. */
export const withShortName = (message: Message, short: string, hostname: string): Message => ({
  text: message.text,
  blocks: [
    context(escapeText(`${short} was read as ${hostname}, the only registered name that begins so.`)),
    ...message.blocks,
  ],
});

/** A short name that begins several registered names, each with its command; or none. */
export const unclearShortNameMessage = (verb: string, short: string, hostnames: readonly string[]): Message => {
  const head =
    hostnames.length === 0
      ? `${short} is not a full name, and no registered name begins with it. What is registered:`
      : `${short} is short for ${hostnames.length} registered names. Write one in full:`;
  const lines =
    hostnames.length === 0
      ? ['/postal-endpoint list']
      : hostnames.slice(0, mostOffered).map((hostname) => `/postal-endpoint ${verb} ${hostname}`);
  const left = hostnames.length - mostOffered;
  const rest = left > 0 ? [`… and ${left} more: ${code('/postal-endpoint list')}`] : [];
  return {
    text: [head, ...lines].map(escapeText).join('\n'),
    blocks: sections([escapeText(head), ...lines.map(code), ...rest].join('\n')),
  };
};
