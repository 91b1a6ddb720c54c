/** Types with the number of values of a record, where it is fixed. */
const valueCounts: ReadonlyMap<string, number> = new Map([
  ['A', 1],
  ['AAAA', 1],
  ['CNAME', 1],
  ['DNAME', 1],
  ['NS', 1],
  ['PTR', 1],
  ['MX', 2],
  ['SRV', 4],
  ['SOA', 7],
  ['CAA', 3],
]);

const otherTypes = new Set(
  [
    'AFSDB ALIAS ANAME APL AVC CDNSKEY CDS CERT CSYNC DHCID DLV DNSKEY DS EUI48 EUI64 GPOS HINFO HIP HTTPS IPSECKEY ISDN KEY KX L32 L64 LOC LP',
    'MB MD MF MG MINFO MR NAPTR NID NINFO NSAP NSAP-PTR NSEC NSEC3 NSEC3PARAM NULL NXT OPENPGPKEY PX RKEY RP RRSIG RT SIG SINK SMIMEA SPF SSHFP',
    'SVCB TA TALINK TKEY TLSA TXT URI WINS WINSR WINS-R WKS X25 ZONEMD',
  ].flatMap((line) => line.split(' ')),
);

/** Types that may be beside a CNAME (RFC 4034 §3, §4; RFC 2535 for KEY). */
const besideCname = new Set(['RRSIG', 'NSEC', 'KEY', 'SIG', 'NXT']);
export const mayStandBesideCname = (type: string): boolean => besideCname.has(type);

/** Types by number (RFC 3597). */
const numbered: Readonly<Record<string, string>> = { TYPE1: 'A', TYPE28: 'AAAA', TYPE5: 'CNAME' };

/** The class of a word: `IN`, another one, or none. */
export const classOfWord = (text: string): 'IN' | 'other' | undefined => {
  const word = text.toUpperCase();
  if (word === 'IN' || word === 'CLASS1') return 'IN';
  return /^(?:CH|CHAOS|HS|HESIOD|NONE|ANY|CLASS\d{1,5})$/.test(word) ? 'other' : undefined;
};

/** The type that a word names, known or not; undefined where it cannot be a type. */
export const typeOfWord = (text: string): string | undefined => {
  const word = text.toUpperCase();
  return /^[A-Z][A-Z0-9_-]{0,30}$/.test(word) ? (numbered[word] ?? word) : undefined;
};

export const isKnownType = (type: string): boolean =>
  valueCounts.has(type) || otherTypes.has(type) || /^TYPE\d{1,5}$/.test(type);

/** Whether a record of a type can have so many values. */
export const isCount = (type: string, count: number): boolean => {
  const fixed = valueCounts.get(type);
  return fixed === undefined ? count > 0 : count === fixed;
};

/** How many values a record of a type has, in words. */
export const countText = (type: string): string => {
  const fixed = valueCounts.get(type);
  return fixed === undefined ? 'at least one value' : fixed === 1 ? 'one value' : `${fixed} values`;
};
