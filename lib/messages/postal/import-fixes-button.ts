import type { Button } from '@slack/types';
import { commandButton } from '../block-kit/button.ts';

/** Proposes the names that fix what an audit finds, of one hostname or one mail server where that is given; nothing is changed before somebody confirms it. */
export const importFixesButton = ({
  hostname,
  server,
}: {
  readonly hostname?: string;
  readonly server?: string;
} = {}): Button =>
  commandButton(
    'Import fixes',
    [
      'import --from-postal',
      ...(hostname === undefined ? [] : [`--only ${hostname}`]),
      ...(server === undefined ? [] : [`--server ${server}`]),
    ].join(' '),
    { style: 'primary' },
  );
