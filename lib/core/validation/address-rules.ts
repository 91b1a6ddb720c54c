import type { Finding } from '../endpoint/finding.ts';
import { type AddressClass, classOf, type IpAddress } from '../endpoint/ip-address.ts';
import type { PolicyDocument } from '../policy/policy.ts';
import { insideRanges } from '../policy/ranges.ts';

/** Why nothing can be delivered to an address of this class; undefined where something can. */
const unroutable: Readonly<Record<AddressClass, string | undefined>> = {
  unspecified: 'makes Postal connect to itself',
  loopback: 'is every machine itself, Postal too',
  'link-local': 'is link-local: on AWS the instance metadata service and its neighbours',
  'instance-service': "is in AWS's own range for services of the instance, such as metadata",
  multicast: 'is a multicast address',
  broadcast: 'is the broadcast address',
  reserved: 'is in a range that is reserved and not routed',
  'ipv4-embedded': 'is an IPv4 address inside an IPv6 one',
  'site-local': 'is site-local, which is no longer routed',
  private: undefined,
  public: undefined,
};

/** Why mail may not go to an address; undefined when it may. */
export const addressProblem = (
  address: IpAddress,
  { cidrs }: Pick<PolicyDocument, 'cidrs'>,
): Pick<Finding, 'id' | 'wrong' | 'right'> | undefined => {
  const kind = classOf(address);
  const why = unroutable[kind];
  const inside = insideRanges(address.text, cidrs);
  // Loopback serves a workspace on one machine, whose policy names a loopback range.
  if (why !== undefined && !(kind === 'loopback' && inside))
    return {
      id: 'target-not-routable',
      wrong: `${address.text} ${why}.`,
      right: "Give the mail server's own address.",
    };
  return inside
    ? undefined
    : {
        id: 'target-outside-cidrs',
        wrong: `${address.text} is outside the ranges of the policy.`,
        right: `Give one in ${cidrs.join(', ')}.`,
      };
};
