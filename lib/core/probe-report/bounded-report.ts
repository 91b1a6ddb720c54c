import { budgets } from '../limits/limits.ts';
import { jsonOctets, withinJsonOctets } from '../limits/octets.ts';
import type { AddressReport, DnsAnswer, ProbeReport, ProbeResult, SessionFacts, Stage } from './report.ts';

/** How much is kept of what others said: octets a text, lines a reply, entries a list. */
type Room = { readonly text: number; readonly lines: number; readonly entries: number };

/** Tried in this order until the report fits; the last one always does. */
const rooms: readonly Room[] = [
  { text: 1_000, lines: 40, entries: 32 },
  { text: 400, lines: 20, entries: 32 },
  { text: 160, lines: 8, entries: 16 },
  { text: 80, lines: 4, entries: 8 },
  { text: 60, lines: 3, entries: 4 },
  { text: 50, lines: 2, entries: 3 },
];

/** A name of DNS, escapes included, that can be registered takes no more. */
const longestName = 300;

/** The first entries, then a word on how many are left out. */
const firstOf = (texts: readonly string[], { entries, text }: Room): readonly string[] => {
  const kept = texts.slice(0, entries).map((one) => withinJsonOctets(one, text));
  return texts.length <= entries ? kept : [...kept, `… (${texts.length - entries} more)`];
};

/**
 * The lines of a reply by which Postal decides (the first, the last, the one that offers STARTTLS, one too short for a code), then others in order, as far
 * as there is room. The last line kept says how many are left out.
 */
const keptLines = (lines: readonly string[], { lines: most, text }: Room): readonly string[] => {
  const deciding = [
    0,
    lines.length - 1,
    lines.findIndex((line) => /STARTTLS/i.test(line)),
    lines.findIndex((line) => line.length < 3),
  ];
  const kept = new Set(deciding.filter((index) => index >= 0));
  for (const index of lines.keys()) if (kept.size < most) kept.add(index);
  const shown = lines.flatMap((line, index) => (kept.has(index) ? [withinJsonOctets(line, text)] : []));
  const left = lines.length - shown.length;
  const last = shown.at(-1);
  return left <= 0 || last === undefined ? shown : [...shown.slice(0, -1), `${last} … (${left} lines more)`];
};

const shortStage = ({ detail, reply, asRead, unread, ...stage }: Stage, room: Room): Stage => {
  const read = asRead && (asRead.text.endsWith('\n') ? asRead.text.slice(0, -1) : asRead.text).split('\n');
  return {
    ...stage,
    ...(detail === undefined ? {} : { detail: withinJsonOctets(detail, room.text) }),
    ...(unread === undefined ? {} : { unread: withinJsonOctets(unread, room.text) }),
    ...(reply === undefined ? {} : { reply: { ...reply, lines: keptLines(reply.lines, room) } }),
    ...(asRead === undefined || read === undefined
      ? {}
      : {
          asRead: {
            ...asRead,
            text:
              asRead.text === ''
                ? ''
                : keptLines(read, room)
                    .map((line) => `${line}\n`)
                    .join(''),
          },
        }),
  };
};

const shortSession = <Session extends SessionFacts>(session: Session, room: Room): Session => {
  const { banner, tls } = session;
  const offered = session.capabilities.filter((keyword) => /^STARTTLS\b/i.test(keyword)).slice(0, 1);
  const rest = session.capabilities.filter((keyword) => keyword !== offered[0]);
  const { certificate } = tls ?? {};
  return {
    ...session,
    stages: session.stages.map((stage) => shortStage(stage, room)),
    ...(banner === undefined ? {} : { banner: withinJsonOctets(banner, room.text) }),
    capabilities: [...offered, ...firstOf(rest, room)],
    ...(tls === undefined || certificate === undefined
      ? {}
      : {
          tls: {
            ...tls,
            certificate: {
              ...certificate,
              subject: withinJsonOctets(certificate.subject, room.text),
              issuer: withinJsonOctets(certificate.issuer, room.text),
              subjectAltNames: firstOf(certificate.subjectAltNames, room),
            },
          },
        }),
  };
};

/** The first records; one of a type that DNS does not have says how many are left out. */
const firstRecords = (records: DnsAnswer['records'], entries: number): DnsAnswer['records'] => {
  const last = records[entries];
  if (last === undefined) return records;
  return [
    ...records.slice(0, entries),
    { ...last, type: 'left-out', data: `${records.length - entries} records more` },
  ];
};

const shortAnswer = (answer: DnsAnswer, { entries, text }: Room): DnsAnswer => ({
  ...answer,
  records: firstRecords(answer.records, entries).map((record) => ({
    ...record,
    name: withinJsonOctets(record.name, longestName),
    data: withinJsonOctets(record.data, Math.max(text, longestName)),
  })),
});

const shortAddress = (address: AddressReport, room: Room): AddressReport => ({
  ...shortSession(address, room),
  ...(address.further === undefined ? {} : { further: address.further.map((session) => shortSession(session, room)) }),
});

/** Sessions beyond the first are told apart from none by the last one that is kept. */
const firstAddresses = (addresses: readonly AddressReport[], { entries }: Room): readonly AddressReport[] => {
  const kept = addresses.slice(0, entries);
  const last = kept.at(-1);
  const left = addresses.length - kept.length;
  if (left === 0 || last === undefined) return kept;
  const note = `${left} addresses more are left out of the report`;
  return [
    ...kept.slice(0, -1),
    {
      ...last,
      stages: last.stages.map((stage, index) =>
        index === 0 ? { ...stage, detail: stage.detail === undefined ? note : `${stage.detail}; ${note}` } : stage,
      ),
    },
  ];
};

const shortReport = (report: ProbeReport, room: Room): ProbeReport => {
  const { resolution } = report;
  const { entries } = room;
  return {
    ...report,
    resolution: {
      ...resolution,
      answers: resolution.answers.slice(0, 2 * entries).map((answer) => shortAnswer(answer, room)),
      cnameChain: resolution.cnameChain.slice(0, entries).map((name) => withinJsonOctets(name, longestName)),
      addresses: resolution.addresses.slice(0, entries),
      ...(resolution.postalAddresses === undefined
        ? {}
        : { postalAddresses: resolution.postalAddresses.slice(0, entries) }),
    },
    addresses: firstAddresses(
      report.addresses.map((address) => shortAddress(address, room)),
      room,
    ),
  };
};

/**
 * A probe's result in at most `octets` of JSON, whatever the servers said: texts, lines and lists are cut, each with a note of what was left out, in steps
 * until it fits. The lines by which Postal decides are kept, so that the verdict stays.
 */
export const boundedResult = (result: ProbeResult, octets: number = budgets.probe): ProbeResult => {
  if (jsonOctets(result) <= octets) return result;
  if (!result.ok)
    return { ok: false, failure: { ...result.failure, message: withinJsonOctets(result.failure.message, 2_000) } };
  for (const room of rooms) {
    const short: ProbeResult = { ok: true, report: shortReport(result.report, room) };
    if (jsonOctets(short) <= octets) return short;
  }
  const message = `What the servers and the resolver said is too long to be kept (above ${octets} octets).`;
  return { ok: false, failure: { kind: 'unavailable', message } };
};
