import type { AddressReport } from '../../probe-report/report.ts';
import type { Encryption } from '../encryption.ts';
import { putsOff } from '../replies/puts-off.ts';
import { entryAt } from '../session-entry.ts';

/** How Postal would get in at an address, were it the only one; `dead` when not, `unknown` when the probe does not tell. */
export type Reach = 'tls' | 'plaintext' | 'dead' | 'unknown';

/** How Postal would fare at an address. Who puts the prober off may let Postal in. */
export const reachOf = (address: AddressReport, encryption: Encryption): Reach => {
  const { ip, port, stages } = address;
  const { entry } = entryAt(address, { ip, port, encryption });
  switch (entry.kind) {
    case 'entered':
      return entry.security;
    case 'failed':
      return entry.error.kind === 'reply' && putsOff(entry.error.message, 'connecting') ? 'unknown' : 'dead';
    case 'open':
      // To a SYN that went unanswered for as long as a probe waits, through several retransmissions, no answer comes later.
      return stages.some(({ stage, reason }) => stage === 'connect' && reason === 'slow') ? 'dead' : 'unknown';
  }
};
