import type { Answer } from 'dns-packet';
import { parseTxt } from '../core/dns/txt-value.ts';
import type { LocalRecordSet } from './route53/record-set.ts';

const withoutDot = (name: string): string => name.replace(/\.$/, '');

const soaData = (value: string) => {
  const [mname = '', rname = '', ...numbers] = value.split(' ');
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
  return { mname: withoutDot(mname), rname: withoutDot(rname), serial, refresh, retry, expire, minimum };
};

const txtData = (value: string): Buffer[] => {
  const parsed = parseTxt(value);
  return parsed.ok ? parsed.strings.map((octets) => Buffer.from(octets)) : [];
};

/** One value of a record set as a resource record; undefined for a type that the DNS server does not speak. */
const toAnswer = (type: string, name: string, ttl: number, value: string): Answer | undefined => {
  switch (type) {
    case 'A':
    case 'AAAA':
      return { type, name, ttl, data: value };
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return { type, name, ttl, data: withoutDot(value) };
    case 'TXT':
      return { type, name, ttl, data: txtData(value) };
    case 'SOA':
      return { type, name, ttl, data: soaData(value) };
    case 'MX': {
      const [preference = '0', exchange = ''] = value.split(' ');
      return { type, name, ttl, data: { preference: Number(preference), exchange: withoutDot(exchange) } };
    }
    default:
      return undefined;
  }
};

/** The resource records of a record set, under the name that was asked for. */
export const toAnswers = ({ type, ttlSeconds = 60, values }: LocalRecordSet, name: string): readonly Answer[] =>
  values.map((value) => toAnswer(type, name, ttlSeconds, value)).filter((answer) => answer !== undefined);

/** The SOA of a negative answer, whose TTL says how long the "no" is remembered: min(SOA TTL, SOA minimum), RFC 2308 §5. */
export const toNegativeSoa = (soa: LocalRecordSet, zoneName: string): readonly Answer[] => {
  const minimum = soa.values.map((value) => soaData(value).minimum)[0] ?? 0;
  return toAnswers({ ...soa, ttlSeconds: Math.min(soa.ttlSeconds ?? 0, minimum) }, zoneName);
};
