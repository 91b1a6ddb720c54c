import ipaddr from 'ipaddr.js';

// Written by octets, since the servers must echo a question as it came and send what no tidy encoder would.

const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, MX: 15, TXT: 16, AAAA: 28 } as const;
export const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
export type Rcode = keyof typeof rcodes;

type RecordType = keyof typeof types;
export type DnsRecord = { readonly name: string; readonly type: RecordType; readonly data: Buffer };

export type DnsQuestion = {
  readonly id: number;
  /** As it came, with type and class. */
  readonly octets: Buffer;
  /** In the letters in which it was asked. */
  readonly name: string;
  /** A type's name, or its number where that is none of ours. */
  readonly type: string;
};

const headerOctets = 12;
const nameMaximumOctets = 255;
const labelMaximumOctets = 63;
const ttlSeconds = 5;
/** Response, recursion desired and available. */
const responseFlags = 0x81_80;
const truncatedFlag = 0x02_00;

const uint16 = (...values: readonly number[]): Buffer => {
  const octets = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) octets.writeUInt16BE(value, index * 2);
  return octets;
};

const uint32 = (...values: readonly number[]): Buffer =>
  uint16(...values.flatMap((value) => [value >>> 16, value & 0xff_ff]));

const characterString = (text: string): Buffer => Buffer.from([text.length, ...Buffer.from(text, 'latin1')]);

const encodeName = (name: string): Buffer =>
  Buffer.concat([
    ...name
      .split('.')
      .filter((label) => label !== '')
      .map(characterString),
    Buffer.from([0]),
  ]);

export const addressData = (ip: string): Buffer => Buffer.from(ipaddr.parse(ip).toByteArray());
export const nameData = encodeName;
export const textData = characterString;
export const exchangeData = (preference: number, name: string): Buffer =>
  Buffer.concat([uint16(preference), encodeName(name)]);

const encodeRecord = ({ name, type, data }: DnsRecord): Buffer =>
  Buffer.concat([encodeName(name), uint16(types[type], 1), uint32(ttlSeconds), uint16(data.length), data]);

const negativeSoa = encodeRecord({
  name: 'oracle.test',
  type: 'SOA',
  data: Buffer.concat([encodeName('ns.oracle.test'), encodeName('root.oracle.test'), uint32(1, 60, 60, 60, 5)]),
});

const typeName = (number: number): string =>
  Object.entries(types).find(([, known]) => known === number)?.[0] ?? String(number);

/** The first question of a query; only its id when a label or the whole name is longer than DNS allows. */
export const readQuestion = (query: Buffer): DnsQuestion | { readonly id: number } => {
  const id = query.readUInt16BE(0);
  const labels: string[] = [];
  let end = headerOctets;
  for (let length = query.readUInt8(end); length > 0; length = query.readUInt8(end)) {
    if (length > labelMaximumOctets) return { id };
    labels.push(query.toString('latin1', end + 1, end + 1 + length));
    end += 1 + length;
  }
  end += 1;
  if (end - headerOctets > nameMaximumOctets) return { id };
  return {
    id,
    octets: query.subarray(headerOctets, end + 4),
    name: labels.join('.'),
    type: typeName(query.readUInt16BE(end)),
  };
};

/** FORMERR with nothing but a header, as BIND answers what it cannot read. */
export const encodeBareFormErr = (id: number): Buffer => uint16(id, responseFlags | rcodes.FORMERR, 0, 0, 0, 0);

export type DnsMessage = {
  readonly rcode?: Rcode;
  readonly answers?: readonly DnsRecord[];
  readonly isTruncated?: boolean;
  /** The zone's SOA, as a "no" has it. */
  readonly hasSoa?: boolean;
};

export const encodeReply = (
  { id, octets }: DnsQuestion,
  { rcode = 'NOERROR', answers = [], isTruncated = false, hasSoa = false }: DnsMessage,
): Buffer =>
  Buffer.concat([
    uint16(id, responseFlags | (isTruncated ? truncatedFlag : 0) | rcodes[rcode], 1, answers.length, hasSoa ? 1 : 0, 0),
    octets,
    ...answers.map(encodeRecord),
    ...(hasSoa ? [negativeSoa] : []),
  ]);
