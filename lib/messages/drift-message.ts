import type { KnownBlock } from '@slack/types';
import { markerName } from '../core/dns/marker.ts';
import type { RecordSet } from '../core/dns/record-set.ts';
import type { Drift } from '../core/dns/registered.ts';
import { actions, code, context, escapeText, preformatted, section, shortened, table } from './block-kit/blocks.ts';
import { commandButton } from './block-kit/button.ts';
import { pageButtons, pagesLine } from './block-kit/page-buttons.ts';
import { pageOf } from './block-kit/paginate.ts';
import type { Message } from './message.ts';

export type DriftRow = {
  readonly hostname: string;
  readonly drift: Drift['kind'] | 'adoptable' | 'broken' | 'in-the-way' | 'unregistered' | 'unreadable';
  readonly detail: string;
  /** The record sets of the last applied change, and those that are there now. */
  readonly expected: readonly RecordSet[];
  readonly standing: readonly RecordSet[];
};

const words: Readonly<
  Record<DriftRow['drift'], { readonly mark: string; readonly what: string; readonly remedy: string }>
> = {
  'in-sync': { mark: '✅', what: 'matches the registry', remedy: '' },
  broken: {
    mark: '❌',
    what: 'matches the registry, but leads to no address',
    remedy: 'Register the missing name, or give this one another target with update.',
  },
  missing: {
    mark: '❌',
    what: 'record and marker are gone',
    remedy: 'Create it again with update, or unregister the name with remove.',
  },
  changed: { mark: '⚠️', what: 'the record was changed by someone else', remedy: 'Restore it with update.' },
  'record-only': { mark: '⚠️', what: 'the ownership marker is gone', remedy: 'Take the record over again with adopt.' },
  'marker-only': {
    mark: '❌',
    what: 'the record is gone, its marker is still there',
    remedy: 'Restore it with update.',
  },
  foreign: {
    mark: '🛑',
    what: 'the record belongs to something else',
    remedy: 'The bot does not change it. Ask whoever created it what it is for.',
  },
  'in-the-way': { mark: '🛑', what: 'not registered, and the bot cannot take over what is there', remedy: '' },
  adoptable: {
    mark: 'ℹ️',
    what: 'not registered, but it has a record that someone else made',
    remedy: 'Take it over as it is with adopt.',
  },
  leftover: {
    mark: '⚠️',
    what: 'not registered, but it has a marker of this bot',
    remedy: 'Take it over with adopt, or delete it by hand.',
  },
  unregistered: {
    mark: 'ℹ️',
    what: 'not registered, and nothing of this bot is in Route 53',
    remedy: 'See the registered names: /postal-endpoint list',
  },
  unreadable: { mark: '❔', what: 'Route 53 could not be read', remedy: 'Try again in a minute.' },
};

const recordText = (hostname: string, sets: readonly RecordSet[]): string =>
  sets.length === 0
    ? 'nothing'
    : sets
        .map(
          ({ name, type, ttlSeconds, values }) =>
            `${type.padEnd(5)} ${name === markerName(hostname) ? 'marker' : shortened(values.join('  '), 300)}  TTL ${ttlSeconds}`,
        )
        .join('\n');

const one = (row: DriftRow): Message => {
  const { hostname, drift, detail, expected, standing } = row;
  const { mark, what, remedy } = words[drift];
  const head =
    `${mark} *${escapeText(hostname)}*: ${what}.${detail === '' ? '' : ` ${escapeText(shortened(detail, 300))}`} ${remedy}`.trim();
  const remedies: Partial<Record<DriftRow['drift'], readonly [string, string]>> = {
    missing: ['Create again', `update ${hostname}`],
    changed: ['Restore', `update ${hostname}`],
    'marker-only': ['Restore', `update ${hostname}`],
    'record-only': ['Adopt', `adopt ${hostname}`],
    leftover: ['Adopt', `adopt ${hostname}`],
    adoptable: ['Adopt', `adopt ${hostname}`],
  };
  const button = remedies[drift];
  const blocks: KnownBlock[] = [section(head)];
  if (drift !== 'in-sync' && drift !== 'unregistered') {
    blocks.push(
      section('Registered:'),
      preformatted(recordText(hostname, expected)),
      section('In Route 53:'),
      preformatted(recordText(hostname, standing)),
    );
  }
  blocks.push(
    actions([
      ...(button === undefined ? [] : [commandButton(...button)]),
      commandButton('Show', `show ${hostname}`),
      commandButton('History', `history ${hostname}`),
    ]),
  );
  return { text: head.replaceAll('*', ''), blocks };
};

const order: readonly DriftRow['drift'][] = [
  'foreign',
  'in-the-way',
  'missing',
  'broken',
  'marker-only',
  'changed',
  'record-only',
  'leftover',
  'adoptable',
  'unreadable',
  'unregistered',
  'in-sync',
];

/** Where Route 53 differs from what is registered: one name in full, or all names, the worst first. */
export const driftMessage = ({
  rows,
  single,
  page,
}: {
  readonly rows: readonly DriftRow[];
  readonly single: boolean;
  readonly page: number;
}): Message => {
  const [first] = rows;
  if (single && first !== undefined) return one(first);
  const drifted = rows
    .filter(({ drift }) => drift !== 'in-sync')
    .sort((left, right) => order.indexOf(left.drift) - order.indexOf(right.drift));
  const head =
    drifted.length === 0
      ? rows.length === 0
        ? '✅ *No drift:* nothing is registered.'
        : `✅ *No drift.* Route 53 matches the registry for ${rows.length === 1 ? '1 name' : `all ${rows.length} names`}.`
      : `⚠️ *${drifted.length} of ${rows.length} ${drifted.length === 1 ? 'has' : 'have'} drifted.* Nothing is corrected automatically.`;
  if (drifted.length === 0) return { text: head.replaceAll('*', ''), blocks: [section(head)] };
  const [only] = drifted;
  if (drifted.length === 1 && only !== undefined) {
    const { text, blocks } = one(only);
    return { text: `${head.replaceAll('*', '')} ${text}`, blocks: [section(head), ...blocks] };
  }
  const rowOf = ({ hostname, drift }: DriftRow): string[] => [
    hostname,
    `${words[drift].mark} ${words[drift].what}`,
    words[drift].remedy,
  ];
  const place = pageOf(drifted, page, (row) => rowOf(row).join('').length);
  return {
    text: `${head.replaceAll('*', '')} ${pagesLine(place)}`,
    blocks: [
      section(head),
      table(['hostname', 'state', 'what to do'], place.items.map(rowOf)),
      context(`${pagesLine(place)} · details of one name: ${code('/postal-endpoint drift <hostname>')}`),
      actions([...pageButtons('drift', place), commandButton('Check again', 'drift', { replace: true })]),
    ],
  };
};
