import { slackIdKindOf } from '../core/base/slack-ids.ts';
import type { EndpointFilter } from '../core/filter/endpoint-filter.ts';
import { scopeText } from '../core/watch/mute/mute-scope.ts';
import { code, dateText } from './block-kit/blocks.ts';
import { ownerText } from './owner-text.ts';

/**
 * What a filter asks for, as it follows `3 endpoints`: ` that are down and missing in Postal with target 10.0.4.12 owned by @maria`; empty where it asks for
 * nothing. `are`: `that is` or `that are`. `shown` formats what a person wrote.
 */
export const filterText = (filter: EndpointFilter, are: string, shown: (text: string) => string = code): string => {
  const { scope, state, target, owner, server, inPostal } = filter;
  const asked = [
    ...(state === undefined ? [] : [state]),
    ...(server === undefined && inPostal === undefined
      ? []
      : [
          `${inPostal === false ? 'missing' : 'entered'} in Postal${server === undefined ? '' : `'s ${shown(server)}`}`,
        ]),
  ].join(' and ');
  return [
    ...(scope === undefined
      ? []
      : [scope.kind === 'owner' ? `owned by ${ownerText(scope.owner)}` : `of ${shown(scopeText(scope))}`]),
    ...(asked === '' ? [] : [`${are} ${asked}`.trim()]),
    ...(target === undefined ? [] : [`with target ${shown(target)}`]),
    ...(owner === undefined
      ? []
      : [`owned by ${slackIdKindOf(owner) === undefined ? shown(owner) : ownerText(owner)}`]),
  ]
    .map((part) => ` ${part}`)
    .join('');
};

/** Which snapshot said what is entered in Postal. */
export const snapshotText = (atMs: number): string => `Postal as of ${dateText(new Date(atMs).toISOString())}`;

/** The values of a filter for a command line, by the names of its options. */
export const filterArguments = (filter: EndpointFilter): readonly (readonly [string, readonly string[]])[] => {
  const { scope, state, target, owner, server, inPostal, unregistered } = filter;
  const one = (name: string, value: string | undefined): readonly (readonly [string, readonly string[]])[] =>
    value === undefined ? [] : [[name, [value]]];
  return [
    ...one('hostname', scope && scopeText(scope)),
    ...one('target', target),
    ...one('state', state),
    ...one('owner', owner),
    ...one('server', server),
    ...one('in-postal', inPostal === undefined ? undefined : inPostal ? 'yes' : 'no'),
    ...(unregistered ? [['unregistered', []] as const] : []),
  ];
};
