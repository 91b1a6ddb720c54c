import type { Definition } from '../../core/endpoint/definition.ts';
import { targetTexts } from '../../core/endpoint/targets.ts';
import { oneLine } from '../../messages/block-kit/blocks.ts';
import type { StateItem } from '../ports/state-store.ts';
import { directory, readRegistered } from '../state/directory.ts';
import type { Difference } from './projection.ts';

const fieldsOf = ({
  targets,
  standby,
  port,
  sslMode,
  ttlSeconds,
  name,
  owner,
  note,
}: Definition): readonly string[] => [
  targetTexts(targets).join(', '),
  ...(standby === undefined ? [] : [`standby ${targetTexts(standby).join(', ')}`]),
  `port ${port}`,
  sslMode,
  `TTL ${ttlSeconds}`,
  ...(name === undefined ? [] : [`name ${JSON.stringify(name)}`]),
  ...(owner === undefined ? [] : [`owner ${JSON.stringify(owner)}`]),
  ...(note === undefined ? [] : [`note ${JSON.stringify(note)}`]),
];

const itemText = ({ collection, value }: StateItem): string => {
  const registered = collection === directory ? readRegistered(value) : undefined;
  return registered === undefined
    ? JSON.stringify(value)
    : `${fieldsOf(registered.definition).join(', ')}  (change ${registered.changeId})`;
};

/** A difference as a diff shows it: `-` what is there and should not be, `+` what should be there. */
export const differenceLines = (difference: Difference): readonly string[] => {
  const line = (sign: string, item: StateItem): string =>
    oneLine(`${sign} ${item.collection} ${item.key}  ${itemText(item)}`);
  switch (difference.kind) {
    case 'missing':
      return [line('+', difference.item)];
    case 'other':
      return [line('-', difference.standing), line('+', difference.item)];
    case 'extra':
      return [line('-', difference.standing)];
  }
};
