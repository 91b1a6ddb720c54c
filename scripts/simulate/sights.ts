import { observe } from '../../lib/app/watch/observe.ts';
import type { Definition } from '../../lib/core/endpoint/definition.ts';
import { parseHostname } from '../../lib/core/endpoint/hostname.ts';
import type { PostalProfile } from '../../lib/core/postal/profile.ts';
import type { ProbeResult } from '../../lib/core/probe-report/report.ts';
import type { Observation } from '../../lib/core/watch/health/observation.ts';
import {
  address,
  answered,
  dnsAnswer,
  dropping,
  encrypted,
  failed,
  passed,
  plain,
  refusing,
  report,
} from '../../test/support/sample-probe.ts';

const ip = '10.0.4.12';
const other = '10.0.4.13';

const unresolved = (rcode: string): ProbeResult => ({
  ok: true,
  report: report([], { resolution: { answers: [dnsAnswer({ rcode })], cnameChain: [], addresses: [] } }),
});
const met = (...addresses: Parameters<typeof report>[0]): ProbeResult => ({ ok: true, report: report(addresses) });

const probes = {
  good: met(encrypted(ip)),
  refused: met(refusing(ip)),
  dropping: met(dropping(ip)),
  banner: met(address(ip, [passed('connect'), answered('banner', '554 5.3.2 no service here')])),
  nxdomain: unresolved('NXDOMAIN'),
  servfail: unresolved('SERVFAIL'),
  degraded: met(encrypted(ip), refusing(other)),
  plaintext: met(plain(ip)),
  greylisted: met(address(ip, [passed('connect'), answered('banner', '451 4.7.1 greylisted, come back later')])),
  outside: met(address(ip, [failed('connect', 'outside-policy')])),
  busy: met(address(ip, [passed('connect'), answered('banner', '421 4.3.2 too many connections')])),
} as const satisfies Record<string, ProbeResult>;

/** What a look can meet. */
export type Sight = keyof typeof probes;

/** Turns what is met into observations by the product's own reading of probe reports, once for each sight. */
export const sightsOf = (profile: PostalProfile, atMs: number): Readonly<Record<Sight, Observation>> => {
  const parsed = parseHostname('mx.corp.internal');
  if (!('hostname' in parsed)) throw new Error('the sample hostname is not valid');
  const definition: Definition = {
    hostname: parsed.hostname,
    targets: { kind: 'addresses', addresses: [ip] },
    port: 25,
    sslMode: 'Auto',
    ttlSeconds: 60,
  };
  const see = (sight: Sight): Observation =>
    observe({ definition, profile, atMs, result: probes[sight], wasEncrypted: true });
  return {
    good: see('good'),
    refused: see('refused'),
    dropping: see('dropping'),
    banner: see('banner'),
    nxdomain: see('nxdomain'),
    servfail: see('servfail'),
    degraded: see('degraded'),
    plaintext: see('plaintext'),
    greylisted: see('greylisted'),
    outside: see('outside'),
    busy: see('busy'),
  };
};
