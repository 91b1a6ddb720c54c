import type { KnownBlock } from '@slack/types';
import type { Probed, Registered } from '../../commands/directory.ts';
import type { Definition } from '../../endpoint/definition.ts';
import { targetTexts } from '../../endpoint/targets.ts';
import { assess } from '../../postal/assess.ts';
import type { PostalProfile } from '../../postal/profile.ts';
import { actions, type Cell, code, context, dateCell, escapeText, section, table } from '../blocks.ts';
import { addFormButton, commandButton } from '../button.ts';
import type { Message } from '../messenger.ts';
import { pageOf } from '../paginate.ts';
import { pageButtons, pagesLine } from './page-buttons.ts';
import { levelMark, levelOf, verdictBrief } from './probe-blocks.ts';
import { targetsText } from './record-lines.ts';

export type ListView = {
  readonly shown: readonly Registered[];
  readonly probes: ReadonlyMap<string, Probed>;
  readonly page: number;
  readonly target: string | undefined;
  readonly profile: PostalProfile;
  readonly nowMs: number;
};

/** How it was when last looked at, and when that was. */
const seenCell = (probed: Probed | undefined, { profile, nowMs }: Pick<ListView, 'profile' | 'nowMs'>): Cell => {
  if (probed === undefined) return 'not probed yet';
  const seen = assess(probed.result, { profile, nowMs });
  return [{ type: 'text', text: `${levelMark(levelOf(seen))} ${verdictBrief(seen)}, ` }, ...dateCell(probed.at)];
};

/** Where a name leads; found by its standby, it says so. */
const leadsText = ({ hostname, targets, standby }: Definition, target: string | undefined): string => {
  const isStandby = target !== undefined && standby !== undefined && targetTexts(standby).includes(target);
  return `${targetsText(targets)}${isStandby ? ` (${target} is standby of ${hostname})` : ''}`;
};

/** Registered hostnames as a table, 20 a page. */
export const listMessage = (view: ListView): Message => {
  const { shown, probes, page, target } = view;
  const { items, ...place } = pageOf(shown, page);
  const filter = target === undefined ? '' : ` leading to ${escapeText(target)}`;
  if (shown.length === 0) {
    const text = target === undefined ? 'No endpoint is registered yet.' : `No endpoint leads to ${escapeText(target)}.`;
    return {
      text: `${text} Add the first one with /postal-endpoint add`,
      blocks: [
        section(
          `${target === undefined ? text : `No endpoint leads to ${code(target)}.`}\nRegister one: ${code('/postal-endpoint add gitlab.mail.corp.internal 10.0.4.12')}`,
        ),
        actions([addFormButton('Add endpoint')]),
      ],
    };
  }
  const rows: Cell[][] = items.map(({ definition }) => [
    definition.hostname,
    leadsText(definition, target),
    `${definition.port} ${definition.sslMode}`,
    seenCell(probes.get(definition.hostname), view),
  ]);
  const command = target === undefined ? 'list' : `list --target ${target}`;
  const turning = pageButtons(command, place);
  const blocks: KnownBlock[] = [
    section(`*${shown.length} ${shown.length === 1 ? 'endpoint' : 'endpoints'}*${target === undefined ? '' : ` leading to ${code(target)}`}`),
    table(['hostname', 'leads to', 'port, mode', 'last seen'], rows),
    context(pagesLine(place)),
    actions([...turning, commandButton('Status', 'status'), addFormButton('Add endpoint')]),
  ];
  const lines = items.map(
    ({ definition }) => `${definition.hostname} → ${leadsText(definition, target)}, port ${definition.port}, ${definition.sslMode}`,
  );
  return { text: [`${shown.length} endpoints${filter}, ${pagesLine(place)}`, ...lines].join('\n'), blocks };
};
