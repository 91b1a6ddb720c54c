import { isIPv6 } from 'node:net';
import { parseIpAddress } from '../../endpoint/ip-address.ts';
import type { ProbeFinding } from './finding.ts';
import { finding, ipsOf, type Situation, stageOf } from './situation.ts';
import { agreed, listed } from './words.ts';

/** Seconds that Postal waits at an address that keeps it waiting; 0 where it is turned away at once. */
const waitSeconds = (address: Situation['addresses'][number], { profile }: Situation): number => {
  const failed = address.stages.find(
    ({ status, reason }) => status === 'failed' && (reason === 'timeout' || reason === 'slow'),
  );
  if (failed === undefined) return 0;
  return failed.stage === 'connect' || failed.stage === 'tls' ? profile.openTimeoutSeconds : profile.readTimeoutSeconds;
};

/** What dead addresses beside living ones do to delivery. */
export const addressFindings = (situation: Situation): readonly ProbeFinding[] => {
  const { addresses, prediction } = situation;
  const dead = addresses.filter(({ reach }) => reach === 'dead');
  const alive = addresses.filter(({ reach }) => reach === 'tls' || reach === 'plaintext');
  if (dead.length === 0 || alive.length === 0) return [];
  const at = prediction.entry?.ip;
  const entered = addresses.findIndex(({ ip }) => ip === at || parseIpAddress(ip)?.text === at);
  const first = dead.filter((address) => entered === -1 || addresses.indexOf(address) < entered);
  const waits = first.map((address) => waitSeconds(address, situation)).filter((each) => each > 0);
  const total = waits.reduce((sum, each) => sum + each, 0);
  const cost =
    first.length === 0
      ? `Postal gets in at ${at ?? alive[0]?.ip ?? 'another'} before it comes to ${agreed(dead, 'it', 'them')}`
      : total === 0
        ? `Postal tries ${agreed(first, 'it', `${first.length} of them`)} first, which costs next to no time`
        : `Postal tries ${agreed(first, 'it', `${first.length} of them`)} first: every delivery waits ${waits.length > 1 ? `${waits.length} × ${waits[0] ?? 0} s` : `${total} s`}`;
  const onlyIpv6 = dead.every(({ ip }) => isIPv6(ip)) && alive.some(({ ip }) => !isIPv6(ip));
  const severity =
    first.length === 0 && dead.every((address) => stageOf(address, 'connect')?.status === 'passed')
      ? 'info'
      : 'warning';
  return [
    onlyIpv6
      ? finding(
          'ipv6-dead',
          severity,
          `IPv6 is dead and IPv4 lives: ${listed(ipsOf(dead))} ${agreed(dead, 'fails', 'fail')}; ${cost}.`,
          "Take the AAAA record out, or mend IPv6 on the way from Postal's network.",
        )
      : finding(
          'addresses-dead',
          severity,
          `${dead.length} of ${addresses.length} addresses ${agreed(dead, 'is', 'are')} dead (${listed(ipsOf(dead))}); ${cost}.`,
          `Mend ${agreed(dead, 'it', 'them')}, or take ${agreed(dead, 'it', 'them')} out of the record until ${agreed(dead, 'it works', 'they work')} again.`,
        ),
  ];
};
