import type { Targets } from '../endpoint/definition.ts';
import type { Finding } from '../endpoint/finding.ts';
import { classOf, parseIpAddress } from '../endpoint/ip-address.ts';
import { addressesByFamily, targetTexts } from '../endpoint/targets.ts';
import type { PostalProfile } from '../postal/profile.ts';

const isPublic = (text: string): boolean => {
  const address = parseIpAddress(text);
  return address !== undefined && classOf(address) === 'public';
};

/** What is allowed but will hurt delivery: AWS's block on port 25, and IPv6 tried before IPv4. Warnings only. */
export const deliveryFindings = (
  targets: Targets,
  argument: 'target' | 'standby',
  port: number | undefined,
  profile: Pick<PostalProfile, 'openTimeoutSeconds' | 'addressPreference'>,
): readonly Finding[] => {
  const { ipv4, ipv6 } = addressesByFamily(targets);
  const blocked = port === 25 && targets.kind === 'addresses' ? targetTexts(targets).filter(isPublic) : [];
  return [
    ...blocked.map(
      (address): Finding => ({
        id: 'aws-port-25',
        severity: 'warn',
        argument,
        wrong: `${address} is public: AWS silently drops connections to port 25 there.`,
        right: 'Use a private address or another port, or have AWS lift the restriction.',
      }),
    ),
    ...(ipv4.length > 0 && ipv6.length > 0 && (profile.addressPreference ?? 'ipv6') === 'ipv6'
      ? [
          {
            id: 'aaaa-first',
            severity: 'warn',
            argument,
            wrong: `Postal tries IPv6 first: ${ipv6.join(', ')} before ${ipv4.join(', ')}. Each dead one costs ${profile.openTimeoutSeconds} s.`,
            right: 'Leave IPv6 out unless Postal can reach it.',
          } as const,
        ]
      : []),
  ];
};
