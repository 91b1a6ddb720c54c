import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  type Packet,
  type Question,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import { parseName } from '../core/endpoint/name.ts';
import { answerQuestion, type DnsAnswer } from './dns-answer.ts';
import type { ServedZone } from './route53/hosted-zones.ts';

/** Longest answer over UDP without EDNS (RFC 1035 §4.2.1). */
const plainUdpOctets = 512;
/** Longest answer over UDP that is sent with EDNS, whatever the asker takes. */
const ednsUdpOctets = 4_096;
const tcpOctets = 65_535;

const opcodeBits = 0x78_00;

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

const tryDecode = (message: Buffer): DecodedPacket | undefined => {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
};

const optOf = (query: DecodedPacket): OptAnswer | undefined =>
  query.additionals?.find((record): record is OptAnswer => record.type === 'OPT');

/** A name of raw octets would not come back as it was. */
const isEchoable = ({ name }: Question): boolean => name === '.' || parseName(name).ok;

const decide = (zones: readonly ServedZone[], query: DecodedPacket): DnsAnswer => {
  const [question, ...more] = query.questions ?? [];
  if (((query.flags ?? 0) & opcodeBits) !== 0) return { rcode: 'NOTIMP', answers: [], authorities: [] };
  if (question === undefined || more.length > 0 || !isEchoable(question))
    return { rcode: 'FORMERR', answers: [], authorities: [] };
  return answerQuestion(zones, question);
};

const render = (query: DecodedPacket, answer: DnsAnswer, extraFlags: number): Buffer => {
  const opt = optOf(query);
  const asked = (query.flags ?? 0) & (RECURSION_DESIRED | opcodeBits);
  const authority = answer.rcode === 'NOERROR' || answer.rcode === 'NXDOMAIN' ? AUTHORITATIVE_ANSWER : 0;
  // dns-packet takes the rcode as the low bits of the flags.
  const flags = asked | authority | RECURSION_AVAILABLE | extraFlags | rcodes[answer.rcode];
  const packet: Packet = {
    type: 'response',
    id: query.id ?? 0,
    flags,
    questions: (query.questions ?? []).filter(isEchoable),
    answers: [...answer.answers],
    authorities: [...answer.authorities],
    additionals:
      opt === undefined
        ? []
        : [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize: ednsUdpOctets,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
  };
  return encode(packet);
};

/** The answer to one message; undefined for what is no query, which gets no answer at all. An answer too long for UDP comes empty, with TC. */
export const answerMessage = (
  zones: readonly ServedZone[],
  message: Buffer,
  transport: 'udp' | 'tcp',
): Buffer | undefined => {
  const query = tryDecode(message);
  if (query === undefined || query.type !== 'query') return undefined;
  const answer = decide(zones, query);
  const opt = optOf(query);
  const udpOctets =
    opt === undefined ? plainUdpOctets : Math.min(Math.max(opt.udpPayloadSize, plainUdpOctets), ednsUdpOctets);
  const whole = render(query, answer, 0);
  if (whole.length <= (transport === 'udp' ? udpOctets : tcpOctets)) return whole;
  return render(query, { ...answer, answers: [], authorities: [] }, TRUNCATED_RESPONSE);
};
