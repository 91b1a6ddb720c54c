import { isIPv6 } from 'node:net';
import { parseIpAddress } from '../../endpoint/ip-address.ts';
import type { ProbeFinding } from './finding.ts';
import { finding, ipsOf, type Situation, stageOf } from './situation.ts';
import { agreed, listed } from './words.ts';

/** Seconds until Postal's timeout at this address; 0 where the address fails at once. */
const waitSeconds = (address: Situation['addresses'][number], { profile }: Situation): number => {
  const failed = address.stages.find(
    ({ status, reason }) => status === 'failed' && (reason === 'timeout' || reason === 'slow'),
  );
  if (failed === undefined) return 0;
  return failed.stage === 'connect' || failed.stage === 'tls' ? profile.openTimeoutSeconds : profile.readTimeoutSeconds;
};

/** How addresses that do not work delay delivery to those that do. */
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
      ? `Postal gets in at ${at ?? alive[0]?.ip ?? 'another'} before it tries ${agreed(dead, 'it', 'them')}`
      : total === 0
        ? `Postal tries ${agreed(first, 'it', `${first.length} of them`)} first, which costs almost no time`
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
          `IPv4 works, but IPv6 does not: ${listed(ipsOf(dead))} ${agreed(dead, 'fails', 'fail')}; ${cost}.`,
          "Remove the AAAA record, or fix IPv6 between Postal's network and the mail server.",
        )
      : finding(
          'addresses-dead',
          severity,
          `${dead.length} of ${addresses.length} addresses ${agreed(dead, 'does', 'do')} not work (${listed(ipsOf(dead))}); ${cost}.`,
          `Fix ${agreed(dead, 'it', 'them')}, or remove ${agreed(dead, 'it', 'them')} from the record until ${agreed(dead, 'it works', 'they work')} again.`,
        ),
  ];
};
