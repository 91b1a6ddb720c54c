import type { Answer, DecodedPacket, TxtAnswer } from 'dns-packet';
import * as dnsPacket from 'dns-packet';
import { formatTxt } from '../../core/dns/txt-value.ts';
import { parseIpAddress } from '../../core/endpoint/ip-address.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import type { DnsAnswer } from '../../core/probe-report/report.ts';

/** One question, with the id that its answer must carry. */
export type Question = { readonly id: number; readonly name: string; readonly type: 'A' | 'AAAA' | 'TXT' };

/** What an answer says, as facts. */
export type AnswerFacts = Pick<DnsAnswer, 'records' | 'soa'> & { readonly rcode: string };

/** What a datagram or a TCP message is to a question. `foreign` is to be ignored: someone else's, or forged. */
export type Reading =
  | { readonly kind: 'answer'; readonly truncated: boolean; readonly facts: AnswerFacts }
  | { readonly kind: 'malformed' }
  | { readonly kind: 'foreign' };

const rcodeNames = [
  'NOERROR',
  'FORMERR',
  'SERVFAIL',
  'NXDOMAIN',
  'NOTIMP',
  'REFUSED',
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
];

/** Encodes a recursive query without EDNS, as Postal's resolver sends it. */
export const encodeQuestion = ({ id, name, type }: Question): Buffer =>
  dnsPacket.encode({ type: 'query', id, flags: dnsPacket.RECURSION_DESIRED, questions: [{ name, type, class: 'IN' }] });

/** dns-packet reads past the end of a message that was cut in an address, and makes `undefined.undefined…` of it. */
const addressOf = (type: 'A' | 'AAAA', data: string): string => {
  const address = parseIpAddress(data);
  if (address?.family !== (type === 'A' ? 4 : 6)) throw new RangeError(`${type} record with the data ${data}`);
  return address.text;
};

/** The strings of a TXT record in presentation format, as record sets have them. */
const textOf = (data: TxtAnswer['data']): string =>
  (Array.isArray(data) ? data : [data]).map((part) => formatTxt(part)).join(' ');

const dataOf = (answer: Answer): string | undefined => {
  switch (answer.type) {
    case 'A':
    case 'AAAA':
      return addressOf(answer.type, answer.data);
    case 'CNAME':
      return answer.data;
    case 'TXT':
      return textOf(answer.data);
    default:
      return undefined;
  }
};

const recordOf = (answer: Answer): DnsAnswer['records'][number] | undefined => {
  if (!('class' in answer) || answer.class !== 'IN') return undefined;
  const data = dataOf(answer);
  return data === undefined ? undefined : { name: answer.name, type: answer.type, ttlSeconds: answer.ttl ?? 0, data };
};

/** RFC 2308 §5: a "no" is remembered for the lesser of the SOA's TTL and its minimum field. */
const soaOf = (authorities: readonly Answer[]): DnsAnswer['soa'] => {
  const soa = authorities.find((record) => record.type === 'SOA');
  return soa && { zone: canonicalName(soa.name), negativeTtlSeconds: Math.min(soa.ttl ?? 0, soa.data.minimum ?? 0) };
};

const factsOf = (packet: DecodedPacket): AnswerFacts => {
  const rcode = (packet.flags ?? 0) & 0xf;
  const soa = soaOf(packet.authorities ?? []);
  const records = (packet.answers ?? []).map(recordOf).filter((record) => record !== undefined);
  return { rcode: rcodeNames[rcode] ?? `RCODE${rcode}`, records, ...(soa && { soa }) };
};

/** An error answer may come without its question (RFC 1035 §4.1.1 lets a server give up early); any other must repeat it. */
const answersQuestion = (packet: DecodedPacket, question: Question): boolean => {
  const [asked, ...more] = packet.questions ?? [];
  if (asked === undefined) return ((packet.flags ?? 0) & 0xf) !== 0;
  return (
    more.length === 0 &&
    asked.type === question.type &&
    asked.class === 'IN' &&
    canonicalName(asked.name) === canonicalName(question.name)
  );
};

/** Reads a message as the answer to a question; never throws. */
export const readMessage = (message: Buffer, question: Question): Reading => {
  if (message.length < 12 || message.readUInt16BE(0) !== question.id) return { kind: 'foreign' };
  try {
    const packet = dnsPacket.decode(message);
    if (!packet.flag_qr || !answersQuestion(packet, question)) return { kind: 'foreign' };
    return { kind: 'answer', truncated: packet.flag_tc, facts: factsOf(packet) };
  } catch {
    return readTruncated(message);
  }
};

/** Some servers cut a truncated answer in the middle of a record: its TC bit still says to ask again by TCP. */
const readTruncated = (message: Buffer): Reading => {
  const flags = message.readUInt16BE(2);
  const isTruncatedResponse = (flags & 0x8200) === 0x8200;
  return isTruncatedResponse
    ? { kind: 'answer', truncated: true, facts: { rcode: 'NOERROR', records: [] } }
    : { kind: 'malformed' };
};
