import { parseIpAddress } from '../../endpoint/ip-address.ts';
import type { ProbeFinding } from './finding.ts';
import { finding, type Situation } from './situation.ts';
import { listed } from './words.ts';

const savable = /^[a-z0-9.-]*$/;

/** Hostnames that Postal cannot save or look up, and names that resolve to the Postal host itself. */
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
              ? `${hostname} is an IP address. Postal looks it up as a name, which resolves to ${listed(prediction.resolvedIpsInOrder)}: the mail goes to the wrong machine.`
              : `${hostname} is an IP address: Postal looks it up as a name, finds nothing and says "No hosts to try".`,
            'Register a hostname for it and enter that name in Postal.',
          ),
        ]
      : []),
    ...(prediction.hostnameCanBeSaved || isIp
      ? []
      : [
          finding(
            'hostname-not-savable',
            'critical',
            `Postal refuses to save ${hostname}: it accepts only a-z, 0-9, "-" and ".".`,
            savable.test(lower)
              ? `Enter ${lower} instead.`
              : 'Register a name with only these characters and enter it.',
          ),
        ]),
    ...(own.length > 0
      ? [
          finding(
            'address-is-postal-itself',
            'critical',
            `${hostname} resolves to ${listed(own)}, which is the Postal host itself.`,
            "Point the name to the mail server's own address: the record still has a sinkhole or placeholder address.",
          ),
        ]
      : []),
  ];
};
