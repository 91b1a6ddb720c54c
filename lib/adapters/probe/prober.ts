import type { Clock } from '../../core/base/clock.ts';
import { dnsNameProblem } from '../../core/endpoint/dns-name.ts';
import { insideRanges } from '../../core/policy/ranges.ts';
import { type Encryption, encryptionOf } from '../../core/postal/encryption.ts';
import { parseNameserver } from '../../core/postal/nameserver.ts';
import type { PostalProfile } from '../../core/postal/profile.ts';
import { asPatientAsPostal, longestPatienceMs as usualPatienceMs } from '../../core/probe-report/patience.ts';
import type {
  ProbeReport,
  ProbeRequest,
  ProbeResult,
  Prober,
  Resolution,
  Stage,
} from '../../core/probe-report/report.ts';
import { type Paced, PacketPace, paced, unpaced } from '../dns/packet-pace.ts';
import { resolve } from '../dns/resolve.ts';
import { resolveTargets } from '../dns/resolve-targets.ts';
import { checkMessage } from '../smtp/check-message.ts';
import { SessionSlots } from '../smtp/session-slots.ts';
import type { SessionSettings, Transaction } from '../smtp/session-target.ts';
import { stopwatch } from '../smtp/stopwatch.ts';
import { createTlsTrust, readCertificates } from '../smtp/tls-context.ts';
import { type AddressProbe, probeAsPostal } from './as-postal.ts';
import { SilentAddresses } from './silent-addresses.ts';

export type ProberSettings = {
  /** The part of policy that says where a probe may go; absent on the operator's own machine, where it may go anywhere. */
  readonly policy?: { readonly cidrs: readonly string[]; readonly ports: readonly number[] };
  readonly profile: PostalProfile;
  readonly clock: Clock;
  /** PEM certificates that Postal trusts, where the profile names a file of them; an empty list: it trusts no one. */
  readonly ca?: string | readonly [];
  /** Budget of a connection, and of a TLS handshake; 10 s when absent. */
  readonly connectBudgetMs?: number;
  /** Budget of each silence while a reply is due; 10 s when absent. */
  readonly replyBudgetMs?: number;
  /** Budget of each of these at most where a request asks for Postal's own patience; 35 s when absent. */
  readonly longestPatienceMs?: number;
  /** Sessions at once to one address, over all probes of this prober; 2 when absent. */
  readonly sessionsPerAddress?: number;
  /** Packets to nameservers, over all probes of this prober; as fast as it goes when absent. */
  readonly dnsPace?: { readonly perSecond: number; readonly burst: number };
  /** What Postal does about TLS, where that is not what the request's SSL mode makes it do. */
  readonly encryption?: Encryption;
  /** The message that is delivered, in place of the marked one. */
  readonly message?: string;
};

/** An endpoint has 8 addresses at most; a name that leads to more than this is not probed to its end. */
const maximumAddresses = 32;
const budgetMs = 10_000;

const connectOnly = (ip: string, port: number, connect: Omit<Stage, 'stage' | 'durationMs'>): AddressProbe => ({
  report: { ip, port, stages: [{ stage: 'connect', durationMs: 0, ...connect }], capabilities: [] },
  settles: false,
});

const refusal = (request: ProbeRequest, { policy }: ProberSettings): string | undefined => {
  if (policy === undefined) return undefined;
  if (!policy.ports.includes(request.port)) {
    return `Port ${request.port} is not one that policy allows to probe: ${policy.ports.join(', ')}. Nothing was probed.`;
  }
  const problem = [request.hostname, ...(request.targets ?? [])]
    .map(dnsNameProblem)
    .find((found) => found !== undefined);
  return problem && `The ${problem}. Nothing was probed.`;
};

/** The addresses that Postal tries; if it finds none, those that the name leads to anyway. */
const addressesOf = ({ postalAddresses = [], addresses }: Resolution): readonly string[] =>
  postalAddresses.length > 0 ? postalAddresses : addresses;

const sessionSettingsOf = ({ profile, ca, ...settings }: ProberSettings): SessionSettings => ({
  heloHostname: profile.heloHostname,
  tls: createTlsTrust(typeof ca === 'string' ? readCertificates(ca) : ca),
  connectBudgetMs: settings.connectBudgetMs ?? budgetMs,
  replyBudgetMs: settings.replyBudgetMs ?? budgetMs,
  postalOpenTimeoutMs: profile.openTimeoutSeconds * 1000,
  postalReadTimeoutMs: profile.readTimeoutSeconds * 1000,
});

/** What all probes of a prober have in common. */
type Shared = {
  readonly sessionSettings: SessionSettings;
  readonly slots: SessionSlots;
  readonly silent: SilentAddresses;
  readonly paced: Paced;
};

const sharedOf = (settings: ProberSettings): Shared => ({
  sessionSettings: sessionSettingsOf(settings),
  slots: new SessionSlots(settings.sessionsPerAddress ?? 2),
  silent: new SilentAddresses(),
  paced: settings.dnsPace === undefined ? unpaced : paced(new PacketPace(settings.dnsPace), settings.clock),
});

/** One probe under way. */
class Probe {
  readonly #request: ProbeRequest;
  readonly #settings: ProberSettings;
  readonly #shared: Shared;
  readonly #signal: AbortSignal;
  readonly #mailFrom: string;

  constructor(request: ProbeRequest, settings: ProberSettings, shared: Shared, signal: AbortSignal) {
    this.#request = request;
    this.#settings = settings;
    this.#shared = shared;
    this.#signal = signal;
    this.#mailFrom = request.mailFrom ?? `postal-endpoint@${settings.profile.returnPathDomain}`;
  }

  async run(): Promise<ProbeReport> {
    const startedAt = new Date(this.#settings.clock.now()).toISOString();
    const elapsedMs = stopwatch();
    const { profile } = this.#settings;
    const {
      requestId,
      hostname,
      port,
      sslMode,
      recordTypes,
      recipient,
      deliver = false,
      targets,
      lookUpOnly = false,
    } = this.#request;
    const nameservers = profile.nameservers.map(parseNameserver);
    const how = {
      nameservers,
      dnsTimeoutMs: profile.dnsTimeoutSeconds * 1000,
      osHostname: profile.osHostname,
      postal: profile,
      paced: this.#shared.paced,
    };
    const resolution = await (targets === undefined
      ? resolve(hostname, recordTypes, how, this.#signal)
      : resolveTargets(targets, recordTypes, how, this.#signal));
    const isPostals = resolution.postalAddresses?.length !== 0;
    const probes = lookUpOnly
      ? []
      : recipient === undefined || !isPostals
        ? await this.#survey(resolution)
        : await this.#transact(resolution, this.#transaction(recipient, startedAt));
    const seenFrom = probes.find(({ localAddress }) => localAddress !== undefined)?.localAddress;
    return {
      requestId,
      hostname,
      port,
      sslMode,
      startedAt,
      durationMs: elapsedMs(),
      ...(seenFrom !== undefined && { seenFrom }),
      resolution,
      ...(recipient !== undefined && { transaction: { mailFrom: this.#mailFrom, recipient, deliver } }),
      addresses: probes.map(({ report }) => report),
    };
  }

  #transaction(recipient: string, at: string): Transaction {
    const { requestId, deliver = false } = this.#request;
    const { heloHostname } = this.#settings.profile;
    const mailFrom = this.#mailFrom;
    if (!deliver) return { mailFrom, recipient };
    return {
      mailFrom,
      recipient,
      message: this.#settings.message ?? checkMessage({ mailFrom, recipient, heloHostname, requestId, at }),
    };
  }

  /** Every address, in parallel, each once. */
  #survey(resolution: Resolution): Promise<readonly AddressProbe[]> {
    const distinct = [...new Set(addressesOf(resolution))];
    return Promise.all(distinct.map((ip, index) => this.#probeAddress(ip, index, undefined)));
  }

  /** One address after the other up to the one on which Postal settles, so that each server meets what Postal would make it meet; then the rest. */
  async #transact(resolution: Resolution, transaction: Transaction): Promise<readonly AddressProbe[]> {
    const probes: AddressProbe[] = [];
    const addresses = addressesOf(resolution);
    for (const [index, ip] of addresses.entries()) {
      const probe = await this.#probeAddress(ip, index, transaction);
      probes.push(probe);
      if (probe.settles) break;
    }
    const tried = new Set(addresses.slice(0, probes.length));
    const rest = [...new Set(addresses)].filter((ip) => !tried.has(ip));
    return [
      ...probes,
      ...(await Promise.all(rest.map((ip, index) => this.#probeAddress(ip, probes.length + index, undefined)))),
    ];
  }

  async #probeAddress(ip: string, index: number, transaction: Transaction | undefined): Promise<AddressProbe> {
    const { hostname, port, sslMode, patience } = this.#request;
    const { policy, profile } = this.#settings;
    // Postal's own walk is one connection at a time, and it has no limit.
    const isWalk = transaction !== undefined && policy === undefined;
    if (index >= maximumAddresses && !isWalk)
      return connectOnly(ip, port, {
        status: 'skipped',
        detail: `only the first ${maximumAddresses} addresses are probed`,
      });
    if (policy !== undefined && !insideRanges(ip, policy.cidrs))
      return connectOnly(ip, port, { status: 'failed', reason: 'outside-policy', detail: 'never connected to' });
    const encryption = this.#settings.encryption ?? encryptionOf(sslMode, profile);
    const target = { hostname, ip, port, sslMode, encryption, ...(transaction && { transaction }) };
    const { slots, silent, sessionSettings } = this.#shared;
    const cameMs = performance.now();
    const { longestPatienceMs = usualPatienceMs } = this.#settings;
    const settings = patience === undefined ? sessionSettings : asPatientAsPostal(sessionSettings, longestPatienceMs);
    const meet = (): Promise<AddressProbe> => probeAsPostal(target, settings, this.#signal);
    // A server that hears no TLS where it wants some from the start is silent as well.
    const key = [ip, port, encryption === 'implicit', patience].join(' ');
    const probe = await slots.run(ip, () => silent.since(cameMs, key, meet), this.#signal);
    return (
      probe ??
      connectOnly(ip, port, { status: 'failed', reason: 'deadline', detail: 'the time for the whole probe was over' })
    );
  }
}

/**
 * Makes the prober that stands where Postal stands: resolves the hostname as Postal does, then holds a session with every address, in parallel; with a
 * recipient one after the other in Postal's order, so only the server that Postal would settle on gets them.
 *
 * It connects to no port but policy's and to no address outside policy's ranges, whatever the name resolves to: such an address is
 * reported with the reason `outside-policy`. Its `probe` never rejects, and answers when the request's deadline is over with what it has seen by then.
 * Throws for a nameserver in the profile that is no address (`RangeError`) and for certificates that are not PEM.
 */
export const createProber = (settings: ProberSettings): Prober => {
  for (const nameserver of settings.profile.nameservers) parseNameserver(nameserver);
  const shared = sharedOf(settings);
  return {
    async probe(request, signal) {
      const message = refusal(request, settings);
      if (message !== undefined) return { ok: false, failure: { kind: 'refused', message } };
      const over = new AbortController();
      const end = (): void => over.abort();
      const timeout = setTimeout(end, request.deadlineMs);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();
      try {
        const probe = new Probe(request, settings, shared, over.signal);
        return { ok: true, report: await probe.run() } satisfies ProbeResult;
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        return {
          ok: false,
          failure: { kind: 'unavailable', message: `The prober itself failed: ${cause}. Nothing was checked.` },
        };
      } finally {
        clearTimeout(timeout);
        signal.removeEventListener('abort', end);
      }
    },
  };
};
