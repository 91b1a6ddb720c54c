import type { Mistake } from '../base/config-error.ts';
import { classOf, parseIpAddress } from '../endpoint/ip-address.ts';
import type { Destination } from './destinations.ts';
import { mistake, repetitions, said } from './mistake-at.ts';
import { rangeMistake } from './range-mistake.ts';

const isPrivate = (range: string): boolean => {
  const address = parseIpAddress(range.split('/')[0] ?? '');
  return address !== undefined && classOf(address) === 'private';
};

/** Mistakes in destinations that their schema cannot see. */
export const destinationMistakes = (destinations: readonly Destination[]): readonly Mistake[] => [
  ...repetitions(destinations.map(({ name }) => name)).flatMap(({ value, index }) =>
    mistake(`watch.destinations[${index}].name`, `${said(value)} is the name of another destination, too`),
  ),
  ...destinations.flatMap((destination, at) => {
    if (destination.kind !== 'webhook') return [];
    const path = `watch.destinations[${at}]`;
    const { username, password } = new URL(destination.url);
    return [
      ...mistake(
        `${path}.url`,
        username + password === '' ? undefined : 'it contains a user name or a password; keys belong in the secret',
      ),
      ...destination.ranges.flatMap((range, index) =>
        mistake(
          `${path}.ranges[${index}]`,
          rangeMistake(range) ??
            (isPrivate(range) ? undefined : `${said(range)} is not a private range; public addresses need none`),
        ),
      ),
    ];
  }),
];
