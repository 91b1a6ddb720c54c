import type { KnownBlock } from '@slack/types';
import type { Probed, Registered } from '../../commands/directory.ts';
import { type Grade, summarise } from '../../probe/summary.ts';
import { actions, code, context, dateText, divider, escapeText, header, section } from '../blocks.ts';
import { addFormButton, commandButton } from '../button.ts';
import { gradeMark } from './probe-blocks.ts';
import { definitionText } from './record-lines.ts';

const rowsAtMost = 20;
const order: readonly Grade[] = ['bad', 'unknown', 'partial', 'good'];
const words: Readonly<Record<Grade, string>> = { bad: 'do not answer', unknown: 'not told', partial: 'answer, with remarks', good: 'answer' };

const gradeOf = (probed: Probed | undefined, nowMs: number): Grade => (probed?.result.ok ? summarise(probed.result.report, nowMs).grade : 'unknown');

/** Counts by state, then endpoints, those that need a person first. */
export const homeBlocks = (registered: readonly Registered[], probes: ReadonlyMap<string, Probed>, nowMs: number): KnownBlock[] => {
  const rows = registered
    .map((each) => ({ ...each, probed: probes.get(each.definition.hostname), grade: gradeOf(probes.get(each.definition.hostname), nowMs) }))
    .sort((one, other) => order.indexOf(one.grade) - order.indexOf(other.grade));
  const counts = order.map((grade) => ({ grade, count: rows.filter((row) => row.grade === grade).length })).filter(({ count }) => count > 0);
  const summary = counts.map(({ grade, count }) => `${gradeMark(grade)} ${count} ${words[grade]}`).join('   ');
  const more = rows.length > rowsAtMost ? [context(`${rows.length - rowsAtMost} more: ${code('/postal-endpoint list')}`)] : [];
  return [
    header('Postal endpoints'),
    section(rows.length === 0 ? 'No endpoint is registered yet.' : `*${rows.length}* registered   ${summary}`),
    actions([addFormButton('Add endpoint')]),
    divider,
    ...rows.slice(0, rowsAtMost).flatMap(({ definition, probed, grade }): KnownBlock[] => [
      {
        ...section(
          `${gradeMark(grade)} *${definition.hostname}* → ${escapeText(definitionText(definition))}\n${
            probed?.result.ok ? escapeText(summarise(probed.result.report, nowMs).headline) : 'Not probed yet.'
          }${probed === undefined ? '' : ` ${dateText(probed.at)}`}`,
        ),
        accessory: commandButton('Show', `show ${definition.hostname}`),
      },
    ]),
    ...more,
  ];
};
