import {
  addressData,
  type DnsMessage,
  type DnsQuestion,
  type DnsRecord,
  exchangeData,
  nameData,
  type Rcode,
  textData,
} from './dns-wire.ts';
import type { DnsName } from './scenario.ts';

/** Names in lower case, without a dot at the end. */
export type Zone = ReadonlyMap<string, DnsName>;

/** What a nameserver does with every question. */
export type NameserverMode = 'zone' | 'silent' | Exclude<Rcode, 'NOERROR'>;

/** What comes back, and how late; without a message nothing does. */
export type DnsOutcome = { readonly delaySeconds: number; readonly message?: DnsMessage };

const normalise = (name: string): string => name.toLowerCase().replace(/\.+$/, '');

export const zoneOf = (names: Readonly<Record<string, DnsName>>): Zone =>
  new Map(Object.entries(names).map(([name, records]) => [normalise(name), records]));

/** The name itself, or the nearest wildcard above it. */
const find = (zone: Zone, name: string): DnsName | undefined => {
  const exact = zone.get(name);
  if (exact !== undefined) return exact;
  const labels = name.split('.');
  return labels
    .map((_, index) => zone.get(`*.${labels.slice(index + 1).join('.')}`))
    .find((records) => records !== undefined);
};

const recordsOf = (records: DnsName, type: string, name: string): readonly DnsRecord[] => {
  switch (type) {
    case 'A':
    case 'AAAA':
      return (records[type] ?? []).map((ip) => ({ name, type, data: addressData(ip) }));
    case 'CNAME':
      return records.CNAME === undefined ? [] : [{ name, type, data: nameData(records.CNAME) }];
    case 'NS':
      return (records.NS ?? []).map((server) => ({ name, type, data: nameData(server) }));
    case 'MX':
      return (records.MX ?? []).map(([preference, server]) => ({ name, type, data: exchangeData(preference, server) }));
    case 'TXT':
      return (records.TXT ?? []).map((text) => ({ name, type, data: textData(text) }));
    default:
      return [];
  }
};

/** Follows CNAMEs as a resolver does; one that leads nowhere is NXDOMAIN with the chain so far, a circle SERVFAIL. */
const chase = (zone: Zone, question: DnsQuestion): DnsMessage => {
  const first = normalise(question.name);
  const seen = new Set<string>();
  const answers: DnsRecord[] = [];
  for (let current = first; !seen.has(current); ) {
    seen.add(current);
    const records = find(zone, current);
    if (records === undefined) return { rcode: 'NXDOMAIN', answers, hasSoa: true };
    const shown = current === first ? question.name : current;
    const found = recordsOf(records, question.type, shown);
    if (found.length > 0) return { answers: [...answers, ...found] };
    const alias = recordsOf(records, 'CNAME', shown);
    answers.push(...alias);
    if (records.CNAME === undefined || records.nochase) return { answers, hasSoa: true };
    current = normalise(records.CNAME);
  }
  return { rcode: 'SERVFAIL' };
};

/** Decides what a nameserver of this mode makes of a question. */
export const answerQuestion = (
  zone: Zone,
  mode: NameserverMode,
  question: DnsQuestion,
  transport: 'udp' | 'tcp',
): DnsOutcome => {
  if (mode === 'silent') return { delaySeconds: 0 };
  if (mode !== 'zone') return { delaySeconds: 0, message: { rcode: mode } };
  const records = find(zone, normalise(question.name));
  const trouble = { ...records, ...records?.by_type?.[question.type] };
  const delaySeconds = trouble.delay ?? 0;
  if (trouble.timeout) return { delaySeconds };
  if (trouble.rcode) return { delaySeconds, message: { rcode: trouble.rcode } };
  const message = chase(zone, question);
  const isPositiveSoFar = message.rcode === undefined;
  if (isPositiveSoFar && trouble.truncate && transport === 'udp')
    return { delaySeconds, message: { isTruncated: true } };
  if (isPositiveSoFar && trouble.truncate === 'tcpfail') return { delaySeconds };
  return { delaySeconds, message };
};
