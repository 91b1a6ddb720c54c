import { classOf, embeddedIpv4, parseIpAddress } from '../endpoint/ip-address.ts';
import { insideRanges } from './ranges.ts';

/**
 * Why a webhook must not be sent to this address; undefined where it may. It is asked of the address that is dialled, not of a name.
 *
 * | address | may be connected to |
 * | --- | --- |
 * | public | yes |
 * | private (RFC 1918, RFC 6598, RFC 4193) | inside one of the destination's `ranges` |
 * | loopback, link-local, instance metadata, unspecified, multicast and the like | no |
 * | IPv4 inside IPv6 | as the IPv4 address |
 */
export const webhookAddressFault = (text: string, ranges: readonly string[]): string | undefined => {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) return `${text} is not an address`;
  const inner = embeddedIpv4(parsed);
  if (inner !== undefined) return webhookAddressFault(inner, ranges);
  const kind = classOf(parsed);
  if (kind === 'public') return undefined;
  if (kind !== 'private') return `${parsed.text} is a ${kind} address`;
  return insideRanges(parsed.text, ranges)
    ? undefined
    : `${parsed.text} is a private address outside the destination's ranges`;
};
