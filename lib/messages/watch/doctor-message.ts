import type { Examined } from '../../core/base/examined.ts';
import { actions, code, context, dateText, escapeText, oneLine, section, sections } from '../block-kit/blocks.ts';
import { commandButton } from '../block-kit/button.ts';
import type { Message } from '../message.ts';

export const healthMark: Readonly<Record<Examined['health'], string>> = { bad: '❌', unsure: '⚠️', good: '✓' };
const order: readonly Examined['health'][] = ['bad', 'unsure', 'good'];

const line = ({ health, what, detail, remedy, channelId }: Examined): string =>
  `${healthMark[health]} *${escapeText(what)}*: ${channelId === undefined ? '' : `<#${escapeText(channelId)}> `}${escapeText(oneLine(detail))}${remedy === undefined ? '' : `\n      → ${escapeText(remedy)}`}`;

const headOf = (examined: readonly Examined[]): string => {
  const count = (health: Examined['health']): number => examined.filter((each) => each.health === health).length;
  const [wrong, open] = [count('bad'), count('unsure')];
  if (wrong > 0) return `❌ *${wrong} of ${examined.length} parts ${wrong === 1 ? 'needs' : 'need'} attention.*`;
  return open > 0
    ? `⚠️ *Nothing is broken, but ${open} of ${examined.length} parts ${open === 1 ? 'needs' : 'need'} a look.*`
    : `✅ *All ${examined.length} parts work.*`;
};

/** The result of `doctor`: verdict, then the problems with their remedies, then the rest. */
export const doctorMessage = (
  examined: readonly Examined[],
  { at, policyVersion }: { readonly at: string; readonly policyVersion: string },
): Message => {
  const body = order.flatMap((health) => examined.filter((each) => each.health === health)).map(line);
  return {
    text: [headOf(examined).replaceAll('*', ''), ...body].join('\n'),
    blocks: [
      section(headOf(examined)),
      ...sections(body.join('\n')),
      context(`seen from the worker · policy ${code(policyVersion)} · ${dateText(at)}`),
      actions([commandButton('Check again', 'doctor', { replace: true })]),
    ],
  };
};
