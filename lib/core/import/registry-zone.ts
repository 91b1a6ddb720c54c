import { parseIpAddress } from '../endpoint/ip-address.ts';
import type { RegistryRow } from '../endpoint/registry-row.ts';

/** The closest domain above all of the hostnames, which end in the same label. */
const commonParent = (hostnames: readonly string[]): string => {
  const [first = [], ...others] = hostnames.map((hostname) => hostname.split('.').slice(1).reverse());
  const differs = first.findIndex((label, index) => others.some((labels) => labels[index] !== label));
  const common = differs < 0 ? first : first.slice(0, differs);
  return common.toReversed().join('.');
};

const recordOf = (target: string): string => {
  const address = parseIpAddress(target);
  return address === undefined ? `CNAME ${target}.` : `${address.family === 4 ? 'A' : 'AAAA'} ${target}`;
};

const linesOf = ({ hostname, targets, standby, port, sslMode, ttl }: RegistryRow): readonly string[] => [
  `; port ${port}, ${sslMode}${standby.length === 0 ? '' : `, standby ${standby.join(' ')}`}`,
  ...targets.map((target) => `${hostname}. ${ttl} IN ${recordOf(target)}`),
];

const zoneLines = (rows: readonly RegistryRow[]): readonly string[] => {
  const origin = commonParent(rows.map(({ hostname }) => hostname));
  return [
    `; Zone ${origin}`,
    `$ORIGIN ${origin}.`,
    '@ 900 IN SOA ns.invalid. hostmaster.invalid. 1 7200 900 1209600 60',
    '@ 900 IN NS ns.invalid.',
    ...rows.flatMap(linesOf),
  ];
};

/**
 * Registered hostnames as a zone file (RFC 1035 §5), or one after the other as many as there are top-level domains. What DNS has no record for, such as the
 * port, is a comment; names, owners and notes are left out.
 */
export const registryZone = (rows: readonly RegistryRow[]): string =>
  [
    '; Replace SOA and NS with those of your own name servers. Every name is written in full.',
    ...[...Map.groupBy(rows, ({ hostname }) => hostname.split('.').at(-1)).values()].flatMap(zoneLines),
    '',
  ].join('\n');
