import ipaddr from 'ipaddr.js';
import type { PolicyDocument } from '../policy/policy.ts';
import { insideRanges } from '../policy/ranges.ts';
import { exampleHostname } from './zone-rules.ts';

const exampleZone = 'corp.internal';
const lastOctet = { '10.0.4.12': 12, '10.0.4.13': 13 } as const;

/** The address at this place of a range, or its last one where it is smaller. */
const addressAt = (cidr: string, place: number): string => {
  const [network, prefixLength] = ipaddr.parseCIDR(cidr);
  const bytes = network.toByteArray();
  const hostBits = bytes.length * 8 - prefixLength;
  const last = bytes.at(-1) ?? 0;
  const offset = hostBits >= 8 ? place : Math.min(place, 2 ** hostBits - 1);
  return ipaddr.fromByteArray([...bytes.slice(0, -1), (last & (256 - 2 ** Math.min(hostBits, 8))) + offset]).toString();
};

/**
 * Makes the examples of a text fit a deployment: names in one of its zones, addresses in one of its ranges. Only for texts of this program, since it
 * changes every `corp.internal` in them.
 */
export const ownExamples = ({
  zones,
  cidrs,
  naming,
}: Pick<PolicyDocument, 'zones' | 'cidrs' | 'naming'>): ((text: string) => string) => {
  const zone = zones.some(({ name }) => name === exampleZone) ? exampleZone : (zones[0]?.name ?? exampleZone);
  const [cidr] = cidrs;
  return (text) => {
    const named =
      zone === exampleZone
        ? text
        : text
            .replaceAll(`gitlab.mail.${exampleZone}`, exampleHostname({ zones, naming }))
            .replaceAll(`mail.${exampleZone}`, zone)
            .replaceAll(exampleZone, zone);
    return Object.entries(lastOctet).reduce(
      (result, [address, place]) =>
        cidr === undefined || insideRanges(address, cidrs)
          ? result
          : result.replaceAll(address, addressAt(cidr, place)),
      named,
    );
  };
};

/** Examples as advice introduces them: what a person typed stays as it is. */
const introduced =
  /(?<=\b(?:as in|such as|for example|Try) )(?:(?:gitlab|\*)\.mail\.corp\.internal|10\.0\.4\.1[23])(?![\w-]|\.\w)/g;

/** The same for a text that also has in it what a person typed. */
export const ownAdvice = (policy: Parameters<typeof ownExamples>[0]): ((text: string) => string) => {
  const own = ownExamples(policy);
  return (text) => text.replace(introduced, own);
};
