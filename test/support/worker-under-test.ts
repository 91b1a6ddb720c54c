import type { Outcome, Ports } from '../../lib/app/ports/ports.ts';
import { cachedUserGroups } from '../../lib/app/ports/user-groups.ts';
import type { QueueMessage } from '../../lib/app/queue/message.ts';
import { runMessage } from '../../lib/app/worker/run.ts';
import type { Command } from '../../lib/core/grammar/command.ts';
import { understand } from '../../lib/core/grammar/grammar.ts';
import type { Policy, PolicyDocument } from '../../lib/core/policy/policy.ts';
import type { ProbeReport, ProbeRequest, ProbeResult } from '../../lib/core/probe-report/report.ts';
import type { HostedZones } from '../../lib/local/route53/hosted-zones.ts';
import type { ZoneSeed } from '../../lib/local/route53/zone.ts';
import { examplePolicy, exampleProfile } from '../core/validation/example-policy.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';
import { createMemoryFileUpload } from './memory-file-upload.ts';
import { createMemoryLedger, type MemoryLedger } from './memory-ledger.ts';
import { createMemoryMessenger, type MemoryMessenger } from './memory-messenger.ts';
import { createMemorySlackApp } from './memory-slack-app.ts';
import { createMemoryStateStore } from './memory-state-store.ts';
import { createMemoryWitness } from './memory-witness.ts';
import { createMemoryZoneStore } from './memory-zone-store.ts';
import { encrypted, reply } from './sample-probe.ts';

export const zoneId = 'Z0CORP';

const defaultZone: ZoneSeed = {
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

type Options = {
  readonly policy?: Partial<PolicyDocument>;
  readonly zones?: readonly ZoneSeed[];
  readonly channels?: readonly string[];
};

/** A worker on in-memory ports, driven by command lines. Every port may be replaced through `over`. */
export const workerUnderTest = (options: Options = {}) => {
  const clock: ManualClock = createManualClock(undefined, { skipsSleep: true });
  const { store, listing, zones } = createMemoryZoneStore({ clock, zones: options.zones ?? [defaultZone] });
  const ledger: MemoryLedger = createMemoryLedger();
  const messenger: MemoryMessenger = createMemoryMessenger(clock.now, options.channels ?? ['C0AUDIT', 'C0OTHER']);
  const files = createMemoryFileUpload();
  const queued: QueueMessage[] = [];
  const probes: ProbeRequest[] = [];
  const over: { probe: (request: ProbeRequest) => ProbeResult } = {
    probe: (request) => ({
      ok: true,
      report: healthyReport(request, request.targets ?? addressesStanding(zones, request.hostname)),
    }),
  };
  const logged: string[] = [];
  const note = (message: string, fields?: Record<string, unknown>): void =>
    void logged.push(
      `${message} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.stack : value))}`,
    );
  const policy: Policy = examplePolicy(options.policy);
  const ports: Ports = {
    clock,
    ledger,
    state: createMemoryStateStore(clock),
    zones: store,
    zoneListing: listing,
    prober: {
      probe: async (request) => {
        probes.push(request);
        return over.probe(request);
      },
    },
    batchProber: {
      probeMany: async (requests) => {
        probes.push(...requests);
        return requests.map(over.probe);
      },
    },
    messenger,
    files,
    charts: { png: async (svg) => Buffer.from(svg) },
    witness: createMemoryWitness(messenger),
    slackApp: createMemorySlackApp(clock),
    queue: { send: async (message) => void queued.push(message) },
    policy,
    userGroups: cachedUserGroups({ members: async () => undefined }, clock),
    profile: exampleProfile({ webUrl: 'https://postal.example.com' }),
    log: { info: note, warn: note, error: note },
    random: () => 0.5,
  };
  const actor = (userName: string, channelId: string) => ({
    teamId: 'T0TEAM',
    userId: `U0${userName.toUpperCase()}`,
    userName,
    channelId,
  });
  let serial = 0;

  const message = (
    line: string,
    { user = 'maria', channel = 'C0OTHER', requestId = `request-${++serial}` } = {},
  ): Extract<QueueMessage, { kind: 'command' }> => {
    const understood = understand(line);
    if (understood.kind !== 'command') throw new Error(`not a command: ${line}: ${JSON.stringify(understood)}`);
    const command: Command = understood.command;
    return {
      kind: 'command',
      requestId,
      receivedAt: new Date(clock.now()).toISOString(),
      actor: actor(user, channel),
      replyTo: {
        channelId: channel,
        userId: `U0${user.toUpperCase()}`,
        responseUrl: 'https://hooks.slack.com/commands/1',
      },
      text: understood.text,
      command,
      replaceOriginal: false,
    };
  };

  const work = (queueMessage: QueueMessage, deliveries = 1, with_: Partial<Ports> = {}): Promise<Outcome> =>
    runMessage({ ...ports, ...with_ }, queueMessage, deliveries, {
      atMs: clock.now() + 88_000,
      signal: new AbortController().signal,
    });

  return {
    clock,
    ports,
    ledger,
    zones,
    messenger,
    files,
    queued,
    probes,
    over,
    logged,
    message,
    work,
    /** Works a command line, then whatever it queued. */
    say: async (line: string, who: Parameters<typeof message>[1] = {}): Promise<Outcome> => {
      const outcome = await work(message(line, who));
      for (let next = queued.shift(); next !== undefined; next = queued.shift()) await work(next);
      return outcome;
    },
    /** What the newest ephemeral answer says, its blocks' text included. */
    lastReply: (): string => {
      const reply = messenger.replies.at(-1);
      return reply === undefined ? '' : `${reply.message.text}\n${JSON.stringify(reply.message.blocks)}`;
    },
    kinds: async (stream: string): Promise<string[]> =>
      (await ledger.read(stream, new AbortController().signal)).map(({ body }) => body.kind),
    records: async (hostname: string) => {
      const read = await store.readNames(
        zoneId,
        [hostname, `_postal-endpoint.${hostname}`],
        new AbortController().signal,
      );
      return read.ok ? read.value : [];
    },
  };
};
