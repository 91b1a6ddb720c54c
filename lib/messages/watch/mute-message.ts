import type { Mute } from '../../core/watch/mute.ts';
import { actions, context, dateText, escapeText, mention, section } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';

/** Until when alerts are kept back, and that looking goes on. */
export const muteMessage = ({ hostname, fromMs, untilMs, by, reason }: Mute, nowMs: number): Message => {
  const until = dateText(new Date(untilMs).toISOString());
  const when = fromMs > nowMs ? `from ${dateText(new Date(fromMs).toISOString())} until ${until}` : `until ${until}`;
  const head = `🔕 *${escapeText(hostname)}* is muted ${when}.`;
  const rest = 'It is looked at all the same; if it is down when that ends, the on-call channel is told then.';
  return {
    text: `${head.replaceAll('*', '')} ${rest}`,
    blocks: [
      section(`${head} ${rest}`),
      context(
        `by ${mention(by)}${reason === undefined ? '' : ` · ${escapeText(reason)}`} · written down in the history`,
      ),
      actions([commandButton('Unmute', `unmute ${hostname}`), commandButton('Check', `check ${hostname}`)]),
    ],
  };
};

/** That alerts come again. */
export const unmuteMessage = (hostname: string, wasMuted: boolean): Message => {
  const text = wasMuted
    ? `🔔 ${escapeText(hostname)} is no longer muted: the on-call channel is told of its outages again.`
    : `${escapeText(hostname)} was not muted. Nothing was changed.`;
  return {
    text,
    blocks: [
      section(text),
      actions([commandButton('Check', `check ${hostname}`), commandButton('Show', `show ${hostname}`)]),
    ],
  };
};
