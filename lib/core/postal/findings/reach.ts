import type { AddressReport } from '../../probe-report/report.ts';
import type { Encryption } from '../encryption.ts';
import { putsOff } from '../replies/puts-off.ts';
import { entryAt } from '../session-entry.ts';

/** How Postal would deliver to an address if it were the only one: `dead` if it cannot, `unknown` if the probe does not show it. */
export type Reach = 'tls' | 'plaintext' | 'dead' | 'unknown';

/** The reach of an address. `unknown` where the server defers the prober, because it may accept Postal. */
export const reachOf = (address: AddressReport, encryption: Encryption): Reach => {
  const { ip, port, stages } = address;
  const { entry } = entryAt(address, { ip, port, encryption });
  switch (entry.kind) {
    case 'entered':
      return entry.security;
    case 'failed':
      return entry.error.kind === 'reply' && putsOff(entry.error.message, 'connecting') ? 'unknown' : 'dead';
    case 'open':
      // A SYN that got no answer within the probe's wait, despite several retransmissions, gets none later.
      return stages.some(({ stage, reason }) => stage === 'connect' && reason === 'slow') ? 'dead' : 'unknown';
  }
};
