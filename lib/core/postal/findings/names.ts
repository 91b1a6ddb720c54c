import { parseIpAddress } from '../../endpoint/ip-address.ts';
import type { ProbeFinding } from './finding.ts';
import { finding, type Situation } from './situation.ts';
import { listed } from './words.ts';

const savable = /^[a-z0-9.-]*$/;

/** What the hostname itself, or the address it stands for, keeps Postal from. */
export const nameFindings = ({ report, prediction }: Situation): readonly ProbeFinding[] => {
  const { hostname } = report;
  const isIp = parseIpAddress(hostname) !== undefined;
  const lower = hostname.toLowerCase();
  const own = prediction.resolvedIpsInOrder.filter((ip) => ip === '0.0.0.0' || ip === '::');
  const misled = prediction.resolvedIpsInOrder.length > 0;
  return [
    ...(isIp
      ? [
          finding(
            'hostname-is-ip',
            'critical',
            misled
              ? `${hostname} is an address, which Postal looks up as a name and finds at ${listed(prediction.resolvedIpsInOrder)}: the mail goes to the wrong machine.`
              : `${hostname} is an address: Postal looks it up as a name, finds nothing and says "No hosts to try".`,
            'Register a host name for it and enter that name in Postal.',
          ),
        ]
      : []),
    ...(prediction.hostnameCanBeSaved || isIp
      ? []
      : [
          finding(
            'hostname-not-savable',
            'critical',
            `Postal will refuse to save ${hostname}: it takes a-z, 0-9, "-" and "." only.`,
            savable.test(lower) ? `Enter ${lower} instead.` : 'Register a name of those characters and enter that.',
          ),
        ]),
    ...(own.length > 0
      ? [
          finding(
            'address-is-postal-itself',
            'critical',
            `${hostname} leads to ${listed(own)}, which is the Postal host itself.`,
            "Point the name to the mail server's own address; a sinkhole or a placeholder has been left in the record.",
          ),
        ]
      : []),
  ];
};
