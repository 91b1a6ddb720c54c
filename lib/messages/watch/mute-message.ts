import type { Mute } from '../../core/watch/mute.ts';
import { actions, context, dateText, escapeText, mention, section } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';

/** Until when alerts are muted. */
export const muteMessage = ({ hostname, fromMs, untilMs, by, reason }: Mute, nowMs: number): Message => {
  const until = dateText(new Date(untilMs).toISOString());
  const when = fromMs > nowMs ? `from ${dateText(new Date(fromMs).toISOString())} until ${until}` : `until ${until}`;
  const head = `🔕 *${escapeText(hostname)}* is muted ${when}.`;
  const rest = 'Checks continue. If it is down when the mute ends, the alert is sent then.';
  return {
    text: `${head.replaceAll('*', '')} ${rest}`,
    blocks: [
      section(`${head} ${rest}`),
      context(`by ${mention(by)}${reason === undefined ? '' : ` · ${escapeText(reason)}`} · recorded in the history`),
      actions([commandButton('Unmute', `unmute ${hostname}`), commandButton('Check', `check ${hostname}`)]),
    ],
  };
};

/** That alerts are sent again. */
export const unmuteMessage = (hostname: string, wasMuted: boolean): Message => {
  const text = wasMuted
    ? `🔔 ${escapeText(hostname)} is no longer muted: its alerts are sent again.`
    : `${escapeText(hostname)} was not muted. Nothing was changed.`;
  return {
    text,
    blocks: [
      section(text),
      actions([commandButton('Check', `check ${hostname}`), commandButton('Show', `show ${hostname}`)]),
    ],
  };
};
