import { parseIpAddress } from '../../core/endpoint/ip-address.ts';
import { canonicalName } from '../../core/endpoint/name.ts';
import { postalAddress } from '../../core/postal/look-up.ts';
import { addressesTried, newestKnownRelease } from '../../core/postal/releases.ts';
import type { ProbeRequest, Resolution } from '../../core/probe-report/report.ts';
import { type HowToResolve, resolve } from './resolve.ts';

/**
 * What a hostname would come to if its records were these targets: addresses as they are, in the order in which Postal takes them; a name by asking for it, as
 * the nameserver would for a CNAME's target. Never rejects.
 */
export const resolveTargets = async (
  targets: readonly string[],
  recordTypes: ProbeRequest['recordTypes'],
  how: HowToResolve,
  signal: AbortSignal,
): Promise<Resolution> => {
  const given = targets.flatMap((target) => parseIpAddress(target) ?? []);
  const name = targets.find((target) => parseIpAddress(target) === undefined);
  if (name === undefined) {
    const [ipv6, ipv4] = [6, 4].map((wanted) =>
      given.filter(({ family }) => family === wanted).map(({ text }) => text),
    );
    const found = { ipv6: ipv6 ?? [], ipv4: ipv4 ?? [] };
    return {
      answers: [],
      cnameChain: [],
      addresses: [...found.ipv6, ...found.ipv4],
      postalAddresses: addressesTried(found, how.postal ?? { version: newestKnownRelease }).map(postalAddress),
    };
  }
  const { answers, cnameChain, ...found } = await resolve(name, recordTypes, { ...how, osHostname: undefined }, signal);
  return {
    ...found,
    answers: answers.map((answer) => ({ name, ...answer })),
    cnameChain: [canonicalName(name), ...cnameChain],
  };
};
