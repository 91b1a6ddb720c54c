import type { ProbeResult, SmtpReply } from './report.ts';

/** As much of a saying as a verdict needs. */
const longestSaying = 300;
const capabilitiesKept = 40;

const shortReply = ({ lines, ...reply }: SmtpReply): SmtpReply => ({
  ...reply,
  lines: lines.slice(0, 4).map((line) => line.slice(0, longestSaying)),
});

/** A report with what the servers said cut short: its verdict stays the same. */
export const withShortReplies = (result: ProbeResult): ProbeResult => {
  if (!result.ok) return result;
  const addresses = result.report.addresses.map((address) => ({
    ...address,
    ...(address.banner === undefined ? {} : { banner: address.banner.slice(0, longestSaying) }),
    capabilities: address.capabilities
      .slice(0, capabilitiesKept)
      .map((capability) => capability.slice(0, longestSaying)),
    stages: address.stages.map((stage) => ({
      ...stage,
      ...(stage.reply === undefined ? {} : { reply: shortReply(stage.reply) }),
    })),
  }));
  return { ok: true, report: { ...result.report, addresses } };
};

const octets = (result: ProbeResult): number => Buffer.byteLength(JSON.stringify(result));

/** The result, shortened where it is larger than that; one that is too large even so gives way to a failure that says so. */
export const withinOctets = (result: ProbeResult, largest: number): ProbeResult => {
  if (octets(result) <= largest) return result;
  const short = withShortReplies(result);
  if (octets(short) <= largest) return short;
  const message = `What the servers said is too long to be reported together with other probes (above ${largest} octets). Check this name by itself.`;
  return { ok: false, failure: { kind: 'unavailable', message } };
};
