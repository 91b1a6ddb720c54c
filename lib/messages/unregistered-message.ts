import type { KnownBlock } from '@slack/types';
import { dnsValue } from '../core/dns/record-set.ts';
import { parentOf } from '../core/dns/zone-answer.ts';
import { type EndpointFilter, narrows } from '../core/filter/endpoint-filter.ts';
import { commandLine } from '../core/grammar/line.ts';
import { table as commandTable } from '../core/grammar/table.ts';
import type { MailSign } from '../core/validation/mail-signs.ts';
import type { Unregistered } from '../core/validation/unregistered.ts';
import { actions, code, context, escapeText, section, shortened, table } from './block-kit/blocks.ts';
import { commandButton } from './block-kit/button.ts';
import { pageButtons, pagesLine } from './block-kit/page-buttons.ts';
import { pageOf } from './block-kit/paginate.ts';
import { filterArguments, filterText, snapshotText } from './filter-words.ts';
import type { Message } from './message.ts';

export type UnregisteredView = {
  readonly names: readonly Unregistered[];
  readonly notHostnames: number;
  readonly unread: readonly { readonly name: string; readonly why: string }[];
  readonly page: number;
  readonly filter: EndpointFilter;
  /** Of the snapshot of Postal that the filter asked; milliseconds since the epoch. */
  readonly snapshotAtMs?: number | undefined;
};

const longestCell = 120;

/** A sign in a few words. */
const signText = (sign: MailSign): string => {
  switch (sign.kind) {
    case 'named-by':
      return `${sign.as} of ${sign.by}`;
    case 'same-target':
      return `same target as ${sign.hostname}`;
    case 'word':
      return `“${sign.word}” in its name`;
    case 'naming':
      return 'fits the naming convention';
  }
};

/** Whose external-dns it is, as far as its record says. */
export const externalDnsText = ({ owner, resource }: { readonly owner?: string; readonly resource?: string }): string =>
  `managed by external-dns${owner === undefined ? '' : `, owner ${owner}`}${resource === undefined ? '' : ` (${resource})`}`;

/** Stands before the hostname, where a phone shows it, too. */
const markOf = ({ fate, signs }: Unregistered): string => {
  switch (fate.kind) {
    case 'external-dns':
      return '⚠️';
    case 'unadoptable':
      return '🚫';
    case 'adoptable':
      return signs.length === 0 ? '▫️' : '📬';
  }
};

const whatText = ({ hostname, fate, signs }: Unregistered): string => {
  switch (fate.kind) {
    case 'external-dns':
      return `left alone: ${externalDnsText(fate.owner)}`;
    case 'unadoptable':
      return `cannot be adopted: ${fate.wrong.replace(`${hostname} has`, 'has')}`;
    case 'adoptable':
      return signs.length === 0 ? 'no sign of mail' : signs.map(signText).join('; ');
  }
};

const leadsText = ({ records }: Unregistered): string =>
  records
    .flatMap(({ type, values, foreign }) =>
      foreign === undefined ? values.map((value) => dnsValue(type, value)) : [`${type} (${foreign})`],
    )
    .join(', ');

const emptyText = ({ filter: { unregistered: _, ...filter }, unread }: UnregisteredView): string =>
  narrows(filter)
    ? `No unregistered name${filterText(filter, 'is')}.`
    : unread.length > 0
      ? 'No unregistered name was found in the zones that could be read.'
      : '✅ Every name with an address or a CNAME in the zones is registered.';

const unreadLines = ({ unread }: UnregisteredView): readonly string[] =>
  unread.map(({ name, why }) => `⚠️ Zone ${code(name)} could not be read: ${escapeText(shortened(why, 200))}`);

/** Names in the zones that nobody registered, what looks like mail first. */
export const unregisteredMessage = (view: UnregisteredView): Message => {
  const { names, page, filter, snapshotAtMs, notHostnames } = view;
  const warnings = unreadLines(view);
  if (names.length === 0) {
    const text = [emptyText(view), ...warnings].join('\n');
    return { text, blocks: [section(text), actions([commandButton('List registered', 'list', { replace: true })])] };
  }
  const looksLikeMail = names.filter(({ fate, signs }) => fate.kind === 'adoptable' && signs.length > 0).length;
  const external = names.filter(({ fate }) => fate.kind === 'external-dns').length;
  const counts = [
    ...(looksLikeMail === 0 ? [] : [`📬 ${looksLikeMail} ${looksLikeMail === 1 ? 'looks' : 'look'} like mail`]),
    ...(external === 0 ? [] : [`⚠️ ${external} managed by external-dns`]),
  ];
  const head = `*${names.length} ${names.length === 1 ? 'name' : 'names'}*${filterText(filter, '')} ${names.length === 1 ? 'is' : 'are'} *not registered*`;
  const rowOf = (each: Unregistered): string[] => [
    `${markOf(each)} ${each.hostname}`,
    shortened(whatText(each), longestCell),
    shortened(leadsText(each), longestCell),
  ];
  const place = pageOf(names, page, (each) => rowOf(each).join('').length);
  const command = commandLine(commandTable.list, new Map(filterArguments(filter)));
  const [first] = place.items.filter(({ fate }) => fate.kind === 'adoptable');
  const isWarned = place.items.some(({ fate }) => fate.kind === 'external-dns');
  const notes = [
    pagesLine(place),
    ...(snapshotAtMs === undefined ? [] : [snapshotText(snapshotAtMs)]),
    ...(notHostnames === 0
      ? []
      : [
          `${notHostnames} ${notHostnames === 1 ? 'record' : 'records'} not listed: wildcards, and names that are not host names`,
        ]),
  ];
  const blocks: KnownBlock[] = [
    section([head, ...(counts.length === 0 ? [] : [counts.join(' · ')]), ...warnings].join('\n')),
    table(['hostname', 'looks like mail?', 'leads to'], place.items.map(rowOf), [1]),
    context(notes.join(' · ')),
    ...(first === undefined
      ? []
      : [
          section(
            `Take over one with ${code(`adopt ${first.hostname}`)}, several with ${code(`adopt *.${parentOf(first.hostname)}`)}.`,
          ),
        ]),
    ...(isWarned
      ? [
          context(
            'external-dns would change back what the bot writes there. To take such a name over, remove it from external-dns first, its ownership record included.',
          ),
        ]
      : []),
    actions([...pageButtons(command, place), commandButton('List registered', 'list')]),
  ];
  const lines = place.items.map((each) => escapeText(rowOf(each).join(' · ')));
  return { text: [head.replaceAll('*', ''), ...notes, ...warnings, ...lines].join('\n'), blocks };
};
