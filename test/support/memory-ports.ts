import type { CommandQueue } from '../../lib/app/ports/command-queue.ts';
import type { Ports } from '../../lib/app/ports/ports.ts';
import { cachedUserGroups } from '../../lib/app/ports/user-groups.ts';
import type { Clock } from '../../lib/core/base/clock.ts';
import type { PolicyDocument } from '../../lib/core/policy/policy.ts';
import type { PostalProfile } from '../../lib/core/postal/profile.ts';
import type { ProbeReport, ProbeRequest, ProbeResult } from '../../lib/core/probe-report/report.ts';
import type { HostedZones } from '../../lib/local/route53/hosted-zones.ts';
import type { ZoneSeed } from '../../lib/local/route53/zone.ts';
import { examplePolicy, exampleProfile } from '../core/validation/example-policy.ts';
import { createLogBook } from './log-book.ts';
import { createManualClock } from './manual-clock.ts';
import { createMemoryDestinations } from './memory-destinations.ts';
import { createMemoryFileDownload } from './memory-file-download.ts';
import { createMemoryFileUpload } from './memory-file-upload.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import { createMemoryMessenger } from './memory-messenger.ts';
import { createMemorySlackApp } from './memory-slack-app.ts';
import { createMemoryStateStore } from './memory-state-store.ts';
import { createMemoryWitness } from './memory-witness.ts';
import { createMemoryZoneStore } from './memory-zone-store.ts';
import { encrypted, reply } from './sample-probe.ts';

export const zoneId = 'Z0CORP';

/** The one zone of the example policy. */
export const zoneSeed: ZoneSeed = {
  id: zoneId,
  name: 'corp.internal',
  isPrivate: true,
  vpcs: [{ id: 'vpc-1', region: 'eu-central-1' }],
};

/** A report of addresses that answer with STARTTLS. */
export const healthyReport = (
  { requestId, hostname, port, sslMode }: ProbeRequest,
  ips: readonly string[] = ['10.0.4.12'],
): ProbeReport => ({
  requestId,
  hostname,
  port,
  sslMode,
  startedAt: '2026-03-02T14:02:00.000Z',
  durationMs: 38,
  seenFrom: '10.0.0.7',
  resolution: {
    answers: [{ nameserver: '10.0.0.2', type: 'A', transport: 'udp', rcode: 'NOERROR', records: [], durationMs: 1 }],
    cnameChain: [],
    addresses: [...ips],
  },
  addresses: ips.map((ip) => ({
    ...encrypted(ip),
    port,
    banner: '220 <mx> ESMTP & more',
    stages: encrypted(ip).stages.map((stage) =>
      stage.stage === 'banner' ? { ...stage, reply: reply('220 <mx> ESMTP & more') } : stage,
    ),
  })),
});

/** The addresses that stand at a name; where there are none, one all the same, for tests that are not about that. */
export const addressesStanding = (zones: HostedZones, hostname: string): readonly string[] => {
  const sets = zones.list().flatMap(({ recordSets }) => [...recordSets.values()]);
  const found = sets
    .filter(({ name, type }) => name === hostname && (type === 'AAAA' || type === 'A'))
    .flatMap(({ values }) => values);
  return found.length === 0 ? ['10.0.4.12'] : found;
};

export type MemoryOptions<Queue extends Pick<CommandQueue, 'send'>> = {
  readonly policy?: Partial<PolicyDocument>;
  readonly profile?: Partial<PostalProfile>;
  readonly zones?: readonly ZoneSeed[];
  readonly channels: readonly string[];
  readonly queue: (clock: Pick<Clock, 'now'>) => Queue;
};

/** Every port of the worker in memory, each held to the contract of the real one, and what a test can see of them. Any may be replaced through `over` or a spread. */
export const createMemoryPorts = <Queue extends Pick<CommandQueue, 'send'>>({
  policy,
  profile,
  zones: seeds = [zoneSeed],
  channels,
  queue: createQueue,
}: MemoryOptions<Queue>) => {
  const clock = createManualClock(undefined, { skipsSleep: true });
  const { store, listing, zones } = createMemoryZoneStore({ clock, zones: seeds });
  const ledger = createMemoryLedger();
  const messenger = createMemoryMessenger(clock.now, channels);
  const files = createMemoryFileUpload();
  const givenFiles = createMemoryFileDownload();
  const destinations = createMemoryDestinations();
  const queue = createQueue(clock);
  const { log, logged } = createLogBook();
  const probes: ProbeRequest[] = [];
  const over: { probe: (request: ProbeRequest) => ProbeResult } = {
    probe: (request) => ({
      ok: true,
      report: healthyReport(request, request.targets ?? addressesStanding(zones, request.hostname)),
    }),
  };
  const probe = (request: ProbeRequest): ProbeResult => {
    probes.push(request);
    return over.probe(request);
  };
  const ports: Ports = {
    clock,
    ledger,
    state: createMemoryStateStore(clock),
    zones: store,
    zoneListing: listing,
    prober: { probe: async (request) => probe(request) },
    batchProber: { probeMany: async (requests) => requests.map(probe) },
    messenger,
    files,
    givenFiles,
    charts: { png: async (svg) => Buffer.from(svg) },
    witness: createMemoryWitness(messenger),
    slackApp: createMemorySlackApp(clock),
    destinations,
    queue,
    policy: examplePolicy(policy),
    userGroups: cachedUserGroups({ members: async () => undefined }, clock),
    profile: exampleProfile(profile),
    log,
    random: () => 0.5,
  };
  return { clock, ports, ledger, zones, messenger, files, destinations, givenFiles, queue, probes, over, logged };
};
