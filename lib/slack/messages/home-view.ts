import type { KnownBlock } from '@slack/types';
import type { Probed, Registered } from '../../commands/directory.ts';
import { assess } from '../../postal/assess.ts';
import type { PostalProfile } from '../../postal/profile.ts';
import type { VerdictLevel } from '../../postal/verdict.ts';
import { actions, code, context, dateText, divider, escapeText, header, section, shortened } from '../blocks.ts';
import { addFormButton, commandButton } from '../button.ts';
import { levelMark, levelOf, verdictSentence } from './probe-blocks.ts';
import { definitionText } from './record-lines.ts';

const rowsAtMost = 20;
const longestVerdict = 240;
const order: readonly VerdictLevel[] = ['bad', 'unknown', 'warning', 'good'];
const words: Readonly<Record<VerdictLevel, string>> = { bad: 'shut Postal out', unknown: 'not told', warning: 'with remarks', good: 'well' };

/** Counts by state, then endpoints, those that need a person first. */
export const homeBlocks = (
  registered: readonly Registered[],
  probes: ReadonlyMap<string, Probed>,
  profile: PostalProfile,
  nowMs: number,
): KnownBlock[] => {
  const rows = registered
    .map((each) => {
      const probed = probes.get(each.definition.hostname);
      const seen = probed && assess(probed.result, { profile, nowMs });
      return { ...each, probed, seen, level: levelOf(seen) };
    })
    .sort((one, other) => order.indexOf(one.level) - order.indexOf(other.level));
  const counts = order.map((level) => ({ level, count: rows.filter((row) => row.level === level).length })).filter(({ count }) => count > 0);
  const summary = counts.map(({ level, count }) => `${levelMark(level)} ${count} ${words[level]}`).join('   ');
  const more = rows.length > rowsAtMost ? [context(`${rows.length - rowsAtMost} more: ${code('/postal-endpoint list')}`)] : [];
  return [
    header('Postal endpoints'),
    section(rows.length === 0 ? 'No endpoint is registered yet.' : `*${rows.length}* registered   ${summary}`),
    actions([{ ...addFormButton('Add endpoint'), style: 'primary' }]),
    divider,
    ...rows.slice(0, rowsAtMost).flatMap(({ definition, probed, seen, level }): KnownBlock[] => [
      {
        ...section(
          `${levelMark(level)} *${definition.hostname}* → ${escapeText(definitionText(definition))}\n${
            seen === undefined ? 'Not probed yet.' : escapeText(shortened(verdictSentence(seen), longestVerdict))
          }${probed === undefined ? '' : ` ${dateText(probed.at)}`}`,
        ),
        accessory: commandButton('Show', `show ${definition.hostname}`),
      },
    ]),
    ...more,
  ];
};
